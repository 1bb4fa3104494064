/* Whom the page asks: its server. film.js gives the same names, and answers from a recording. */
async function asked(path, more) {
  const { paths } = window.cockpitEarly, early = paths[path];
  delete paths[path];
  return (early && (await early)) || fetch(path, { cache: "no-store", ...more });
}

const SILENT_MS = 20000;
let source = null, heardAt = 0, watching = 0;
function listen() {
  if (over) return;
  source = new EventSource("/api/events");
  heardAt = Date.now();
  watching = watching || setInterval(watchStream, SILENT_MS / 4);
  source.addEventListener("state", (event) => {
    heardAt = Date.now();
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

/* A stream may die without a word, in a proxy or a network that went. After a while of silence the state is asked for; a
   stream that kept news back is opened anew, so that no wall shows an old city as live. */
async function watchStream() {
  if (over || !source || source.readyState !== EventSource.OPEN || Date.now() - heardAt < SILENT_MS) return;
  heardAt = Date.now();
  const before = JSON.stringify(state);
  try {
    await refresh();
    if (over) return;
    linkState("live");
    if (JSON.stringify(state) === before) return;
    source.close();
    listen();
  } catch (error) {
    linkState("lost");
    watchAsk();
  }
}

function hangUp() { if (source) source.close(); }
