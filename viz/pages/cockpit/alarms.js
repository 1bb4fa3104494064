/* Alarms: what is wrong or will be, and what people make of it. */
const SHELVE_MIN = [15, 60, 240];

function judge(alarm, verdict) {
  openAsk({
    title: word(`desk.judge.${verdict}`), what: say(alarm.text), send: `desk.verdict.${verdict}`, chips: `desk.why.${verdict}`,
    path: `/api/alarms/${encodeURIComponent(alarm.alarm_id)}/judgement`, body: () => ({ verdict }), gone: () => overNow(alarm.alarm_id),
  });
}

function shelve(alarm) {
  const row = make("div", "choice"), name = "shelve-for";
  row.append(...SHELVE_MIN.map((minutes, i) => {
    const label = make("label", "", ""), input = make("input");
    input.type = "radio";
    input.name = name;
    input.value = minutes;
    input.checked = i === 1;
    label.append(input, make("span", "", amount(minutes, "min")));
    return label;
  }));
  openAsk({
    title: word("desk.shelve_title"), what: say(alarm.text), send: "desk.shelve", chips: "desk.why.shelve", extra: row,
    path: `/api/alarms/${encodeURIComponent(alarm.alarm_id)}/shelving`, gone: () => overNow(alarm.alarm_id),
    body: () => ({ until: new Date(twinNow() + 60000 * Number(row.querySelector("input:checked").value)).toISOString() }),
  });
}

function overNow(id) {
  const now = state.desk.alarms.find((one) => one.alarm_id === id);
  return now && !now.cleared ? "" : word("desk.alarm_over");
}

function alarmTimes(alarm) {
  if (alarm.cleared) return word("desk.cleared", { time: hourOf(alarm.cleared) });
  const coming = Date.parse(alarm.begins) > twinNow();
  return word(coming ? "desk.begins" : "desk.since", { time: hourOf(alarm.begins) });
}

function alarmOf(alarm) {
  const id = `alarm-${alarm.alarm_id}`, standing = !alarm.cleared;
  const node = make("article", `alarm level-${alarm.level}${alarm.actionable ? "" : " quiet"}`), head = make("p", "kind");
  node.dataset.id = id;
  node.dataset.alarm = alarm.alarm_id;
  head.append(make("b", "level", word(`desk.level_of.${alarm.level}`)), ` ${word(`desk.kind.${alarm.kind}`)} · ${alarmTimes(alarm)}`);
  if (alarm.probability < 1) head.append(` · ${word("desk.likely", { share: Math.round(100 * alarm.probability) })}`);
  node.append(head, make("h3", "", say(alarm.text)));
  if (alarm.findings.length) node.append(make("p", "note", word("desk.more_findings", { count: alarm.findings.length, kinds: [...new Set(alarm.findings.map((one) => word(`desk.kind.${one.kind}`)))].join(" · ") })));
  if (alarm.judgement) node.append(make("p", "note", word("desk.judged", { verdict: word(`desk.verdict_is.${alarm.judgement.verdict}`), who: alarm.judgement.who, why: alarm.judgement.why })));
  if (standing && alarm.shelved_until && Date.parse(alarm.shelved_until) > twinNow()) node.append(make("p", "note", word("desk.shelved", { time: hourOf(alarm.shelved_until) })));
  const buttons = make("p", "small-buttons");
  const where = button("where", "desk.where", () => lookAt(id, alarm.edges, alarm.place));
  where.setAttribute("aria-pressed", String(shownAt === id));
  buttons.append(where);
  if (standing && may("judge")) for (const verdict of ["confirm", "false", "unsure"]) buttons.append(button("", `desk.verdict.${verdict}`, () => judge(alarm, verdict)));
  if (standing && may("shelve")) buttons.append(button("", "desk.shelve", () => shelve(alarm)));
  node.append(buttons);
  if (shownAt === id) node.append(placePanel(id, alarm.edges, alarm.place));
  return node;
}

let alarmsKey = null;
function showAlarms() {
  const alarms = (state.desk && state.desk.alarms) || [], acting = alarms.filter((one) => one.actionable).length;
  byId("alarms-part").hidden = !state.desk;
  byId("alarms-words").textContent = acting ? word("desk.acting", { count: acting }) : "";
  const key = JSON.stringify([alarms, shownAt, me, language(), Boolean(city)]);
  if (key === alarmsKey) return;
  alarmsKey = key;
  renew(byId("alarms"), alarms.length ? alarms.map(alarmOf) : [make("p", "empty", word("desk.no_alarm"))]);
}
