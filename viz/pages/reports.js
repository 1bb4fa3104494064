/* The page of reports: what was made, with its files, and one more. All that comes from outside goes in as text. */
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const LOOK_MS = 10000, SOON_MS = 3000, MAKING_MS = 1000;
let told = null, trouble = null, refusal = null; /* trouble: of reading; refusal: of making one more */

/* Refusals come in the language of the page. */
const asked = (path, more = {}) => fetch(path, { cache: "no-store", ...more, headers: { ...more.headers, "accept-language": document.documentElement.lang } });

async function ask(path, body) {
  const more = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await asked(path, more).catch(() => null);
  if (!answer) throw { status: 0 };
  const found = await answer.json().catch(() => ({}));
  if (answer.status === 401) sessionOver();
  if (!answer.ok) throw { status: answer.status, told: [found.error, found.remedy].filter(Boolean).join(" · "), lang: language() };
  return found;
}

function complain() {
  const node = byId("problem"), failure = trouble || refusal;
  node.hidden = !failure;
  if (!failure) return;
  const key = `shelf.error.${failure.status}`, own = failure.lang === language() && failure.told;
  node.textContent = has(key) ? word(key) : word("shelf.error.other", { status: failure.status, told: own || "" });
}

function title(key) {
  if (key === "day-last") return word("shelf.last_day");
  const at = key.indexOf("-");
  const kind = { day: "shelf.day_of", review: "shelf.review_of" }[key.slice(0, at)];
  return kind ? word(kind, { name: key.slice(at + 1) }) : key;
}

function address(report, name) {
  return `/reports/${encodeURIComponent(report.key)}/${encodeURIComponent(name)}`;
}

function link(report, name, label, className) {
  const node = make("a", className, label);
  node.href = address(report, name) + (name === "report.html" && language() === 1 ? "#zh" : "");
  return node;
}

function row(report) {
  const item = make("li", report.state);
  const head = make("div", "head");
  const time = report.made_at ? new Date(report.made_at).toLocaleString(language() === 1 ? "zh-CN" : "en-GB", { dateStyle: "short", timeStyle: "short" }) : "";
  head.append(make("b", "", title(report.key)), make("span", "state", word(`shelf.state.${report.state}`, { time })));
  const pdf = `report.${language() === 1 ? "zh" : "en"}.pdf`;
  if (report.files.includes("report.html")) head.append(link(report, "report.html", word("shelf.open"), "open"));
  if (report.files.includes(pdf)) head.append(link(report, pdf, "PDF"));
  item.append(head);
  if (report.files.length) {
    const more = make("details");
    const list = make("ul");
    for (const name of report.files) {
      const line = make("li");
      line.append(link(report, name, name));
      list.append(line);
    }
    more.append(make("summary", "", word("shelf.files", { count: report.files.length })), list);
    item.append(more);
  }
  if (report.problem) {
    const log = make("details", "log");
    log.append(make("summary", "", word("shelf.log")), make("pre", "", report.problem));
    item.append(log);
  }
  return item;
}

function show() {
  complain();
  byId("zone").textContent = zone;
  const review = byId("kind").value === "review";
  byId("of-day").hidden = review;
  byId("of-case").hidden = !review;
  byId("make").disabled = !told;
  if (!told) { byId("none").hidden = Boolean(trouble) && [403, 404].includes(trouble.status); return; }
  byId("make").disabled = making() || (review && !told.cases.length);
  byId("none").hidden = told.reports.length > 0;
  byId("none").textContent = word("shelf.none");
  const open = new Set([...document.querySelectorAll("#list details[open]")].map((node) => node.closest("li").dataset.key + node.className));
  byId("list").replaceChildren(...told.reports.map((report) => {
    const item = row(report);
    item.dataset.key = report.key;
    for (const fold of item.querySelectorAll("details")) fold.open = open.has(report.key + fold.className);
    return item;
  }));
  const chosen = byId("case").value;
  const cases = told.cases.length ? told.cases : [""];
  byId("case").replaceChildren(...cases.map((name) => Object.assign(make("option", "", name || word("shelf.no_case")), { value: name })));
  if (told.cases.includes(chosen)) byId("case").value = chosen;
}

const making = () => told.reports.some((one) => one.state === "making");
let shown = "";
async function look() {
  try {
    told = await ask("/api/reports");
    trouble = null;
    if (refusal && refusal.status === 409 && !making()) refusal = null;
  } catch (error) {
    trouble = error;
  }
  const now = JSON.stringify([told, trouble, refusal]);
  if (now !== shown) show();
  shown = now;
  window.shelfReady = true;
  if (!over) setTimeout(look, trouble ? SOON_MS : making() ? MAKING_MS : LOOK_MS);
}

byId("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const review = byId("kind").value === "review";
  const wanted = { kind: byId("kind").value, timezone: zone };
  if (review) wanted.case = byId("case").value;
  else if (byId("date").value) wanted.day = byId("date").value;
  byId("make").disabled = true;
  refusal = null;
  try {
    const begun = await ask("/api/reports", wanted);
    told.reports = [begun, ...told.reports.filter((one) => one.key !== begun.key)];
  } catch (error) {
    refusal = error;
  }
  show();
});
byId("kind").addEventListener("change", show);
wireHead(show, () => {});
knowMe();
show();
look();
