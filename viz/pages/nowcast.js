/* The nowcast's map: a slider over what was seen and what may come, a choice of what to show, and a play button. */
const rain = JSON.parse(document.getElementById("rain-data").textContent);
const moment = document.getElementById("rain-moment");
const shown = document.getElementById("rain-picture");
const way = document.getElementById("rain-way");
let playing = 0;
const drawRain = () => {
  const at = Number(moment.value);
  const layer = document.querySelector("input[name=rain-layer]:checked").value;
  const ahead = at - rain.observed.length;
  shown.setAttribute("href", ahead < 0 ? rain.observed[at] : rain.layers[layer][ahead]);
  const minutes = rain.minutes[at];
  document.getElementById("rain-at").textContent = `${rain.times[at]} ${rain.zone}`;
  document.getElementById("rain-lead").textContent = `${minutes > 0 ? "+" : ""}${minutes} min`;
  document.getElementById("rain-lead").className = ahead < 0 ? "" : "ahead";
  for (const one of document.querySelectorAll("[data-seen]")) one.hidden = (one.dataset.seen === "yes") !== ahead < 0;
  const chance = ahead >= 0 && layer.startsWith("chance");
  for (const one of document.querySelectorAll("[data-scale]")) one.hidden = (one.dataset.scale === "rain.scale_chance") !== chance;
  way.style.display = document.getElementById("rain-arrows").checked ? "" : "none";
};
const stop = () => { clearInterval(playing); playing = 0; document.getElementById("rain-play").textContent = "▶"; };
document.getElementById("rain-play").addEventListener("click", () => {
  if (playing) return stop();
  document.getElementById("rain-play").textContent = "❚❚";
  playing = setInterval(() => {
    moment.value = Number(moment.value) >= Number(moment.max) ? 0 : Number(moment.value) + 1;
    drawRain();
  }, 400);
});
moment.addEventListener("input", () => { stop(); drawRain(); });
for (const one of document.querySelectorAll("input[name=rain-layer], #rain-arrows")) one.addEventListener("change", drawRain);
drawRain();
const course = document.querySelector(".rain-chart").parentElement;
course.scrollLeft = course.scrollWidth;
window.rainReady = true;
