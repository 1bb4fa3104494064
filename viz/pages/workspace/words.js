/* Pieces of pages come from the server, which escapes all that is not its own. */
function piece(node, html) {
  node.innerHTML = html;
  node.hidden = !html;
}

function showRules() {
  for (const node of byId("rules").options) node.textContent = say({ en: node.dataset.en, zh: node.dataset.zh });
}
