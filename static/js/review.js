/* The room of a review: following the stage, the heartbeat, the clock, the wall. What everyone sees alike comes with
   live.js; here is what differs between readers. All of it works by reloading, too.

   #room    data-page (this page's address), data-device, data-here (where the heartbeat goes), data-in (has a chair)
   #stage   data-item, data-at (where the room is), data-drives, data-is-followed
   The address says where a reader is: without ?item= they follow. */
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const room = byId("room");
  if (!room) return;
  const { device, page } = room.dataset, isWall = device === "wall";
  const stage = () => byId("stage");
  const follows = () => !new URLSearchParams(location.search).has("item");
  const TYPED = "input:not([type=hidden], [type=radio], [type=checkbox]), textarea";
  const BEAT = 15000, SOON = 2000;

  /* ---- Going somewhere: the stage is fetched, and what somebody typed is never lost */
  const isTyped = (field) => field.value !== field.defaultValue;
  const chosen = () => [...stage().querySelectorAll("[name=outcome]:checked")];
  const typed = () => [...stage().querySelectorAll(TYPED)].some(isTyped) || chosen().length > 0;
  const callbacks = {
    beforeNodeMorphed: (old) => old.nodeType !== 1 || !(old.matches(TYPED) && (isTyped(old) || old === document.activeElement)),
    beforeAttributeUpdated: (name, node) => !(name === "open" || (name === "checked" && node.matches("[type=radio]"))),
  };
  let asked = 0;

  async function fetched(url) {
    const mine = ++asked;
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, cache: "no-store" });
    const to = answer.headers.get("HX-Redirect");
    if (to) location.href = to;
    if (!answer.ok || to || mine !== asked) return null;
    const parts = document.createElement("template");
    parts.innerHTML = await answer.text();
    return parts.content;
  }

  function swap(old, fresh) {
    const isSame = old.dataset.item === fresh.dataset.item && window.Idiomorph;
    if (isSame && !isWall && typed() && !fresh.querySelector("#decide")) return; // it is paused: the words stay
    if (isSame) window.Idiomorph.morph(old, fresh, { morphStyle: "outerHTML", ignoreActiveValue: true, callbacks });
    else old.replaceWith(fresh);
    window.htmx?.process(byId(fresh.id));
  }

  /* While an act of this reader is under way its answer has the stage; what comes meanwhile is asked for after it. */
  let sending = 0, isMissed = false;
  const isSent = ({ detail }) => detail.target?.id === "stage";
  document.addEventListener("htmx:beforeSend", (event) => { if (isSent(event)) sending++; });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isSent(event) || --sending || !isMissed) return;
    isMissed = false;
    refetch();
  });

  function arrive(parts) {
    if (sending) isMissed = true;
    if (sending) return;
    const fresh = parts?.querySelector("#stage, .wall__in");
    const old = isWall ? room.isConnected && byId("room") : stage();
    if (!fresh || !old) return;
    if (!isWall && old.dataset.item !== fresh.dataset.item && typed()) {
      hold(fresh);
      return;
    }
    const was = old.dataset.item;
    swap(old, fresh);
    for (const part of parts.querySelectorAll("[hx-swap-oob]")) {
      const here = byId(part.id);
      part.removeAttribute("hx-swap-oob");
      if (here) { here.replaceWith(part); window.htmx?.process(part); }
    }
    if (was !== fresh.dataset.item) say();
    mark();
  }

  /* Who is typing stays, and hears that the room went on. */
  function hold(fresh) {
    let note = byId("held");
    if (!note) {
      note = document.createElement("p");
      note.id = "held";
      note.className = "callout cluster stage__held";
      note.dataset.tone = "blue";
      note.setAttribute("role", "status");
      stage().before(note);
    }
    const link = document.createElement("a");
    link.className = "btn btn--sm";
    link.href = page;
    link.textContent = "Go there";
    link.dataset.follow = "on";
    note.replaceChildren(`The room went on to ${fresh.querySelector(".stage__where .mono")?.textContent ?? "another item"}. What you typed is kept. `, link);
  }

  async function go(url, { push = true, leave = false } = {}) {
    if (push && url !== location.pathname + location.search) history.pushState(null, "", url);
    if (leave) {
      for (const field of stage().querySelectorAll(TYPED)) field.defaultValue = field.value;
      for (const choice of chosen()) choice.checked = false;
    }
    byId("held")?.remove();
    try { arrive(await fetched(url)); } catch { /* the line is down: live.js says so, and loads all when it is back */ }
    beat();
  }
  const again = () => go(location.pathname + location.search, { push: false });
  addEventListener("popstate", again);

  /* One polite sentence for who does not see that the stage moved. */
  function say() {
    const words = byId("now"), where = stage()?.querySelector(".stage__where .mono");
    if (words && where) words.textContent = `Now ${where.textContent} ${byId("stage-h")?.textContent ?? ""}`;
  }

  /* ---- The agenda: what is on this reader's stage, and who looks where */
  function mark() {
    const at = stage()?.dataset.item;
    for (const link of document.querySelectorAll(".agenda .ag")) {
      if (link.dataset.item === at) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    const here = new Map();
    for (const one of document.querySelectorAll("#people [data-at]")) {
      const face = one.querySelector(".avatar")?.cloneNode(true), who = one.querySelector(".roomlist__name")?.firstChild;
      if (!face) continue;
      face.className = face.className.replace("avatar--on", "");
      face.removeAttribute("aria-hidden");
      face.setAttribute("role", "img");
      face.setAttribute("aria-label", who?.textContent.trim() ?? "");
      here.set(one.dataset.at, [...(here.get(one.dataset.at) ?? []), face]);
    }
    if (byId("people"))
      for (const slot of document.querySelectorAll(".agenda .ag__here")) {
        const faces = here.get(slot.parentElement.dataset.item) ?? [];
        if (faces.map((one) => one.textContent).join() !== [...slot.children].map((one) => one.textContent).join())
          slot.replaceChildren(...faces);
      }
  }

  function centre() {
    const now = document.querySelector(".agenda [aria-current]"), list = byId("agenda");
    if (now && list) list.scrollTop = now.offsetTop - list.clientHeight / 2;
  }

  /* ---- What the stream says */
  let soon = 0;
  const refetch = () => { clearTimeout(soon); soon = setTimeout(again, 60); };
  document.addEventListener("live:stage", () => { if (isWall || follows()) again().then(centre); else refetch(); });
  document.addEventListener("live:put", ({ detail: part }) => {
    if (isWall) return;
    if (part.id === `ag-${stage()?.dataset.item}`) refetch();
    if (part.id === "foot") tell(part);
    if (part.id === "foot" && device === "phone") refetch(); // its line at the foot of the page is its own
    mark();
  });
  document.addEventListener("live:absent", ({ detail: part }) => { if (isWall || part.querySelector(".roomlist__gone")) refetch(); });
  document.addEventListener("live:refresh", (event) => {
    const whole = event.detail;
    if (isWall) { event.preventDefault(); arrive(whole.body); return; }
    const fresh = whole?.querySelector("#stage");
    if (!fresh) location.reload();
    else if (sending) isMissed = true;
    else if (stage().dataset.item === fresh.dataset.item || !typed()) swap(stage(), fresh);
    else hold(fresh);
    setTimeout(mark);
  });
  document.addEventListener("live:finished", () => { location.href = page; });

  let verdict = byId("foot")?.dataset.title;
  function tell(foot) {
    if (verdict && foot.dataset.title !== verdict) window.readiness.say(`The verdict is now: ${foot.dataset.title}.`);
    verdict = foot.dataset.title;
  }

  /* ---- Clicks: who drives takes the room along, everyone else looks for themselves */
  document.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey && event.detail || event.defaultPrevented) return;
    const link = event.target.closest("a[data-item], #follow, a[data-follow]");
    if (!link || isWall) return;
    event.preventDefault();
    const item = link.dataset.item;
    if (item && stage().dataset.drives === "true" && byId("move")) {
      const button = document.createElement("button");
      Object.assign(button, { name: "item", value: item, hidden: true });
      byId("move").append(button);
      button.click();
      return;
    }
    if (link.id === "follow" && link.getAttribute("aria-checked") === "true") {
      history.pushState(null, "", `?item=${stage().dataset.item}`); // the place is kept as it is: nothing moves
      link.setAttribute("aria-checked", "false");
      link.href = page;
      stage().dataset.isFollowed = "false";
      for (const field of document.querySelectorAll("input[name=follows]")) field.value = "";
      beat();
      return;
    }
    go(link.getAttribute("href").startsWith("?") ? location.pathname + link.getAttribute("href") : link.href, { leave: true });
  });

  /* The drawer of an item leaves the address alone. */
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    const here = follows() ? page : `${page}?item=${stage().dataset.item}`;
    setTimeout(() => { history.replaceState(null, "", here); again(); });
  });

  /* What is done in the drawer answers with parts of a launch's page: those that are not here are left out. */
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!detail.target?.closest?.("#drawer-slot")) return;
    const answer = document.createElement("template");
    answer.innerHTML = detail.serverResponse;
    for (const part of answer.content.querySelectorAll('[hx-swap-oob="true"]')) if (!byId(part.id)) part.remove();
    detail.serverResponse = answer.innerHTML;
  });

  /* A choice that asks something: the cursor stands in its first field. */
  document.addEventListener("change", ({ target }) => {
    if (target.name !== "outcome" || matchMedia("(pointer: coarse)").matches) return;
    document.querySelector(`[data-for="${CSS.escape(target.value)}"] :is(textarea, input, select)`)?.focus();
  });

  /* After an act the stage is another: the focus is on what it is about, unless it has a place. */
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.target?.id !== "stage") return;
    byId("held")?.remove();
    if (stage().dataset.isFollowed === "true" && !follows()) history.replaceState(null, "", page);
    if (document.activeElement === document.body) byId("stage-h")?.focus({ preventScroll: true });
    if (byId("foot")) tell(byId("foot"));
    mark();
    centre();
    beat();
  });

  /* ---- Still here */
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  let beats = 0;
  function beat() {
    clearTimeout(beats);
    beats = setTimeout(send, 250);
  }
  async function send() {
    if (!room.dataset.here || byId("room").dataset.in !== "true") return;
    const body = new URLSearchParams({ device, item: stage().dataset.item, follows: follows() ? "on" : "" });
    const answer = await fetch(room.dataset.here, { method: "POST", body, headers: { "X-CSRFToken": token(), "HX-Request": "true" }, keepalive: true }).catch(() => null);
    if (answer && answer.status < 500) return;
    clearTimeout(beats);
    beats = setTimeout(send, SOON); // nobody knows of who came until it was heard
  }
  if (!isWall) setInterval(beat, BEAT);

  /* ---- The clock ticks on between what the server says */
  const minutes = (n) => `${String(Math.floor(n / 60)).padStart(2, "0")}:${String(n % 60).padStart(2, "0")}`;
  let known = null, since = 0;
  function tick() {
    const clock = byId("clock");
    if (!clock) return;
    if (known !== clock || clock.dataset.elapsed !== clock.dataset.was) {
      known = clock;
      clock.dataset.was = clock.dataset.elapsed;
      since = performance.now();
    }
    const gone = clock.dataset.isRunning === "true" ? (performance.now() - since) / 1000 : 0;
    const elapsed = Math.floor(Number(clock.dataset.elapsed) + gone), length = Number(clock.dataset.length);
    clock.querySelector("[data-clock]").textContent = minutes(elapsed);
    clock.toggleAttribute("data-is-over", elapsed > length);
    document.querySelector("[data-gone]:is(rect)")?.setAttribute("width", Math.min(100, 100 * elapsed / length).toFixed(1));
    pace(elapsed, length);
  }

  function pace(elapsed, length) {
    const says = document.querySelector("[data-pace]"), tally = byId("dealt");
    const dealt = Number(tally?.dataset.dealt), toDo = Number(tally?.dataset.toDo);
    if (!says || !dealt || !toDo) return;
    document.querySelector("[data-mark]")?.setAttribute("x", (100 * dealt / toDo).toFixed(1));
    const ahead = Math.round((length * dealt / toDo - elapsed) / 60);
    says.textContent = ahead === 0 ? "on time" : ahead > 0 ? `${ahead} min ahead` : `${-ahead} min behind`;
  }
  setInterval(tick, 1000);

  /* ---- The wall stays awake, and has a theme of its own */
  if (isWall) {
    let lock = null;
    const stay = async () => {
      if (document.hidden || !navigator.wakeLock || lock && !lock.released) return;
      try { lock = await navigator.wakeLock.request("screen"); } catch { /* a device that does not let us */ }
    };
    document.addEventListener("visibilitychange", stay);
    stay();
    const shown = () => { for (const one of document.querySelectorAll("[data-flip-theme]")) one.hidden = false; };
    shown();
    new MutationObserver(shown).observe(document.body, { childList: true, subtree: true });
    document.addEventListener("click", ({ target }) => {
      if (!target.closest("[data-flip-theme]")) return;
      const root = document.documentElement;
      const now = root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
      root.dataset.theme = now === "dark" ? "light" : "dark";
    });
  }

  mark();
  centre();
  tick();
  beat();
})();
