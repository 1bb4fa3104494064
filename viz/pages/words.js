/* Words of a page, `text` by key in both languages, and elements that hold them. Joined into each page's closure by viz/head.py. */
const byId = (id) => document.getElementById(id);
const language = () => (document.documentElement.lang === "en" ? 0 : 1);
const has = (key) => Object.prototype.hasOwnProperty.call(text, key);
function word(key, values) {
  const found = has(key) ? text[key][language()] : key.slice(key.lastIndexOf(".") + 1);
  return found.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));
}
const say = (words) => (words ? (language() === 0 ? words.en : words.zh) || words.en || "" : "");

function make(tag, className, content) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (content !== undefined) node.textContent = content;
  return node;
}
