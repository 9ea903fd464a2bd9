/* An "@" in a comment offers the people who may read the launch. Without JavaScript people type names. */
(() => {
  "use strict";
  const BEGUN = /(?:^|[\s(])@([^\s@][^@\n]{0,40}|)$/;
  let list = null, field = null, asked = 0, wait = 0;

  function close() {
    clearTimeout(wait);
    asked += 1;
    list?.remove();
    field?.removeAttribute("aria-activedescendant");
    field?.removeAttribute("aria-controls");
    list = null;
  }
  const begun = (box) => BEGUN.exec(box.value.slice(0, box.selectionStart))?.[1];
  const chosen = () => list?.querySelector('[aria-selected="true"]');

  function choose(option) {
    for (const one of list.children) one.setAttribute("aria-selected", String(one === option));
    field.setAttribute("aria-activedescendant", option.id);
  }
  function take(option) {
    const end = field.selectionStart;
    const start = end - begun(field).length;
    field.setRangeText(`${option.dataset.name} `, start, end, "end");
    field.focus();
    close();
  }
  async function offer(box) {
    const letters = begun(box);
    if (letters === undefined) return close();
    const mine = ++asked;
    const url = new URL(box.dataset.mentions, location.href);
    url.searchParams.set("q", letters);
    let html;
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (!answer.ok) return;
      html = await answer.text();
    } catch { return; }
    if (mine !== asked || document.activeElement !== box) return;
    const found = new DOMParser().parseFromString(html, "text/html").querySelector(".mentions");
    close();
    if (!found?.children.length) return;
    field = box;
    list = document.importNode(found, true);
    list.id = "mentions";
    box.after(list);
    box.setAttribute("aria-controls", "mentions");
    choose(list.firstElementChild);
  }

  document.addEventListener("input", (event) => {
    const box = event.target.closest?.("[data-mentions]");
    if (!box) return;
    clearTimeout(wait);
    wait = setTimeout(offer, 120, box);
  });
  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== field) return;
    const now = chosen();
    if (event.key === "ArrowDown") choose(now.nextElementSibling ?? list.firstElementChild);
    else if (event.key === "ArrowUp") choose(now.previousElementSibling ?? list.lastElementChild);
    else if (event.key === "Enter" || event.key === "Tab") take(now);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest?.("#mentions > li");
    if (option) { event.preventDefault(); take(option); }
    else if (list) close();
  });
  document.addEventListener("focusout", (event) => { if (event.target === field) close(); });
})();
