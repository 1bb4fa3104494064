"use strict";
// The map of a visitor day: paths in bands of density, sites as full as they are, one hour at a time.
(() => {
  const day = JSON.parse(document.getElementById("day-data").textContent);
  const canvas = document.getElementById("day-canvas");
  const slider = document.getElementById("day-hour");
  const shown = document.getElementById("day-clock");
  const play = document.getElementById("day-play");
  const style = getComputedStyle(document.documentElement);
  const bands = ["green", "yellow", "orange", "red", "emergency"].map((b) => style.getPropertyValue(`--band-${b}`));
  const limit = style.getPropertyValue("--crowd-limit"), blue = style.getPropertyValue("--crowd-forecast");
  const wide = 1000, zoom = 2;
  canvas.width = wide * zoom;
  canvas.height = day.tall * zoom;
  const ink = canvas.getContext("2d");
  ink.scale(zoom, zoom);
  ink.lineJoin = ink.lineCap = "round";
  const most = Math.max(1, ...day.sites.map((s) => Math.max(...s.in)));

  const trace = (flat) => {
    ink.beginPath();
    for (let i = 0; i < flat.length; i += 2) ink.lineTo(flat[i], flat[i + 1]);
  };
  const paths = (hour, band, width, colour) => {
    ink.lineWidth = width;
    ink.strokeStyle = colour;
    const digits = day.bands[hour];
    for (let i = 0; i < day.paths.length; i++) {
      if (digits.charCodeAt(i) - 48 === band) {
        trace(day.paths[i]);
        ink.stroke();
      }
    }
  };
  const site = (s, hour) => {
    const people = s.in[hour];
    if (!people) return;
    const radius = 4 + 22 * Math.sqrt(people / most), [x, y] = s.at;
    const full = s.holds ? people / s.holds : 0;
    ink.lineWidth = 2;
    ink.strokeStyle = full >= 1 ? limit : blue;
    ink.beginPath();
    ink.arc(x, y, radius, 0, 7);
    ink.fillStyle = "rgba(255,255,255,.55)";
    ink.fill();
    ink.stroke();
    if (full) {
      ink.globalAlpha = 0.6;
      ink.fillStyle = full >= 1 ? limit : blue;
      ink.beginPath();
      ink.arc(x, y, radius * Math.sqrt(Math.min(1, full)), 0, 7);
      ink.fill();
      ink.globalAlpha = 1;
    }
  };
  const labels = (hour) => {
    const size = Math.round(15 * Math.min(2.4, Math.max(1, 800 / Math.max(canvas.clientWidth, 1))));
    const there = day.sites.filter((s) => s.in[hour] > 0).sort((a, b) => b.in[hour] - a.in[hour]).slice(0, size > 20 ? 3 : 6);
    ink.font = `600 ${size}px system-ui, sans-serif`;
    ink.lineWidth = 4;
    ink.strokeStyle = "rgba(255,255,255,.9)";
    ink.fillStyle = "#14181f";
    ink.textAlign = "center";
    const taken = [];
    for (const s of there) {
      const words = `${s.name} ${s.in[hour].toLocaleString("en")}`, half = ink.measureText(words).width / 2;
      const x = Math.min(wide - half - 4, Math.max(half + 4, s.at[0]));
      const y = Math.max(size + 1, s.at[1] - 8 - 22 * Math.sqrt(s.in[hour] / most));
      if (taken.some(([a, b, c]) => Math.abs(b - y) < size + 3 && Math.abs(a - x) < half + c)) continue;
      taken.push([x, y, half]);
      ink.strokeText(words, x, y);
      ink.fillText(words, x, y);
    }
  };
  const draw = (hour) => {
    ink.clearRect(0, 0, wide, day.tall);
    ink.fillStyle = "#cfe3f1";
    for (const ring of day.water) {
      trace(ring);
      ink.fill();
    }
    paths(hour, 0, 0.9, "#c9ccd2");
    bands.forEach((colour, i) => paths(hour, i + 1, [1.6, 3, 4, 5, 6][i], colour));
    for (const s of day.sites) site(s, hour);
    labels(hour);
    shown.textContent = day.hours[hour];
  };
  slider.max = day.hours.length - 1;
  const busy = day.bands.map((row) => [...row].reduce((sum, digit) => sum + 10 ** (digit - 2), 0));
  slider.value = busy.indexOf(Math.max(...busy));
  slider.addEventListener("input", () => draw(Number(slider.value)));
  let timer = 0;
  play.addEventListener("click", () => {
    if (timer) {
      clearInterval(timer);
      timer = 0;
      return;
    }
    timer = setInterval(() => {
      slider.value = (Number(slider.value) + 1) % day.hours.length;
      draw(Number(slider.value));
    }, 900);
  });
  addEventListener("resize", () => draw(Number(slider.value)));
  draw(Number(slider.value));
})();
