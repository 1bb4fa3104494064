/* The page of reports: what was made, with its files, and one more. All that comes from outside goes in as text. */
(function () {
  "use strict";
  const text = window.shelfText;
  const byId = (id) => document.getElementById(id);
  const chinese = () => document.documentElement.lang !== "en";
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  let told = null;
  let failure = null;

  function word(key, values) {
    const found = key in text ? text[key][chinese() ? 1 : 0] : key;
    return found.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));
  }

  function make(tag, className, content) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (content !== undefined) node.textContent = content;
    return node;
  }

  async function ask(path, body) {
    const asked = body ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : { cache: "no-store" };
    const answer = await fetch(path, asked).catch(() => null);
    if (!answer) throw { status: 0 };
    const found = await answer.json().catch(() => ({}));
    if (!answer.ok) throw { status: answer.status, told: found.error };
    return found;
  }

  function complain() {
    const node = byId("problem");
    node.hidden = !failure;
    if (!failure) return;
    const key = `shelf.error.${failure.status}`;
    node.replaceChildren(make("span", "", key in text ? word(key) : word("shelf.error.other", { told: failure.told || failure.status })));
    if (failure.status === 401) {
      const link = make("a", "", word("shelf.sign_in"));
      link.href = "/sign-in";
      node.append(" ", link);
    }
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
    node.href = address(report, name) + (name === "report.html" && chinese() ? "#zh" : "");
    return node;
  }

  function row(report) {
    const item = make("li", report.state);
    const head = make("div", "head");
    const time = report.made_at ? new Date(report.made_at).toLocaleString(chinese() ? "zh-CN" : "en-GB", { dateStyle: "short", timeStyle: "short" }) : "";
    head.append(make("b", "", title(report.key)), make("span", "state", word(`shelf.state.${report.state}`, { time })));
    const pdf = `report.${chinese() ? "zh" : "en"}.pdf`;
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
    if (report.problem) item.append(make("pre", "", report.problem));
    return item;
  }

  function show() {
    complain();
    for (const node of document.querySelectorAll("option[data-key]")) node.textContent = word(node.dataset.key);
    for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", word(node.dataset.label));
    byId("language").title = word("language.switch");
    byId("zone").textContent = zone;
    const review = byId("kind").value === "review";
    byId("of-day").hidden = review;
    byId("of-case").hidden = !review;
    if (!told) return;
    const busy = told.reports.some((one) => one.state === "making");
    byId("make").disabled = busy || (review && !told.cases.length);
    byId("none").hidden = told.reports.length > 0;
    byId("none").textContent = word("shelf.none");
    const open = new Set([...document.querySelectorAll("#list details[open]")].map((node) => node.closest("li").dataset.key));
    byId("list").replaceChildren(...told.reports.map((report) => {
      const item = row(report);
      item.dataset.key = report.key;
      if (open.has(report.key)) item.querySelector("details").open = true;
      return item;
    }));
    const chosen = byId("case").value;
    const cases = told.cases.length ? told.cases : [""];
    byId("case").replaceChildren(...cases.map((name) => Object.assign(make("option", "", name || word("shelf.no_case")), { value: name })));
    if (told.cases.includes(chosen)) byId("case").value = chosen;
  }

  let shown = "";
  async function look() {
    try {
      told = await ask("/api/reports");
      if (failure && failure.status !== 409) failure = null;
    } catch (error) {
      failure = error;
    }
    const now = JSON.stringify([told, failure]);
    if (now !== shown) show();
    shown = now;
    window.shelfReady = true;
    setTimeout(look, told && told.reports.some((one) => one.state === "making") ? 1000 : 10000);
  }

  byId("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const review = byId("kind").value === "review";
    const asked = { kind: byId("kind").value, timezone: zone };
    if (review) asked.case = byId("case").value;
    else if (byId("date").value) asked.day = byId("date").value;
    byId("make").disabled = true;
    failure = null;
    try {
      const begun = await ask("/api/reports", asked);
      told.reports = [begun, ...told.reports.filter((one) => one.key !== begun.key)];
    } catch (error) {
      failure = error;
    }
    show();
  });
  byId("kind").addEventListener("change", show);
  byId("language").addEventListener("click", () => {
    document.documentElement.lang = chinese() ? "en" : "zh-CN";
    show();
  });
  if (location.hash === "#zh") document.documentElement.lang = "zh-CN";
  ask("/api/me").then((me) => window.cityNav(me.pages)).catch(() => {});
  show();
  look();
})();
