/* The list of launches while it is live: rows change where they stand, and nothing moves under the pointer.
   What would move, come or go is counted beside a link that loads the page again.

   <table data-sort="date"> of <tr id="launch-7" data-at="1764950400" data-score="0.775">
   <div id="moved" hidden> with <p> for the words, and the link */
(() => {
  "use strict";
  const moved = new Set();
  const rows = (within = document) => [...within.querySelectorAll(".lt__row")];
  const table = () => document.querySelector(".lt");
  const chosen = () => document.querySelector("#verdicts input:checked")?.value ?? "";
  const shape = (row) => row.querySelector(".lt__verdict [data-verdict]")?.dataset.verdict;
  let known = new Map();

  const note = (row) => known.set(row.id, { at: row.dataset.at, score: row.dataset.score, shape: shape(row) });
  function start() {
    known = new Map();
    rows().forEach(note);
    moved.clear();
    say();
  }

  function say() {
    const place = document.getElementById("moved");
    if (!place) return;
    place.hidden = moved.size === 0;
    place.querySelector("p").textContent = `${moved.size} ${moved.size === 1 ? "row" : "rows"} moved.`;
    place.querySelector("a").href = location.href;
  }

  /* Whether a row belongs elsewhere than where it stands. */
  function belongsElsewhere(row) {
    const was = known.get(row.id), sort = table()?.dataset.sort;
    if (was.at === row.dataset.at && was.score === row.dataset.score && was.shape === shape(row)) return false;
    if (chosen() && was.shape !== shape(row)) return true;
    if (sort === "date") return was.at !== row.dataset.at;
    if (sort !== "readiness") return false;
    const [before, after] = [row.previousElementSibling, row.nextElementSibling].map((one) => one?.dataset.score);
    const mine = Number(row.dataset.score || -1);
    return (before !== undefined && Number(before || -1) < mine) || (after !== undefined && Number(after || -1) > mine);
  }

  /* Whether a launch that is not on this page should be: only where nothing else narrows it. */
  function belongsHere(row) {
    if (document.querySelector(".lt__on") || new URLSearchParams(location.search).has("after")) return false;
    if (!document.querySelector(".lt__pages [data-next]")) return true;
    const last = rows().at(-1)?.dataset, sort = table()?.dataset.sort;
    if (sort === "date") return Number(row.dataset.at) <= Number(last?.at);
    return sort === "readiness" && Number(row.dataset.score || -1) >= Number(last?.score || -1);
  }

  document.addEventListener("live:put", ({ detail: row }) => {
    if (!row.matches(".lt__row")) return;
    if (known.has(row.id) && belongsElsewhere(row)) moved.add(row.id);
    say();
  });
  document.addEventListener("live:absent", ({ detail: row }) => {
    if (row.matches(".lt__row") && belongsHere(row)) moved.add(row.id);
    say();
  });
  document.addEventListener("live:gone", ({ detail }) => {
    if (document.getElementById(`launch-${detail.pk}`)) moved.add(`launch-${detail.pk}`);
    say();
  });

  /* Something was missed: rows that are on the page change in place, the others are counted. */
  document.addEventListener("live:refresh", (event) => {
    const fresh = rows(event.detail);
    if (!table() || !fresh.length) return;
    event.preventDefault();
    const order = rows().map((row) => row.id), anew = fresh.map((row) => row.id);
    for (const row of fresh) {
      const old = document.getElementById(row.id);
      if (old) window.readiness.put(old, row);
    }
    for (const id of [...order, ...anew]) if (!order.includes(id) || !anew.includes(id)) moved.add(id);
    say();
  });

  /* A point of the runway: its date stays, and its label and tail go along. */
  document.addEventListener("live:point", ({ detail: { pk, y, shape: now, says } }) => {
    const point = document.querySelector(`.runway .pt[href="/launches/${pk}/"]`);
    const glyph = point?.querySelector(".g");
    if (!glyph) return;
    const by = y - 10 - Number(glyph.getAttribute("y"));
    const label = point.querySelector(".lb"), tail = point.querySelector(".tail"), face = glyph.querySelector("use");
    glyph.setAttribute("y", String(y - 10));
    face.setAttribute("href", face.getAttribute("href").replace(/#.*/, `#v-${now}`));
    label?.setAttribute("y", String(Number(label.getAttribute("y")) + by));
    tail?.setAttribute("y2", String(y));
    point.dataset.verdict = now;
    point.querySelector("title").textContent = says;
  });

  document.addEventListener("htmx:afterSwap", ({ detail }) => { if (detail.target?.id === "launch-table") start(); });
  start();
})();
