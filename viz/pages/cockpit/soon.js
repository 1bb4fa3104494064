/* What comes within the hour, the soonest first: water that reaches its limit, sites that fill, areas nobody reaches in time. */
const MOST = 6;

function firstStep(row, above) {
  for (let step = stepsGone(); step < hour.steps; step += 1) if (above(step)) return step;
  return null;
}

function comingOf(layer, row) {
  if (layer === "ponds") {
    const at = row.reach_s !== null ? row.reach_s : row.sooner_s;
    return at === null ? null : { at, sure: row.reach_s !== null, words: word("live.soon_pond", { name: row.name || row.id, limit: Math.round(row.limit_m * 100) }) };
  }
  if (layer === "sites") {
    const step = row.holds ? firstStep(row, (k) => row.people[k] >= 0.9 * row.holds) : null;
    return step === null ? null : { at: step * hour.step_s, sure: true, words: word("live.soon_site", { name: row.name || row.id, share: 90 }) };
  }
  const step = row.target_s ? firstStep(row, (k) => row.time_s[k] > row.target_s) : null;
  return step === null ? null : { at: step * hour.step_s, sure: true, words: word("live.soon_area", { name: row.name, minutes: number(row.target_s / 60) }) };
}

function showSoon() {
  const found = [];
  for (const layer of ["ponds", "sites", "areas"]) {
    for (const row of layerRows(layer)) { const one = comingOf(layer, row); if (one) found.push({ ...one, layer, row }); }
  }
  found.sort((a, b) => a.at - b.at);
  byId("soon").replaceChildren(...found.slice(0, MOST).map((one) => {
    const gone = stepsGone() * hour.step_s, when = inMinutes(Math.max(one.at - gone, 0));
    const button = make("button", one.at <= gone && one.sure ? "here" : "coming", `${one.words} · ${one.sure ? when : word("live.perhaps", { when })}`);
    button.type = "button";
    button.addEventListener("click", () => (one.layer === "areas" ? toggleLayer("areas") : pick(one.layer, one.row.id)));
    return button;
  }));
  byId("soon").hidden = !found.length;
}
