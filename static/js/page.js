/* On every page: theme, toasts, the line to the server, the first error of a form.
   Everything here works without it; handlers hang on the document, so swapped parts need no set-up. */
(() => {
  "use strict";
  const root = document.documentElement;
  const toasts = document.getElementById("toasts");

  /* Theme: flip what is shown now, and let the server remember it. */
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-form]");
    if (!form) return;
    event.preventDefault();
    const shown = root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    root.dataset.theme = shown === "dark" ? "light" : "dark";
    const body = new URLSearchParams(new FormData(form));
    body.set("theme", root.dataset.theme);
    fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin", keepalive: true }).catch(() => {});
  });

  /* Toasts leave after a while, but never under the pointer or the focus. */
  const STAY = 10000;
  function leave(toast) {
    if (!toast.isConnected) return;
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, 2000, toast);
    else toast.remove();
  }
  if (toasts) {
    for (const toast of toasts.children) setTimeout(leave, STAY, toast);
    new MutationObserver((changes) => {
      for (const change of changes)
        for (const toast of change.addedNodes) if (toast.nodeType === 1) setTimeout(leave, STAY, toast);
      while (toasts.children.length > 3) toasts.firstElementChild.remove();
    }).observe(toasts, { childList: true });
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dismiss]");
    const toast = button?.closest(".toast");
    if (!toast) return;
    if (button.form) setTimeout(() => { toast.hidden = true; }); // its form is sent first, and hears the answer
    else toast.remove();
  });

  /* Say something in the toasts; words only, never markup. */
  function say(words) {
    const toast = document.createElement("div");
    toast.className = "toast";
    const text = document.createElement("span");
    text.textContent = words;
    toast.append(text);
    toasts?.append(toast);
  }

  /* The line to the server; a page that is live finds out for itself. */
  const line = () => {
    const banner = document.getElementById("connection");
    if (banner && !document.querySelector("body [data-live], body[data-live]")) banner.hidden = navigator.onLine;
  };
  addEventListener("offline", line);
  addEventListener("online", line);
  line();

  /* After a form came back with errors, the first of them has the focus. */
  const toError = (within) => within.querySelector?.('[aria-invalid="true"]')?.focus();
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.xhr?.status === 422) toError(event.detail.elt);
  });
  toError(document);

  window.readiness = { say };
})();
