/* Whether the twin can be relied on, beside whether its server answers. */
const READY_EVERY_MS = 60000;

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

function wireReady() {
  askReady();
  setInterval(askReady, READY_EVERY_MS);
}
