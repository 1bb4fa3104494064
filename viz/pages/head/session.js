/* The session: it ends when nobody does anything for long, in every tab at once, and is said to be over when the server says so. */
const STAY_EVERY_MS = 60000, LEFT = "citytwin-left", TOUCHED = "citytwin-touched", BACK = "citytwin-back";
let touchedAt = 0, stayedAt = 0, over = false, hangUpAll = null;

function sessionOver() {
  if (over) return;
  over = true;
  if (hangUpAll) hangUpAll();
  document.body.dataset.session = "over";
  byId("session").showModal();
}

const tellServer = (path) => fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" }).catch(() => null);
function tellTabs(key) { try { localStorage.setItem(key, String(Date.now())); } catch { /* other tabs find out by themselves */ } }

async function touched() {
  const now = performance.now();
  touchedAt = now;
  if (over || !me.idle_s || now - stayedAt < Math.min(STAY_EVERY_MS, me.idle_s * 250)) return;
  stayedAt = now;
  tellTabs(TOUCHED);
  const answer = await tellServer("/api/me/stay");
  if (answer && answer.status === 401) sessionOver();
}

function watchSession() {
  touchedAt = stayedAt = performance.now();
  if (!me.idle_s) return;
  setInterval(() => { if (performance.now() - touchedAt > me.idle_s * 1000) sessionOver(); }, Math.min(5000, me.idle_s * 250));
}

async function signOut() {
  await tellServer("/sign-out");
  tellTabs(LEFT);
  location.assign("/sign-in");
}

/* Whoever signs in again is back where they were. */
function signInAgain() {
  try { sessionStorage.setItem(BACK, location.pathname + location.hash); } catch { /* then at the front page */ }
  location.assign("/sign-in");
}

async function askWhetherOver() {
  if (!me.name || over || document.hidden) return;
  const answer = await asked("/api/me").catch(() => null);
  if (answer && answer.status === 401) sessionOver();
}

function wireSession(end) {
  hangUpAll = end;
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, touched, { passive: true });
  document.addEventListener("visibilitychange", askWhetherOver);
  window.addEventListener("storage", (event) => {
    if (event.key === TOUCHED) touchedAt = performance.now();
    if (event.key === LEFT && me.name) sessionOver();
  });
  byId("sign-out").addEventListener("click", signOut);
  byId("session").addEventListener("cancel", (event) => event.preventDefault());
  byId("session-go").addEventListener("click", signInAgain);
}
