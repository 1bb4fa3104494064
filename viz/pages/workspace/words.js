/* Words of the page. All parts share one closure with pages/words.js: workspace_asset joins them. */
const text = window.workspaceText;

/* Pieces of pages come from the server, which escapes all that is not its own. */
function piece(node, html) {
  node.innerHTML = html;
  node.hidden = !html;
}

function label() {
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", word(node.dataset.label));
    if (node.tagName === "BUTTON") node.title = word(node.dataset.label);
  }
  for (const node of document.querySelectorAll("option[data-en]")) node.textContent = say({ en: node.dataset.en, zh: node.dataset.zh });
  for (const node of document.querySelectorAll("option[data-key]")) node.textContent = word(node.dataset.key, { n: node.value });
  byId("language").title = word("language.switch");
}
