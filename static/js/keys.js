/* The keyboard. Every key presses something visible: data-key="n" names a key, data-go="l" a key after G.
   Single keys are still while typing, with modifiers and in dialogs; <body data-keys="off"> turns them off. */
(() => {
  "use strict";
  const find = (selector, within = document) => within?.querySelector(selector);
  const typing = (at) => at?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const isSeen = (element) => element.checkVisibility?.() ?? true;

  const rows = () => [...document.querySelectorAll("[data-row]")].filter(isSeen);
  const here = () => document.activeElement?.closest?.("[data-row]") ?? find('[data-row][aria-current="true"]');

  function move(step) {
    const all = rows();
    if (!all.length) {
      press(step > 0 ? "j" : "k");
      return;
    }
    const at = all.indexOf(here());
    const next = all[Math.max(0, Math.min(all.length - 1, at + step))];
    for (const row of all) row.removeAttribute("aria-current");
    next.setAttribute("aria-current", "true");
    (find(".item__text a, .lt__name a, .ib__text a", next) ?? find("a, button", next))?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  /* Who answers a key: the open menu, the drawer, the bar of what is selected, the row, the row's menu, the page. */
  function press(key) {
    const wanted = `[data-key="${CSS.escape(key)}"]`;
    const row = here();
    const list = row?.closest("[data-menu]") ?? null;
    const opener = list && find(".status", row);
    const menu = opener && document.getElementById(list.dataset.menu);
    const inMenu = find(wanted, menu);
    let button = key === "s" && opener ? opener : find(`.menu:popover-open ${wanted}`) ?? find(`.drawer ${wanted}`) 
      ?? (find(".item__ref :checked") && find(`.bulk ${wanted}`)) ?? find(wanted, row ?? null);
    if (!button && inMenu) {
      if (inMenu.matches("summary")) window.readiness.open(menu, row, opener);
      else window.readiness.aim(menu, row);
      button = inMenu;
    }
    button ??= [...document.querySelectorAll(wanted)].filter((one) => !one.closest("[popover]") && isSeen(one)).at(-1);
    if (button?.matches("input:not([type=checkbox]), textarea")) button.focus();
    else button?.click();
    if (button?.matches("summary")) find("input:not([type=hidden]), textarea, select", button.parentElement)?.focus();
    return Boolean(button);
  }

  let afterG = false;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !find(":popover-open, dialog[open]")) find(".drawer [data-close]")?.click();
    if (document.body.dataset.keys === "off" || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.defaultPrevented || typing(event.target) || find("dialog:is([open], :popover-open)")) return;
    if (afterG) {
      afterG = false;
      find(`[data-go="${CSS.escape(event.key)}"]`)?.click();
      return;
    }
    switch (event.key) {
      case "g": afterG = true; setTimeout(() => { afterG = false; }, 900); break;
      case "j": move(1); break;
      case "k": move(-1); break;
      case "x": find('input[type="checkbox"]', here() ?? null)?.click(); break;
      case "/": {
        const box = document.getElementById("q") ?? find(".search__input");
        if (box) { event.preventDefault(); box.focus(); }
        break;
      }
      default: if (event.key.length === 1 && event.key !== " " && press(event.key)) event.preventDefault();
    }
  });
})();
