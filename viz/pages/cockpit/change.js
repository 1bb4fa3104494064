/* Another action than the proposed one: an alternative that was tried, or other figures within what the rules let people set. */
function askChange(rec, said) {
  const body = make("div", "fields"), others = (rec.alternatives || []).filter((other) => other.able), edits = rec.edits || [];
  const choice = make("div", "choices");
  for (const other of others) choice.append(optionOf(`alternative ${other.name}`, [say(other.title), other.effect ? sentence(other.effect) : say(other.why_not)].filter(Boolean).join(" · ")));
  if (edits.length) choice.append(optionOf("set", word("desk.other_figures")));
  const figures = make("div", "figures-set");
  figures.append(...groupsOf(edits).map(([group, rows]) => groupOf(group, rows)));
  body.append(choice, figures);
  const picked = () => choice.querySelector("input:checked");
  const shown = () => { figures.hidden = !picked() || picked().value !== "set"; };
  choice.addEventListener("change", shown);
  choice.querySelector("input").checked = true;
  shown();
  openAsk({ ...said, extra: body, body: () => changeOf(picked().value, figures, edits) });
}

function optionOf(value, words) {
  const label = make("label"), input = make("input");
  input.type = "radio";
  input.name = "change";
  input.value = value;
  label.append(input, make("span", "", words));
  return label;
}

function groupsOf(edits) {
  const groups = new Map();
  for (const one of edits) groups.set(one.group, [...(groups.get(one.group) || []), one]);
  return [...groups];
}

/* The figures of one signal; those of its greens must keep the cycle, and what is missing or too much is said at once. */
function groupOf(group, rows) {
  const node = make("fieldset"), sum = make("p", "sum");
  if (group) node.append(make("legend", "", word("desk.signal", { name: group })));
  for (const one of rows) {
    const label = make("label", "figure-set", one.phase === null ? word("desk.offset") : word("desk.phase", { number: one.phase + 1 })), input = make("input");
    Object.assign(input, { type: "number", min: one.low, max: one.high, step: 1, value: one.value });
    input.dataset.place = one.place;
    label.append(input, make("small", "", word("desk.span", { low: number(one.low), high: number(one.high) })));
    node.append(label);
  }
  const check = () => {
    const off = cycleOff(node, rows);
    sum.textContent = off ? word("desk.cycle_off", { seconds: number(off, true) }) : word("desk.cycle_kept");
    sum.classList.toggle("trouble", Boolean(off));
  };
  if (rows.some((one) => one.cycle)) { node.append(sum); node.addEventListener("input", check); check(); }
  return node;
}

function cycleOff(node, rows) {
  const own = rows.filter((one) => one.cycle), input = (one) => [...node.querySelectorAll("input")].find((field) => field.dataset.place === one.place);
  return own.reduce((total, one) => total + Number(input(one).value) - one.value, 0);
}

function changeOf(value, figures, edits) {
  if (value !== "set") return { decision: "change", change: { alternative: value.slice("alternative ".length) } };
  const wanted = {};
  for (const [group, rows] of groupsOf(edits)) {
    const node = [...figures.children].find((part) => rows.some((one) => [...part.querySelectorAll("input")].some((field) => field.dataset.place === one.place)));
    const off = cycleOff(node, rows);
    if (off) return { problem: `${group}: ${word("desk.cycle_off", { seconds: number(off, true) })}` };
    for (const field of node.querySelectorAll("input")) {
      const one = rows.find((row) => row.place === field.dataset.place), figure = Number(field.value);
      if (!Number.isFinite(figure) || figure < one.low || figure > one.high) return { problem: `${group}: ${word("desk.span", { low: number(one.low), high: number(one.high) })}` };
      if (figure !== one.value) wanted[one.place] = figure;
    }
  }
  return Object.keys(wanted).length ? { decision: "change", change: { set: wanted } } : { problem: word("desk.nothing_changed") };
}

/* Before and after on the map: streets that would differ beyond chance, those that nobody can tell in grey. */
const CHANGE_COLOURS = { better: [0, 158, 235], worse: [230, 120, 0], unclear: [150, 160, 175] };

function changesOf(rec) {
  const told = rec.streets;
  if (!told || !told.length || !city) return null;
  return told.flatMap((one) => {
    const [row] = rowsOf([one.edge]), kind = one.high < 0 ? "better" : one.low > 0 ? "worse" : "unclear";
    return row === undefined ? [] : [{ row, colour: CHANGE_COLOURS[kind], kind, width: kind === "unclear" ? 3 : 5, told: one }];
  });
}

/* What the recommendation whose map is open would change on a street, with its interval; "" where it says nothing of it. */
function changeWords(row) {
  const rec = ((state && state.recommendations) || []).find((one) => `rec-${one.rec_id}` === shownAt), found = rec && (changesOf(rec) || []).find((one) => one.row === row);
  return found ? `${say(rec.title)} · ${changeLine(found.told)}` : "";
}

const changeLine = (told) => word("desk.change_of", { street: streetOf(told.edge), difference: amount(told.difference, "veh h", true), low: number(told.low, true), high: number(told.high, true) });

function changeKey(rec) {
  const rows = changesOf(rec), count = (kind) => rows.filter((one) => one.kind === kind).length, node = make("div", "change-key");
  for (const kind of ["better", "worse", "unclear"]) node.append(make("span", `change-${kind}`, word(`desk.change.${kind}`, { count: count(kind) })));
  const most = rows.filter((one) => one.kind !== "unclear").sort((a, b) => Math.abs(b.told.difference) - Math.abs(a.told.difference)).slice(0, 3), list = make("ul");
  list.append(...most.map(({ told }) => make("li", "", changeLine(told))));
  node.append(list);
  return node;
}
