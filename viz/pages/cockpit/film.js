/* The page plays a recording: what it would ask its server is answered from what lies in this file. */
const PACES = [1, 10, 60, 300, 900], TICK_MS = 250;
const index = JSON.parse(byId("film").textContent); // [[ISO time, its hour or null], ...]
const times = index.map(([now]) => Date.parse(now)), zone = (/([+-]\d\d:?\d\d|Z)$/.exec(index[0][0]) || ["Z"])[0];
const film = { at: times[0], frame: 0, playing: false, told: null, opened: null, shownAt: 0 };

async function unroll(name) {
  const packed = atob(byId(`film-${name}`).textContent), raw = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
  return JSON.parse(await new Response(new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip"))).text());
}

/* The moment that stood at a time: the last one that is not later. */
function frameAt(ms) {
  let low = 0, high = times.length - 1;
  while (low < high) { const middle = Math.ceil((low + high) / 2); if (times[middle] <= ms) low = middle; else high = middle - 1; }
  return low;
}

function isoAt(ms) {
  const sign = /([+-])(\d\d):?(\d\d)/.exec(zone), minutes = sign ? Number(sign[1] + "1") * (60 * Number(sign[2]) + Number(sign[3])) : 0;
  return new Date(ms + 60000 * minutes).toISOString().slice(0, 19) + zone;
}

/* The state of the frame, by the clock of the recording. */
function stateOfFilm() {
  const labels = film.told.labels || (film.told.mode === "live" ? "recording" : film.told.labels);
  return { ...film.told, labels, now: isoAt(film.at), busy: null, held: false, speed: film.playing ? pace() : 0 };
}

const answers = {
  "/api/city": () => unroll("city"),
  "/api/me": () => ({ name: null, role: null, pages: [], may: [] }),
  "/health/ready": () => ({ status: "ready", why: "" }),
  "/api/hour": () => unroll(`hour-${index[film.frame][1]}`),
  "/api/state": async () => { await openFrame(); return stateOfFilm(); },
};
async function asked(path) {
  return path in answers ? new Response(JSON.stringify(await answers[path]())) : new Response("{}", { status: 404 });
}

async function openFrame() {
  const frame = film.frame;
  if (film.opened === frame) return;
  const told = (await unroll(`moment-${frame}`)).state;
  if (film.frame === frame) { film.told = told; film.opened = frame; }
}

const pace = () => Number(byId("film-pace").value);

async function seek(ms) {
  film.at = Math.min(Math.max(ms, times[0]), times[times.length - 1]);
  film.frame = frameAt(film.at);
  await openFrame();
  if (!film.told) return;
  state = stateOfFilm();
  await keepHour();
  film.shownAt = performance.now();
  show();
  showFilm();
}

function showFilm() {
  const slider = byId("film-at"), words = `${dayOf(isoAt(film.at))} ${isoAt(film.at).slice(11, 19)}`;
  slider.value = String(Math.round((film.at - times[0]) / 1000));
  slider.setAttribute("aria-valuetext", words);
  byId("film-words").textContent = words;
  const play = byId("film-play"), key = film.playing ? "film.pause" : "film.play";
  play.textContent = film.playing ? "❚❚" : "▶";
  play.dataset.label = key;
  play.title = word(key);
  play.setAttribute("aria-label", word(key));
}

function play(on) {
  film.playing = on;
  if (on && film.at >= times[times.length - 1]) film.at = times[0];
  seek(film.at);
}

/* To where something else was shown: the next moment that was kept, or the one before. */
function change(step) {
  const at = step > 0 ? film.frame + 1 : film.at > times[film.frame] ? film.frame : film.frame - 1;
  film.playing = false;
  seek(times[Math.min(Math.max(at, 0), times.length - 1)]);
}

function listen() {
  linkState("film");
  const slider = byId("film-at"), last = times[times.length - 1];
  slider.max = String(Math.round((last - times[0]) / 1000));
  byId("film-pace").replaceChildren(...PACES.map((times) => { const one = make("option", "", `${times}×`); one.value = times; return one; }));
  byId("film-pace").value = "60";
  byId("film-span").textContent = `${isoAt(times[0]).slice(0, 16).replace("T", " ")} – ${isoAt(last).slice(11, 16)}`;
  slider.addEventListener("input", () => seek(times[0] + 1000 * Number(slider.value)));
  byId("film-play").addEventListener("click", () => play(!film.playing));
  byId("film-before").addEventListener("click", () => change(-1));
  byId("film-after").addEventListener("click", () => change(1));
  byId("film-pace").addEventListener("change", () => seek(film.at));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || /^(TEXTAREA|SELECT|BUTTON|SUMMARY)$/.test(event.target.tagName)) return;
    if (event.key === " ") { event.preventDefault(); play(!film.playing); }
    if (event.key === "[" || event.key === "]") change(event.key === "]" ? 1 : -1);
  });
  setInterval(playOn, TICK_MS);
  showFilm();
  window.cockpitFilm = { seek, times };
}

let walked = performance.now(), walking = false;
async function playOn() {
  if (walking) return;
  const now = performance.now(), past = now - walked;
  walked = now;
  if (!film.playing) return;
  walking = true;
  const at = film.at + Math.min(past, 2000) * pace();
  if (at >= times[times.length - 1]) film.playing = false;
  await seek(at).catch(() => undefined);
  walking = false;
}

function hangUp() { film.playing = false; }
