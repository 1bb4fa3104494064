/* Whom the page asks: its server. film.js gives the same names, and answers from a recording. */
async function asked(path, more) {
  const { paths } = window.cockpitEarly, early = paths[path];
  delete paths[path];
  return (early && (await early)) || fetch(path, { cache: "no-store", ...more });
}

let source = null;
function listen() {
  if (over) return;
  source = new EventSource("/api/events");
  source.addEventListener("state", (event) => {
    state = JSON.parse(event.data);
    linkState("live");
    if (sameHour()) { show(); return; }
    keepHour().catch(() => undefined).then(() => { if (!sameHour()) show(); }); // a new hour shows itself: one picture, not two
  });
  source.onopen = () => linkState("live");
  source.onerror = () => {
    linkState("lost");
    watchAsk();
    refresh().catch(() => undefined); // says whether the session is over
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  };
}

function hangUp() { if (source) source.close(); }
