/* Words of the page. All parts share one closure: workspace_asset joins them. */
const text = window.workspaceText;
const byId = (id) => document.getElementById(id);
const language = () => (document.documentElement.lang === "en" ? 0 : 1);
function word(key, values) {
  const found = key in text ? text[key][language()] : key.slice(key.lastIndexOf(".") + 1);
  return found.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));
}
const say = (words) => (words ? (language() === 0 ? words.en : words.zh) || words.en || "" : "");

function make(tag, className, content) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (content !== undefined) node.textContent = content;
  return node;
}

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
