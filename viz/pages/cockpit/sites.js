/* Who is at which site and street. */
function siteOf(zone, minutes) {
  const node = make("li", "site"), name = make("span", "name", zone.name);
  if (zone.level) node.classList.add("alarm");
  if (zone.level) name.append(make("b", "badge", word("cockpit.site_level", { level: zone.level })));
  node.append(name, make("span", "people", zone.last_s_ago === null ? "?" : amount(zone.people, "people")));
  if (zone.holds) {
    const bar = make("progress", "full");
    bar.max = 1;
    bar.value = Math.min(zone.share, 1);
    bar.setAttribute("aria-label", zone.name);
    node.append(bar);
  }
  const share = zone.holds ? word("cockpit.site_share", { share: Math.round(100 * zone.share), holds: number(zone.holds), basis: word(`cockpit.site_basis.${zone.basis}`) }) : word("cockpit.site_no_capacity");
  const span = word("cockpit.site_span", { low: number(zone.low), high: number(zone.high) });
  node.append(make("span", "more", [share, span, word("cockpit.site_soon", { minutes, people: number(zone.soon) })].join(" · ")));
  const next = zone.next, times = next ? { level: next.level, earliest: hourOf(next.earliest), expected: hourOf(next.expected) } : null;
  if (next) node.append(make("span", "warn", word(next.expected ? "cockpit.site_next" : "cockpit.site_perhaps", times)));
  if (zone.status !== "ok") node.append(make("span", "warn", `▲ ${word(`cockpit.site_${zone.status}`)}`));
  return node;
}

function showSites() {
  const told = state.occupancy;
  document.body.dataset.sites = told ? "yes" : "no";
  if (!told) {
    if (document.body.dataset.tab === "sites") document.querySelector(".tabs [data-tab=map]").click();
    return;
  }
  const zones = [...told.zones].sort((a, b) => b.level - a.level || (b.share || 0) - (a.share || 0) || b.people - a.people);
  byId("alarm-count").textContent = zones.filter((zone) => zone.level).length || "";
  byId("sites-at").textContent = [told.at ? word("cockpit.sites_at", { time: hourOf(told.at) }) : "", told.synthetic ? word("cockpit.sites_synthetic") : ""].filter(Boolean).join(" · ");
  byId("sites-error").hidden = !told.error;
  byId("sites-error").textContent = told.error ? word("cockpit.sites_error", { reason: say(told.error) }) : "";
  if (zones.length) byId("site-list").replaceChildren(...zones.map((zone) => siteOf(zone, told.soon_min)));
  else {
    const empty = make("li", "empty", word("cockpit.sites_waiting"));
    empty.append(make("small", "", word("cockpit.sites_waiting_hint", { count: told.counters })));
    byId("site-list").replaceChildren(empty);
  }
  byId("sites-notes").hidden = !told.notes.length;
  byId("sites-notes-words").textContent = word("cockpit.sites_notes", { count: told.notes.length });
  byId("site-notes").replaceChildren(...told.notes.map((note) => make("li", "", say(note))));
}
