/* Copies the text of a field; without JavaScript, or the right to, people select it themselves. */
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    const words = button.querySelector("span");
    const before = words.textContent;
    try {
      await navigator.clipboard.writeText(field.value);
      words.textContent = button.dataset.done;
      setTimeout(() => { words.textContent = before; }, 2000);
    } catch {
      field.select();
    }
  });
})();
