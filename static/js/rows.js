/* Rows of a list: the status menu, saving, what could not be saved, the focus after a swap.

   A row:    <li data-row id="item-7" data-v="3" data-status="in_progress">
   Its item: <a href="/items/7/" hx-get>, asked for where it leads
   Its menu: <a class="status" href="/items/7/">, a link that works by itself, in a list with data-menu="status-menu"
   The menu: one popover per page. What it holds is aimed at a row when it opens:
             <form data-act="/items/0/sign-off/" hx-post="/items/0/sign-off/"> gets the row's id for 0, the row as
             target, and sends the row's version and a new key with what it holds;
             <a data-act="/items/0/progress/"> gets its href. On a row with data-signoff="9" a part with
             data-act-signed="/sign-offs/0/withdraw/" gets that address, and [data-if-signed] is shown.
   Drawer:   <div id="drawer-slot"> receives it, <a data-close href="..."> shuts it. */
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
  let aimed = null;

  /* ---- The status menu */
  function aim(menu, row) {
    aimed = row;
    const { signoff, status, v } = row.dataset, item = row.id.slice("item-".length);
    for (const part of menu.querySelectorAll("[data-act]")) {
      const isSigned = signoff && part.dataset.actSigned;
      const path = (isSigned ? part.dataset.actSigned : part.dataset.act).replace("/0/", `/${isSigned ? signoff : item}/`);
      if (part.matches("a")) part.href = path;
      if (part.matches("form")) {
        part.reset();
        part.action = path;
      }
      for (const verb of ["hx-get", "hx-post"]) if (part.hasAttribute(verb)) part.setAttribute(verb, path);
      if (part.hasAttribute("hx-post")) part.setAttribute("hx-target", `#${row.id}`);
      window.htmx?.process(part);
    }
    for (const note of menu.querySelectorAll("[data-if-signed]")) note.hidden = !signoff;
    for (const fold of menu.querySelectorAll("details")) fold.open = false;
    for (const choice of choices(menu)) {
      if (choice.dataset.status === status) choice.setAttribute("aria-current", "true");
      else choice.removeAttribute("aria-current");
    }
  }

  function place(menu, beside) {
    if (matchMedia("(width < 40rem)").matches) { menu.style.cssText = ""; return; }
    const box = beside.getBoundingClientRect();
    const high = menu.offsetHeight, wide = menu.offsetWidth;
    const below = box.bottom + 5 + high < innerHeight;
    menu.style.margin = "0";
    menu.style.inset = "auto";
    menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - wide - 8))}px`;
    menu.style.top = `${below ? box.bottom + 5 : Math.max(8, box.top - high - 5)}px`;
  }

  const choices = (menu) => [...menu.querySelectorAll(".menu__item")];

  function open(menu, row, beside) {
    aim(menu, row);
    menu.showPopover();
    place(menu, beside);
    choices(menu)[0]?.focus();
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-menu] .status");
    const menu = opener && byId(opener.closest("[data-menu]").dataset.menu);
    const row = opener?.closest("[data-row]");
    if (!menu?.showPopover || !row || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    open(menu, row, opener);
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".menu");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!menu || !step || event.target.matches("input, textarea, select")) return;
    event.preventDefault();
    const all = choices(menu);
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
  });

  /* A choice that asks something unfolds in place, and the cursor stands in its field. */
  document.addEventListener("toggle", (event) => {
    const menu = event.target.matches("details") && event.target.closest(".menu");
    if (!menu || !event.target.open) return;
    for (const other of menu.querySelectorAll("details")) if (other !== event.target) other.open = false;
    const opener = aimed?.querySelector(".status");
    if (opener) place(menu, opener);
    event.target.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  }, true);

  /* The same in an item's panel, when it was a key that unfolded the form; an error keeps the focus. */
  document.addEventListener("toggle", (event) => {
    const form = event.target.open && event.target.matches(".panel details") && event.target;
    if (form && !form.querySelector("[aria-invalid]"))
      form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  }, true);

  document.addEventListener("submit", (event) => {
    const menu = event.target.closest(".menu");
    if (menu) setTimeout(() => menu.hidePopover?.());
  });

  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const { elt, parameters } = detail;
    if (elt.matches("a[hx-get='']")) detail.path = elt.pathname;
    if (elt.matches("[data-act]") && aimed) {
      parameters.v = aimed.dataset.v;
      parameters.key = fresh();
    }
  });

  /* ---- Saving: say so after 150 ms */
  const slow = new WeakMap();
  const waits = (detail) => detail.target?.closest?.("[data-row]") ?? detail.target;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { detail } = event, place = waits(detail);
    if (document.documentElement.dataset.live === "lost" && detail.requestConfig.verb !== "get") {
      event.preventDefault();
      keep(detail, "Not saved. There is no connection.");
      return;
    }
    place?.querySelector?.("[data-unsaved]")?.remove();
    slow.set(detail.xhr, setTimeout(() => place?.setAttribute("aria-busy", "true"), 150));
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    clearTimeout(slow.get(detail.xhr));
    waits(detail)?.removeAttribute("aria-busy");
  });

  /* ---- Not saved: the change stays where it happened, and can be sent again */
  function again(detail) {
    const { verb, path, formData } = detail.requestConfig;
    window.htmx.ajax(verb, path, {
      source: detail.target, target: detail.target, values: Object.fromEntries(formData),
      swap: detail.elt.getAttribute("hx-swap") ?? "outerHTML",
    });
  }

  function keep(detail, because = "Not saved. The server did not answer.") {
    const row = detail.target?.closest?.("[data-row]");
    const text = row?.querySelector(".item__text, .ib__text");
    if (!text) {
      window.readiness.say(because);
      return;
    }
    const note = document.createElement("p");
    note.className = "item__note";
    note.dataset.tone = "red";
    note.dataset.unsaved = "";
    note.setAttribute("role", "alert");
    const words = document.createElement("span");
    words.textContent = `${because} Your tick is kept on this screen.`;
    const button = document.createElement("button");
    button.className = "btn btn--sm";
    button.type = "button";
    button.textContent = "Try again";
    button.addEventListener("click", () => again(detail));
    note.append(words, button);
    row.querySelector("[data-unsaved]")?.remove();
    text.append(note);
  }

  for (const failure of ["htmx:sendError", "htmx:timeout"])
    document.addEventListener(failure, ({ detail }) => keep(detail));
  document.addEventListener("htmx:responseError", ({ detail }) => {
    const status = detail.xhr.status;
    if (status >= 500) keep(detail);
    else if (status === 403) window.readiness.say("Not saved. You may not do this, or the page is too old: load it again.");
    else if (status === 404) window.readiness.say("This is no longer here. Load the page again.");
    else if (status !== 401) window.readiness.say("Not saved. The server could not read this.");
  });

  /* ---- The focus stays where the person is */
  let kept = null;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const row = detail.target?.closest?.("[data-row]");
    const at = document.activeElement;
    if (!row?.id || !(row.contains(at) || row === aimed || at === document.body)) return;
    kept = { id: row.id, current: row.getAttribute("aria-current"), checked: row.querySelector(".item__ref input")?.checked };
    if (row === aimed) aimed = null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const row = kept && byId(kept.id);
    if (!row) return;
    if (kept.current) row.setAttribute("aria-current", kept.current);
    const box = row.querySelector(".item__ref input");
    if (box && kept.checked) box.checked = true;
    if (!document.activeElement || document.activeElement === document.body)
      (row.querySelector(".status:is(a, button)") ?? row.querySelector("a, button"))?.focus({ preventScroll: true });
    kept = null;
  });

  /* ---- The drawer */
  let from = null;
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target?.id !== "drawer-slot") return;
    from ??= detail.requestConfig?.elt?.closest("[data-row]")?.id ?? "";
    const drawer = detail.target.querySelector(".drawer");
    drawer?.focus();
    document.title = drawer?.dataset.title ?? document.title;
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-close]");
    if (!link || from === null || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    byId("drawer-slot").replaceChildren();
    history.replaceState(null, "", link.href);
    byId(from)?.querySelector(".item__text a, .ib__text a")?.focus();
    from = null;
  });

  Object.assign(window.readiness, { aim, open, place, fresh });
})();
