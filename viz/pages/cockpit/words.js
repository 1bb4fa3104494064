/* How figures and times are written. */
let city = null, map = null, state = null, moment = 0, deciding = null, seen = 0, opened = new Set();

function number(value, signed) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value), digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  const shown = size.toLocaleString("en-US", { maximumFractionDigits: digits });
  if (Number(shown.replace(/,/g, "")) === 0) return "0";
  return (value < 0 ? "−" : signed ? "+" : "") + shown;
}

function amount(value, unit, signed) {
  const long = unit === "s" && Math.abs(value) >= 600;
  const shown = number(long ? value / 60 : value, signed), one = `unit.one ${unit}`;
  const named = long ? "unit.min" : /^[+−]?1$/.test(shown) && has(one) ? one : `unit.${unit}`;
  return `${shown} ${unit ? word(named) : ""}`.trim();
}

/* Times are shown in the offset of the twin's own clock, wherever the browser is. */
function local(iso) {
  const time = Date.parse(iso || ""), offset = /([+-])(\d\d):?(\d\d)$/.exec((state && state.now) || "");
  if (!Number.isFinite(time)) return "";
  const minutes = offset ? Number(offset[1] + "1") * (60 * Number(offset[2]) + Number(offset[3])) : 0;
  return new Date(time + 60000 * minutes).toISOString();
}
const hourOf = (iso) => local(iso).slice(11, 16);
const dayOf = (iso) => local(iso).slice(0, 10);
