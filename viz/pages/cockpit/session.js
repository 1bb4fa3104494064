/* The session: it ends when nobody does anything for long, and is said to be over when the server says so. */
const STAY_EVERY_MS = 60000, READY_EVERY_MS = 60000;
let touchedAt = 0, stayedAt = 0, over = false;

function sessionOver() {
  if (over) return;
  over = true;
  hangUp();
  byId("decision").close();
  document.body.dataset.session = "over";
  byId("session").showModal();
}

function touched() {
  const now = performance.now();
  touchedAt = now;
  if (over || !me.idle_s || now - stayedAt < Math.min(STAY_EVERY_MS, me.idle_s * 250)) return;
  stayedAt = now;
  act("/api/me/stay", {});
}

function watchSession() {
  touchedAt = stayedAt = performance.now();
  if (!me.idle_s) return;
  setInterval(() => { if (performance.now() - touchedAt > me.idle_s * 1000) sessionOver(); }, Math.min(5000, me.idle_s * 250));
}

async function signOut() {
  await act("/sign-out", {});
  location.assign("/sign-in");
}

/* Whether the twin can be relied on, beside whether its server answers. */
async function askReady() {
  const at = byId("ready"), stop = new AbortController(), late = setTimeout(() => stop.abort(), 10000);
  try {
    const answer = await asked("/health/ready", { signal: stop.signal });
    const told = answer.status === 503 ? await answer.json().catch(() => ({})) : null;
    at.hidden = !told;
    if (told) at.textContent = [word("desk.not_ready"), language() === 0 ? told.why : ""].filter(Boolean).join(" ");
  } catch (error) {
    at.hidden = !stop.signal.aborted || document.body.dataset.link === "lost";
    at.textContent = word("desk.server_slow");
  } finally {
    clearTimeout(late);
  }
}

function wireSession() {
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, touched, { passive: true });
  byId("sign-out").addEventListener("click", signOut);
  byId("session").addEventListener("cancel", (event) => event.preventDefault());
  byId("session-go").addEventListener("click", () => location.assign("/sign-in"));
  askReady();
  setInterval(askReady, READY_EVERY_MS);
}
