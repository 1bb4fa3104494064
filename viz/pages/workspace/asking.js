/* Asking the server, and what is said when it does not answer or refuses. */
let heardAt = Date.now();

class Trouble extends Error {
  constructor(status, told) {
    super(told);
    this.status = status;
  }
}

const asked = (path) => fetch(path, { cache: "no-store" });

async function ask(path, body) {
  const headers = { "accept-language": document.documentElement.lang };
  const given = body === undefined ? { cache: "no-store", headers } : { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(path, given);
  } catch {
    throw new Trouble(0, "");
  }
  heardAt = Date.now();
  if (answer.ok) return answer;
  if (answer.status === 401) sessionOver();
  const told = await answer.json().catch(() => ({}));
  throw new Trouble(answer.status, [told.error, told.expected, told.remedy].filter(Boolean).join(" · "));
}

const askJson = async (path, body) => (await ask(path, body)).json();

/* What went wrong, for people; the server's own words are one click away. */
function explain(node, trouble, known) {
  const status = trouble instanceof Trouble ? trouble.status : 400;
  const key = known || (status ? `workspace.error.${status}` : "workspace.error.away");
  const time = new Date(heardAt).toTimeString().slice(0, 5);
  node.replaceChildren(make("span", "", word(key in text ? key : "workspace.error.400", { time })));
  if (trouble.message) {
    const more = make("details");
    more.append(make("summary", "", word("workspace.detail")), make("small", "", trouble.message));
    node.append(more);
  }
  node.hidden = false;
}
let lastTrouble = null;
function complain(trouble) {
  lastTrouble = trouble;
  explain(byId("problem"), trouble);
}
function calm() {
  lastTrouble = null;
  byId("problem").hidden = true;
}
