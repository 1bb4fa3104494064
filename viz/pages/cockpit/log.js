/* How the feeds are, and what has happened. */
function showFeeds() {
  const awaited = ["vehicle_count", "warnings", "rain_intensity", "person_count", "emergency_call"];
  const feeds = (state.feeds || []).filter((feed) => feed.count || awaited.includes(feed.name));
  byId("feeds").replaceChildren(...feeds.map((feed) => {
    const node = make("li", feed.status);
    node.append(make("i", "", feed.status === "ok" ? "●" : "▲"), make("b", "", word(`feed.${feed.name}`)), make("span", "", has(`cockpit.feed.${feed.status}`) ? word(`cockpit.feed.${feed.status}`) : feed.status));
    const warned = word(feed.status === "ok" ? "cockpit.warnings_in_force" : "cockpit.warnings_unknown", { count: number(feed.count) });
    const age = feed.name === "warnings" ? warned : feed.name === "dead_letters" ? number(feed.count) : feed.last_s_ago === null || feed.last_s_ago === undefined ? word("cockpit.feed_never") : word("cockpit.feed_line", { count: number(feed.count), age: Math.round(feed.last_s_ago) });
    node.append(make("span", "", age));
    return node;
  }));
  const entries = [...(state.log || [])].sort((a, b) => (a.time < b.time ? 1 : -1)).slice(0, 100);
  byId("log").replaceChildren(...(entries.length ? entries.map((entry) => {
    const node = make("li");
    node.append(make("time", "", hourOf(entry.time)), make("span", "", say(entry)));
    return node;
  }) : [make("li", "empty", word("cockpit.log_empty"))]));
}
