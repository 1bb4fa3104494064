/* Cases of response plans: whom was asked for what until when, who answered, and what waits for a signature. */
const caseNow = (id) => ((state.desk && state.desk.cases) || []).find((one) => one.case_id === id);

function taskGone(id, task) {
  const now = caseNow(id), row = now && now.tasks.find((one) => one.task === task);
  if (!row) return word("desk.case_over");
  return ["done", "withdrawn"].includes(row.state) ? word("desk.task_gone", { state: word(`desk.task.${row.state}`), who: row.who }) : "";
}

function answerTask(one, task, answer) {
  openAsk({
    title: word(`desk.answer.${answer}`), what: say(task.text), send: `desk.task_${answer}`, chips: `desk.why.${answer}`, words: "words",
    path: `/api/cases/${encodeURIComponent(one.case_id)}/tasks/${encodeURIComponent(task.task)}/answer`,
    body: () => ({ state: answer }), gone: () => taskGone(one.case_id, task.task),
  });
}

function signTask(one, task, agree) {
  openAsk({
    title: word(agree ? "desk.sign_title" : "desk.not_sign_title"), what: say(task.text), send: agree ? "desk.sign" : "desk.not_sign", chips: agree ? "desk.why.sign" : "desk.why.reject",
    path: `/api/cases/${encodeURIComponent(one.case_id)}/tasks/${encodeURIComponent(task.task)}/signature`,
    body: () => ({ agree }), gone: () => taskGone(one.case_id, task.task),
  });
}

function closeCase(one) {
  openAsk({
    title: word("desk.close_title"), what: say(one.title), send: "desk.close", chips: "desk.why.close", danger: true,
    path: `/api/cases/${encodeURIComponent(one.case_id)}/closing`, body: () => ({}), gone: () => (caseNow(one.case_id) ? "" : word("desk.case_over")),
  });
}

/* Whether who sits here may sign: the plan names roles, and perhaps people. */
function signs(one) {
  return Boolean(me.name) && one.signs.some(([roles, people]) => roles.includes(me.role) && (!people.length || people.includes(me.name)));
}

function taskOf(one, task) {
  const node = make("li", `task ${task.state}`), open = ["waiting", "acknowledged", "refused"].includes(task.state);
  node.dataset.id = `${one.case_id}/${task.task}`;
  node.append(make("span", "agency", say(task.agency)), make("span", "what", say(task.text)));
  const words = [word(`desk.task.${task.state}`), task.who, task.words].filter(Boolean).join(" · ");
  const told = make("span", "state", words);
  const due = task.state === "waiting" ? task.answer_by : task.state === "acknowledged" ? task.done_by : null;
  if (due) told.append(" ", countdown(due, task.state === "waiting" ? "desk.answer_in" : "desk.done_in"));
  node.append(told);
  if (task.called.length) node.append(make("span", "state", word("desk.escalated", { who: task.called.map(say).join(" · ") })));
  const buttons = make("span", "small-buttons");
  if (open && task.signature && task.state !== "refused" && signs(one)) {
    buttons.append(button("approve", "desk.sign", () => signTask(one, task, true)), button("", "desk.not_sign", () => signTask(one, task, false)));
  } else if (open && !task.signature && may("acknowledge")) {
    if (task.state === "waiting") buttons.append(button("", "desk.task_acknowledged", () => answerTask(one, task, "acknowledged")));
    buttons.append(button("", "desk.task_done", () => answerTask(one, task, "done")));
    if (task.state !== "refused") buttons.append(button("", "desk.task_refused", () => answerTask(one, task, "refused")));
  }
  if (buttons.childNodes.length) node.append(buttons);
  return node;
}

function caseOf(one) {
  const node = make("article", `case level-${one.level}`), head = make("p", "kind");
  node.dataset.case = one.case_id;
  head.append(make("b", "level", word(`desk.level_of.${one.level}`)), ` ${word("desk.opened", { time: hourOf(one.opened_at) })}`);
  if (one.exercise) head.append(" ", make("b", "badge", word("desk.exercise")));
  node.append(head, make("h3", "", [say(one.title), one.subject && streetOf(one.subject)].filter(Boolean).join(" · ")));
  if (one.quiet_since) node.append(make("p", "note", word("desk.quiet", { time: hourOf(one.quiet_since) })));
  const list = make("ul", "tasks"), rank = { waiting: 0, refused: 0, acknowledged: 1, done: 2, withdrawn: 3 };
  list.append(...[...one.tasks].sort((a, b) => rank[a.state] - rank[b.state]).map((task) => taskOf(one, task)));
  node.append(list);
  if (may("stand-down") && signs(one)) node.append(button("small", "desk.close", () => closeCase(one)));
  return node;
}

let casesKey = null;
function showCases() {
  const found = (state.desk && state.desk.cases) || [];
  byId("cases-part").hidden = !found.length;
  const key = JSON.stringify([found, me, language(), Boolean(city)]);
  if (key === casesKey) return;
  casesKey = key;
  renew(byId("cases"), found.map(caseOf));
}
