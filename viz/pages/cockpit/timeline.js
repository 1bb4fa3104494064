/* The time line: which moment is shown. */
function showMoments() {
  const horizon = state && state.forecast ? state.forecast.horizon_s : null;
  const button = document.querySelector("[data-moment=forecast]");
  button.disabled = !horizon;
  if (!horizon && moment === "forecast") moment = "now";
  byId("forecast-words").textContent = horizon ? word("cockpit.forecast", { minutes: Math.round(horizon / 60) }) : word("cockpit.forecast_short");
  for (const node of document.querySelectorAll(".moment")) node.setAttribute("aria-pressed", String(node.dataset.moment === moment));
  for (const node of document.querySelectorAll(".layer")) {
    const on = !hidden.has(node.dataset.layer);
    node.setAttribute("aria-pressed", String(on));
    document.querySelector(`[data-legend=${node.dataset.layer}]`).hidden = !on;
  }
}

function wireTimeline() {
  for (const node of document.querySelectorAll(".moment")) node.addEventListener("click", () => { moment = node.dataset.moment; show(); });
}
