/* The link to the server: the state, who is signed in, events as they come. */
async function refresh() {
  const answer = await fetch("/api/state", { cache: "no-store" });
  if (answer.status === 401) sessionOver();
  if (answer.ok) { state = await answer.json(); await keepHour(); show(); }
}

let source = null;
function listen() {
  if (over) return;
  source = new EventSource("/api/events");
  source.addEventListener("state", (event) => { state = JSON.parse(event.data); linkState("live"); show(); keepHour(); });
  source.onopen = () => linkState("live");
  source.onerror = () => {
    linkState("lost");
    watchAsk();
    refresh().catch(() => undefined); // says whether the session is over
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  };
}
