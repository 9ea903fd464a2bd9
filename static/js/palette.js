/* The command palette: Ctrl K or ⌘ K opens it on every page, whatever single keys are set to.
   The words stay in the input; arrows move a selection that the input names (ARIA combobox). */
(() => {
  "use strict";
  const palette = document.getElementById("palette");
  if (!palette || !window.htmx) return;
  const input = document.getElementById("palette-q");
  const list = document.getElementById("palette-list");
  const said = document.getElementById("palette-said");
  const options = () => [...list.querySelectorAll('[role="option"]')];
  const selected = () => list.querySelector('[aria-selected="true"]');
  const answered = () => list.querySelector("[data-q]")?.dataset.q === input.value.split(/\s+/).filter(Boolean).join(" ");
  let early = null; // the Enter key that came before the answer

  const isMac = /mac|iphone|ipad/i.test(navigator.userAgentData?.platform ?? navigator.platform);
  for (const key of document.querySelectorAll("[data-palette][hidden]")) key.hidden = false;
  if (isMac) for (const key of document.querySelectorAll("[data-modifier]")) key.textContent = "⌘";

  function open() {
    if (palette.open) return;
    palette.showModal();
    input.select();
    htmx.trigger(input, "asked");
  }

  function select(option) {
    for (const one of options()) one.setAttribute("aria-selected", String(one === option));
    if (!option) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", option.id);
    const isFirst = option === options()[0];
    if (isFirst) list.scrollTop = 0; // its heading is seen as well
    else option.scrollIntoView({ block: "nearest" });
  }

  function go(option, inNewTab) {
    if (!option) return;
    if (inNewTab) return void window.open(option.href, "_blank", "noopener");
    const control = option.dataset.press && document.querySelector(option.dataset.press);
    palette.close();
    if (control) control.click();
    else location.assign(option.href);
  }

  document.addEventListener("keydown", (event) => {
    if (!(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (palette.open) palette.close();
    else open();
  });
  document.addEventListener("click", (event) => {
    if (event.target === palette || event.target.closest("[data-close-palette]")) return palette.close();
    const option = event.target.closest("#palette-list [role=option]");
    if (option && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      go(option);
    } else if (event.target.closest("[data-palette]")) {
      event.preventDefault();
      open();
    }
  });

  input.addEventListener("keydown", (event) => {
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      select(all[(all.indexOf(selected()) + step + all.length) % all.length]);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      const inNewTab = event.metaKey || event.ctrlKey;
      if (answered()) go(selected(), inNewTab);
      else early = { inNewTab };
    } else early = null;
  });

  list.addEventListener("htmx:afterSwap", () => {
    select(options()[0]);
    said.textContent = list.querySelector("[data-said]")?.dataset.said ?? "Nothing found";
    if (!early || !answered()) return;
    go(selected(), early.inNewTab);
    early = null;
  });
  palette.addEventListener("close", () => { said.textContent = ""; early = null; });
})();
