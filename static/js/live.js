/* A page that stays as it is on the server: it reads the stream that data-live names, and morphs in what changed.

   <body data-live="/live/launches/7/" data-live-since="1795430943026825">, as the view says it
   html     elements with an id each, and data-v: put in place of those with this id, unless what is there is newer.
            One that holds the field a person is in waits until they leave it: it is marked is-changed
   refresh  something was missed: the page fetches itself, and the parts with an id and data-live-part are put in place
   poll     the server does not hear of changes now: the same every 5 s, until it says refresh
   end      the right to read this is gone
   Any other event, say `stage`, is sent to the element as live:stage, with its JSON as detail. So are live:put, with
   what was put in place, live:absent, with what has no place, and live:refresh, which a page may prevent.
   It loads idiomorph by itself, which lies beside it in vendor.
   <html data-live> is live, polls, lost or over. data-live-always: read on while nobody sees the page. */
(() => {
  "use strict";
  const host = document.querySelector("[data-live]");
  if (!host || !window.fetch || !window.TextDecoderStream) return;
  const SILENCE = 20000, PATIENCE = 5000, POLL = 5000, SHORTEST = 500, LONGEST = 30000, UNSEEN = 10000;
  const SIGN_IN = "/sign-in/";
  const FIELD = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
  const STAYS = "[data-unsaved], [role=alert], [data-row] form";
  const OWN = new Set(["open", "style", "aria-current", "aria-busy"]); // what the person, or a script, made so
  const root = document.documentElement, banner = document.getElementById("connection");
  const later = new Map();
  let since = host.dataset.liveSince, line = null, heardAt = Date.now(), downSince = Date.now();
  let tries = 0, polls = false, asksAt = 0, isAsking = false, wasLost = null, again = 0, unseen = 0;

  const emit = (name, detail) =>
    host.dispatchEvent(new CustomEvent(`live:${name}`, { bubbles: true, cancelable: true, detail }));

  /* ---- Putting in place */
  const version = (node) => Number(node.dataset?.v ?? NaN);
  const isTyped = (node) => node === document.activeElement
    || (node.matches("input, textarea") && node.value !== node.defaultValue);
  const callbacks = {
    beforeNodeMorphed(old, fresh) {
      if (old.nodeType !== 1) return true;
      if (version(fresh) < version(old) || (old.matches(FIELD) && isTyped(old))) return false;
      if (old.matches(":popover-open, dialog[open]")) return false;
      if (old.matches("[type=checkbox], [type=radio]")) fresh.checked = old.checked;
      return true;
    },
    beforeNodeRemoved: (node) => !node.matches?.(STAYS),
    beforeAttributeUpdated: (name) => !OWN.has(name),
  };

  function put(old, fresh) {
    if (version(fresh) < version(old)) return;
    const at = document.activeElement;
    if (old !== at && old.contains(at) && at.matches(FIELD) && !old.matches("[data-live-part]")) {
      later.set(old.id, fresh);
      old.classList.add("is-changed");
      return;
    }
    const said = verdict();
    window.Idiomorph.morph(old, fresh, { morphStyle: "outerHTML", ignoreActiveValue: true, callbacks });
    const now = document.getElementById(fresh.id);
    if (!now) return;
    now.classList.remove("is-changed");
    window.htmx?.process(now);
    emit("put", now);
    if (verdict() !== said) window.readiness.say(`The verdict is now: ${verdict()}.`);
  }

  const verdict = () => document.querySelector("#verdict h2")?.textContent ?? "";

  function place(html) {
    const parts = document.createElement("template");
    parts.innerHTML = html;
    for (const fresh of [...parts.content.children]) {
      const old = document.getElementById(fresh.id);
      if (!old) emit("absent", fresh);
      else {
        if (old.matches("[data-row]") && version(fresh) > version(old)) flash(fresh.id);
        put(old, fresh);
      }
    }
  }

  function flash(id) {
    setTimeout(() => document.getElementById(id)?.classList.add("is-fresh"));
    setTimeout(() => document.getElementById(id)?.classList.remove("is-fresh"), 1600);
  }

  document.addEventListener("focusout", () => setTimeout(() => {
    for (const [id, fresh] of [...later]) {
      const old = document.getElementById(id);
      if (old?.contains(document.activeElement)) continue;
      later.delete(id);
      if (old) put(old, fresh);
    }
  }));

  /* ---- The page, as it would be loaded now */
  let home = location.href; // an item that is open beside the page has an address of its own
  async function ask() {
    if (isAsking) return;
    isAsking = true;
    if (!document.querySelector("#drawer-slot > *")) home = location.href;
    try {
      const answer = await fetch(home, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (answer.status === 404) return over();
      if (answer.redirected) return elsewhere(new URL(answer.url));
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (emit("refresh", page)) replace(page);
      since = String(Math.max(since, page.querySelector("[data-live]")?.dataset.liveSince ?? 0));
      back();
    } catch {
      if (!line?.isOpen) lost();
    } finally {
      isAsking = false;
      asksAt = Date.now() + POLL;
    }
  }

  function elsewhere(url) {
    if (url.pathname === SIGN_IN) over();
    else location.href = url; // a review that is finished has become its minutes
  }

  const rows = () => new Map([...document.querySelectorAll("[data-row]")].map((row) => [row.id, row.dataset.v ?? row.textContent]));

  function replace(page) {
    for (const fresh of page.querySelectorAll("[data-live-part]")) {
      const old = document.getElementById(fresh.id);
      if (old) put(old, fresh);
    }
  }

  function soon(most) {
    clearTimeout(again);
    again = setTimeout(ask, Math.random() * most);
  }

  /* ---- How it goes */
  function show(state) {
    root.dataset.live = state;
    if (banner) banner.hidden = state !== "lost" && state !== "over";
  }

  function lost() {
    wasLost ??= rows();
    show("lost");
  }

  function back() {
    show(line?.isOpen && !polls ? "live" : "polls");
    if (!wasLost) return;
    const changed = [...rows()].filter(([id, v]) => wasLost.get(id) !== v).length;
    wasLost = null;
    window.readiness.say(`Back online.${changed ? ` ${changed} from others loaded.` : ""}`);
  }

  function over() {
    show("over");
    line?.stop.abort();
    clearInterval(watching);
    const words = banner?.querySelector("p");
    if (words) words.textContent = "This page is no longer live: you are signed out, or may not see it any more.";
    emit("ended");
  }

  /* ---- The stream */
  function hear(block) {
    const data = [];
    let event = "";
    for (const said of block.split("\n")) {
      if (said.startsWith("id: ")) since = said.slice(4);
      if (said.startsWith("event: ")) event = said.slice(7);
      if (said.startsWith("data:")) data.push(said.slice(6));
    }
    if (event === "html") place(data.join("\n"));
    else if (event === "end") over();
    else if (event === "refresh" || event === "poll") {
      polls = event === "poll";
      show(polls ? "polls" : "live");
      if (!polls) soon(1000);
    } else if (event) emit(event, data.length && data[0] ? JSON.parse(data.join("\n")) : null);
  }

  async function listen() {
    if (line || root.dataset.live === "over") return;
    const mine = line = { stop: new AbortController(), isOpen: false };
    try {
      const headers = since ? { "Last-Event-ID": since } : {};
      const answer = await fetch(host.dataset.live, { headers, cache: "no-store", signal: mine.stop.signal });
      if (answer.status === 401 || answer.status === 404) return over();
      if (!answer.ok) throw new Error(answer.status);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ""; ;) {
        const { done, value } = await reader.read();
        if (done) break;
        heardAt = Date.now();
        if (!mine.isOpen) opened(mine);
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop();
        blocks.forEach(hear);
      }
    } catch { /* said below: whatever it was, the line is down */ }
    if (line !== mine) return;
    line = null;
    if (mine.isOpen) downSince = Date.now();
    if (root.dataset.live !== "over" && !unseen)
      setTimeout(listen, Math.min(LONGEST, SHORTEST * 2 ** tries++) * (0.5 + Math.random()));
  }

  function opened(mine) {
    mine.isOpen = true;
    tries = 0;
    polls = false;
    if (wasLost) soon(0);
    else show("live");
  }

  /* ---- Once a second: is anybody there? */
  const watching = setInterval(() => {
    if (unseen) return;
    const now = Date.now();
    if (line?.isOpen && now - heardAt > SILENCE) hangUp();
    const isDown = !line?.isOpen && now - downSince > PATIENCE;
    if ((isDown || polls) && now > asksAt) ask();
  }, 1000);

  function hangUp() {
    line?.stop.abort();
    if (line?.isOpen) downSince = Date.now();
    line = null;
    if (!unseen) setTimeout(listen, SHORTEST);
  }

  addEventListener("offline", hangUp);
  addEventListener("online", () => { tries = 0; listen(); });
  let hiding = 0;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden && !("liveAlways" in host.dataset)) hiding = setTimeout(() => { unseen = Date.now(); hangUp(); }, UNSEEN);
    else if (unseen) {
      unseen = tries = 0;
      downSince = Date.now();
      listen();
    }
  });

  /* A plain form would leave the page for one that cannot be loaded; htmx is held back by rows.js. */
  document.addEventListener("submit", (event) => {
    if (root.dataset.live !== "lost" || event.target.method !== "post" || event.target.matches("[hx-post]")) return;
    event.preventDefault();
    window.readiness.say("Not saved. There is no connection. What you typed is kept on this screen.");
  }, true);

  const morphing = document.createElement("script");
  morphing.src = new URL("../vendor/idiomorph-0.7.4.min.js", document.currentScript.src);
  morphing.addEventListener("load", listen);
  document.head.append(morphing);
  window.readiness.put = put;
})();
