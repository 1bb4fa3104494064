/* The comparison: measures side by side with paired intervals, benefits, the assignment, files and grounds. */
const SVG = "http://www.w3.org/2000/svg";
const toneOf = (verdict) => (verdict === "better" || verdict === "worse" ? verdict : "unsure");
const unitOf = (unit) => (unit ? (has(`unit.${unit}`) ? word(`unit.${unit}`) : unit) : "");

function svg(name, attributes) {
  const node = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
  return node;
}

const titleOf = (one) => (one ? say(one.title) || one.name : "");

/* The interval on an axis whose middle is no change; all columns of a row share its scale. */
function interval(cell, reach) {
  const x = (value) => 50 + (46 * value) / reach;
  const node = svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", role: "img", "aria-label": `${number(cell.low, true)} … ${number(cell.high, true)}` });
  node.append(svg("line", { x1: 50, x2: 50, y1: 0, y2: 10, class: "axis" }));
  node.append(svg("line", { x1: x(cell.low), x2: Math.max(x(cell.high), x(cell.low) + 0.8), y1: 5, y2: 5, class: `span ${toneOf(cell.verdict)}` }));
  node.append(svg("rect", { x: x(cell.difference) - 0.7, y: 1.5, width: 1.4, height: 7, class: "dot" }));
  return node;
}

function cellOf(cell, unit, reach) {
  const node = make("td");
  if (!cell) { node.textContent = "–"; return node; }
  node.append(make("b", "", number(cell.mean)));
  if (cell.difference === null) return node;
  const known = cell.low !== null;
  node.append(make("small", "", word("what_if.difference", { value: `${number(cell.difference, true)} ${unit}` }) + (known ? ` (${word("what_if.interval", { low: number(cell.low, true), high: number(cell.high, true) })})` : "")));
  if (known) node.append(interval(cell, reach), make("span", `mark ${toneOf(cell.verdict)}`, word(`verdict.${cell.verdict}`)));
  return node;
}

function heads(names) {
  const row = make("tr");
  names.forEach((name) => { const node = make("th", "", name); node.scope = "col"; row.append(node); });
  const head = make("thead");
  head.append(row);
  return head;
}

function table(caption, names, rows) {
  const node = make("table"), body = make("tbody");
  node.append(make("caption", "", caption), heads(names));
  body.append(...rows);
  node.append(body);
  return node;
}

function line(head, cells, small) {
  const row = make("tr"), name = make("th", "", head);
  name.scope = "row";
  if (small) name.append(make("small", "", small));
  row.append(name, ...cells.map((cell) => (cell instanceof Node ? cell : make("td", "", cell))));
  return row;
}

function measureTable() {
  const rows = result.rows.map((row) => {
    const reach = Math.max(1e-9, ...row.cells.filter((cell) => cell && cell.low !== null).flatMap((cell) => [Math.abs(cell.low), Math.abs(cell.high)]));
    return line(say(row.title), [number(row.before), ...row.cells.map((cell) => cellOf(cell, unitOf(row.unit), reach))], unitOf(row.unit));
  });
  const gains = result.columns.slice(1).map((one) => {
    const told = one.benefit, node = make("td");
    if (!told) { node.textContent = "–"; return node; }
    node.append(make("b", "", `${number(told.mean, true)} ${told.currency}`));
    if (told.low !== null) node.append(make("small", "", word("what_if.interval", { low: number(told.low, true), high: number(told.high, true) })));
    return node;
  });
  rows.push(line(word("what_if.benefit"), ["", ...gains]));
  const n = result.seeds.length;
  const told = word("what_if.rests_on", { pairs: n, seeds: result.seeds.join(", ") }) + (n < 2 ? ` ${word("what_if.one_member")}` : "");
  return table(told, [word("what_if.measure"), word("what_if.response.before"), ...result.columns.slice(1).map((one) => labelOf(one.label))], rows);
}

function settledTables() {
  const settled = result.settled;
  if (!settled) return [];
  const classes = Object.keys(settled.benefits[0].by_class);
  const money = (value) => (value === null ? word("what_if.not_assessed") : number(value, true));
  const tag = settled.benefits.map((row) => line(say(row.words), [...(classes.length > 1 ? classes.map((name) => money(row.by_class[name])) : []), money(row.total), say(row.note)]));
  const totals = settled.totals.map((one) => line(word(`what_if.total.${one.key}`), [number(one.before), number(one.after), number(one.after - one.before, true)]));
  const names = [word("what_if.tag_row"), ...(classes.length > 1 ? classes : []), word("what_if.tag_total", { currency: settled.currency }), word("what_if.tag_note")];
  const first = table(word("what_if.tag"), names, tag);
  first.id = "tag";
  return [first, table(word("what_if.settled"), [word("what_if.measure"), word("what_if.response.before"), word("what_if.after"), word("what_if.view.difference")], totals)];
}

function files() {
  const node = make("ul", "files");
  const add = (href, words, open) => {
    const item = make("li"), link = make("a", "", words);
    link.href = href;
    if (open) link.target = "_blank";
    item.append(link);
    node.append(item);
  };
  const at = `/api/what-if/${result.key}/files`;
  add(`${at}/scenario.yaml`, word("what_if.file.scenario"));
  if (result.settled) { add(`${at}/assigned.zip`, word("what_if.file.assigned")); add(`${at}/user_benefits.csv`, word("what_if.file.benefits")); }
  add(`${at}/result.json`, word("what_if.file.result"));
  add(`/what-if/${result.key}/method${language() === 0 ? "" : "#zh"}`, word("what_if.method"), true);
  return node;
}

function fold(words, sentences) {
  const unique = [...new Map(sentences.map((one) => [JSON.stringify(one), one])).values()];
  if (!unique.length) return [];
  const node = make("details"), list = make("ul");
  node.append(make("summary", "", `${words} (${unique.length})`));
  list.append(...unique.map((one) => make("li", "", typeof one === "string" ? one : say(one))));
  node.append(list);
  return [node];
}

function showResult() {
  byId("result-name").textContent = result ? `· ${titleOf((all || []).find((one) => one.key === result.key))}` : "";
  if (!result) { byId("result").replaceChildren(make("p", "empty", word("what_if.none_chosen"))); return; }
  const left = result.columns.slice(1).flatMap((one) => one.left_out), days = result.columns.slice(1).flatMap((one) => one.days);
  byId("result").replaceChildren(files(), measureTable(), ...settledTables(), ...fold(word("what_if.left_out"), left), ...fold(word("what_if.response.equilibrium"), days), ...fold(word("what_if.guesses"), [...result.guesses, ...(result.settled ? result.settled.told : [])]));
  window.whatIfShown = result.seeds.length;
}
