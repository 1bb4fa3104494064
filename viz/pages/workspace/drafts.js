/* Changed plans by signal: kept in this window, so that a reload or a new sign-in loses nothing. */
const KEPT = "citytwin-signals";
let drafts = {};
try { drafts = JSON.parse(sessionStorage.getItem(KEPT) || "{}"); } catch { drafts = {}; }

function keepDrafts() {
  try { sessionStorage.setItem(KEPT, JSON.stringify(drafts)); } catch { /* a window that may keep nothing still works */ }
  showDraftMarks();
}

function dropDraft(tls) {
  delete drafts[tls];
  keepDrafts();
}

/* Only plans that differ from what they were made from. */
const changedPlans = () => Object.values(drafts).map((draft) => draft.plan);
const reasonsOf = (tls) => Object.entries((drafts[tls] || {}).reasons || {}).map(([key, words]) => {
  const [kind, subject] = JSON.parse(key);
  return { tls_id: tls, kind, subject, text: words };
}).filter((one) => one.text.trim());

function showDraftMarks() {
  const count = Object.keys(drafts).length;
  byId("draft-count").hidden = !count;
  byId("draft-count").textContent = count;
  byId("scope-drafts").textContent = count || "";
  byId("draft-mark").hidden = !(chosen && drafts[chosen.tls_id]);
  for (const node of document.querySelectorAll("#list li")) node.classList.toggle("draft", node.dataset.signal in drafts);
  if (markSignals) markSignals();
}
