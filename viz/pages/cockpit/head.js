/* The head of the page: the clock, the mode, the link to the server, the key figures. */
function linkState(kind) {
  document.body.dataset.link = kind;
  byId("link-words").textContent = word({ live: "cockpit.connected", lost: "cockpit.retrying", connecting: "cockpit.connecting", film: "film.link" }[kind]);
  const lost = byId("lost");
  lost.hidden = kind !== "lost";
  if (kind === "lost") lost.textContent = state ? word("cockpit.lost", { time: hourOf(state.now) }) : word("cockpit.no_answer");
}

function showHead() {
  byId("city").textContent = city ? `${word("cockpit.title")} · ${city.name}` : word("cockpit.title");
  if (!state) return;
  byId("time").textContent = hourOf(state.now);
  byId("date").textContent = dayOf(state.now);
  const mode = state.labels || state.mode;
  byId("mode").hidden = !mode;
  byId("mode").textContent = has(`mode.${mode}`) ? word(`mode.${mode}`) : mode || "";
  byId("pace").hidden = !state.speed || (state.mode === "live" && state.speed === 1 && !state.held && !state.busy);
  const busy = has(`cockpit.busy.${state.busy}`) ? word(`cockpit.busy.${state.busy}`) : "";
  byId("pace").textContent = state.held ? busy || word("cockpit.held") : busy ? `${busy} · ${word("cockpit.speed_x", { speed: number(state.speed) })}` : word("cockpit.speed_x", { speed: number(state.speed) });
}

function showFigures() {
  const nodes = (state.figures || []).map((figure) => {
    const node = make("div", "figure");
    node.append(make("span", "", word(`figure.${figure.key}`)));
    const fast = figure.unit === "m/s";
    node.append(make("b", "", number(fast ? figure.value * 3.6 : figure.value)));
    const unit = fast ? word("unit.km/h") : figure.unit ? word(`unit.${figure.unit}`) : "";
    const trend = figure.trend === undefined || figure.trend === null ? "" : figure.trend > 0 || figure.trend === "up" ? "▲" : figure.trend < 0 || figure.trend === "down" ? "▼" : "";
    const mark = make("em", "", [unit, trend].filter(Boolean).join(" "));
    if (trend) mark.title = word(trend === "▲" ? "cockpit.trend.up" : "cockpit.trend.down");
    node.append(mark);
    return node;
  });
  byId("figures").replaceChildren(...nodes);
}
