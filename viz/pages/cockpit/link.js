/* The link to the server: the state, who is signed in, events as they come. */
async function refresh() {
  const answer = await fetch("/api/state", { cache: "no-store" });
  if (answer.status === 401) location.assign("/sign-in");
  if (answer.ok) { state = await answer.json(); show(); }
}

async function knowMe() {
  const answer = await fetch("/api/me");
  const me = answer.ok ? await answer.json() : {};
  window.cityNav(me.pages);
  if (me.name) { byId("who").value = me.name; byId("who").readOnly = true; }
}

function listen() {
  const source = new EventSource("/api/events");
  source.addEventListener("state", (event) => { state = JSON.parse(event.data); linkState("live"); show(); });
  source.onopen = () => linkState("live");
  source.onerror = () => {
    linkState("lost");
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  };
}
