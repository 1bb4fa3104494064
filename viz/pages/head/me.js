/* Who is signed in and what they may do. The page gives `asked(path)`, and tells `wireHead` what it does when looks change. */
let me = { name: null, role: null };
const ASK_AGAIN_MS = 3000;
const may = (act) => !me.may || me.may.includes(act);

/* A server that does not answer is asked again: without an answer nobody knows what may be done here. */
async function knowMe() {
  for (;;) {
    const answer = await asked("/api/me").catch(() => null);
    if (answer && answer.status === 401) { sessionOver(); return; }
    if (answer && answer.ok) { me = await answer.json(); break; }
    await new Promise((done) => { setTimeout(done, ASK_AGAIN_MS); });
  }
  showLinks();
  showSeat();
  watchSession();
}

/* Links to the other pages: those that this server has and the role may use. */
function showLinks() {
  const links = [...document.querySelectorAll("#pages a")];
  for (const link of links) link.hidden = !(me.pages || []).includes(link.getAttribute("href"));
  byId("pages").hidden = links.filter((link) => !link.hidden).length < 2;
}

function showSeat() {
  byId("seat").hidden = !me.name;
  byId("seat-words").textContent = me.name ? `${me.name} · ${word(`head.role.${me.role}`)}` : "";
}

function label() {
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", word(node.dataset.label));
    if (node.tagName === "BUTTON") node.title = word(node.dataset.label);
  }
  for (const node of document.querySelectorAll("option[data-key]")) node.textContent = word(node.dataset.key, { n: node.value });
  byId("language").title = word("language.switch");
}

/* redo(changed): the page once more, when `theme` or `lang` has changed; end(): hang up, the session is over. */
function wireHead(redo, end) {
  const look = window.cityLook;
  byId("theme").addEventListener("click", () => look.choose("theme", look.theme === "light" ? "dark" : "light"));
  byId("language").addEventListener("click", () => look.choose("lang", look.lang === "zh" ? "en" : "zh"));
  look.onChange = (changed) => { label(); showSeat(); redo(changed); };
  wireSession(end);
  label();
}
