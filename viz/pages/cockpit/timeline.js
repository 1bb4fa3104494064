/* The time line: which step of the next hour is shown, how fresh the picture is, and where it has no skill. */
const clockAt = (ms) => hourOf(new Date(ms).toISOString());

function freshWords() {
  const made = hour.made, ago = Math.max(Math.round((Date.parse(state.now) - made) / 60000), 0);
  const parts = [word("live.made", { time: clockAt(made), minutes: ago })];
  const members = state.forecast && state.forecast.members;
  if (members) parts.push(word("live.members", { count: number(members) }));
  return parts.join(" · ");
}

function skillWords() {
  if (tooOld()) return word("live.too_old");
  const sure = stepOf(hour.sure, stepShown());
  if (!sure) return "";
  let known = 0, without = 0, checked = 0;
  for (const one of sure) { if (one) known += 1; if (one === NO_SKILL) without += 1; if (one === NO_SKILL || one === SKILLED) checked += 1; }
  if (!known) return word("live.nothing_known");
  return word("live.skill", { checked: number(checked), known: number(known), without: number(without) });
}

function showTimeline() {
  const left = stepsLeft(), slider = byId("moment"), there = Boolean(hour && state);
  moment = Math.min(moment, left);
  slider.max = String(left);
  slider.value = String(moment);
  slider.disabled = !left;
  byId("moment-now").setAttribute("aria-pressed", String(moment === 0));
  byId("fresh").textContent = there ? freshWords() : "";
  byId("skill").textContent = there ? skillWords() : "";
  byId("fresh").classList.toggle("old", there && (tooOld() || stepsGone() > 1));
  if (!there) return;
  const minutes = Math.round((moment * hour.step_s) / 60), at = moment ? clockAt(Date.parse(state.now) + 60000 * minutes) : hourOf(state.now);
  const words = moment ? word("live.ahead", { time: at, minutes }) : word("live.at_now", { time: at });
  byId("moment-words").textContent = words;
  slider.setAttribute("aria-valuetext", words);
  document.body.dataset.moment = moment ? "later" : "now";
}

function setMoment(steps) {
  moment = Math.min(Math.max(steps, 0), stepsLeft());
  writeAddress();
  show();
}

function wireTimeline() {
  byId("moment-now").addEventListener("click", () => setMoment(0));
  byId("moment").addEventListener("input", () => setMoment(Number(byId("moment").value)));
}
