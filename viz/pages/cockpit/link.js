/* The state, asked for once more. */
async function refresh() {
  const answer = await asked("/api/state");
  if (answer.status === 401) sessionOver();
  if (answer.ok) { state = await answer.json(); await keepHour(); show(); }
}
