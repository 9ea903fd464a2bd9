/* Selected rows: counted, a section at a time, asked about in a menu above the bar.
   CSS shows the bar as soon as a row is checked, and its form sends the rows without any of this.

   A row:     <label class="item__ref"><input type="checkbox" form="bulk" name="items" value="7.3">1.1</label>
   A section: <input class="sec__all" type="checkbox" form="bulk" name="items" value="7.3 8.1">
   The bar:   <form class="bulk" id="bulk">, what it asks arrives in <div popover id="bulk-ask">; empty, it is done */
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const boxes = (within = document) => [...within.querySelectorAll(".item__ref input")];
  const sections = [...document.querySelectorAll(".sec__all")];
  let first = "", asked = null;

  for (const all of sections) all.removeAttribute("name"); // its rows are checked instead, and say their versions

  function count() {
    const chosen = boxes().filter((box) => box.checked);
    const out = document.querySelector(".bulk__n");
    if (out) out.textContent = chosen.length ? `${chosen.length} selected` : "";
    first = chosen[0]?.closest("[data-row]").id ?? first;
    for (const all of sections) {
      const own = boxes(all.closest(".sec"));
      const checked = own.filter((box) => box.checked).length;
      all.checked = checked > 0 && checked === own.length;
      all.indeterminate = checked > 0 && checked < own.length;
    }
  }

  const back = () => byId(first)?.querySelector(".item__text a")?.focus({ preventScroll: true });

  document.addEventListener("change", (event) => {
    const all = event.target;
    if (all.matches(".sec__all")) for (const box of boxes(all.closest(".sec"))) box.checked = all.checked;
    if (all.matches(".item__ref input, .sec__all")) count();
  });
  document.addEventListener("reset", (event) => { if (event.target.id === "bulk") setTimeout(() => { count(); back(); }); });
  document.addEventListener("keydown", (event) => {
    const isOpen = document.querySelector(":popover-open, dialog[open], .drawer");
    if (event.key === "Escape" && !isOpen && boxes().some((box) => box.checked)) byId("bulk")?.reset();
  });

  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.elt.closest("#bulk")) asked = detail.triggeringEvent?.submitter ?? detail.elt;
    if (detail.elt.matches("[data-once]")) detail.parameters.key = window.readiness.fresh();
  });
  for (const change of ["htmx:oobAfterSwap", "live:put"]) document.addEventListener(change, count);
  document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
    if (target.id !== "bulk-ask") return;
    if (!target.firstElementChild) {
      target.hidePopover?.();
      back();
      return;
    }
    target.showPopover?.();
    window.readiness.place(target, asked ?? byId("bulk"));
    (target.querySelector('[aria-invalid="true"]') ?? target.querySelector("input:not([type=hidden]), select, textarea"))?.focus();
  });

  count();
})();
