"""`twin flood review`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click


@click.command("review")
@click.argument("run", type=click.Path(path_type=Path, exists=True))
@click.option("--observed", type=click.Path(path_type=Path), required=True, help="CSV: place, time_s, depth_m.")
@click.option("--chance", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="An alarm from here on.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def review(run: Path, observed: Path, chance: float, as_json: bool) -> None:
    """Hold the folder RUN of `twin flood run` against what was seen: hits, misses, false alarms, lead time.

    OBSERVED has the columns place (as in places.csv), time_s (after the run's begin) and depth_m. A place passes when
    it reaches its closing depth; an alarm is a chance of at least --chance. Places that nobody looked at do not count.

    \b
    twin flood review out/flood --observed gauges.csv
    """  # noqa: D301
    from scenarios.flooding.keeping import load_run
    from scenarios.flooding.review import read_observed, review_run

    _, rows = load_run(run)
    held = review_run(rows, read_observed(observed), alarm_at=chance)
    scores = {name: held.count(name) for name in ("hit", "miss", "false alarm", "correct quiet")}
    if as_json:
        told = {**scores, "csi": held.csi, "brier": held.brier, "places": [asdict(one) for one in held.places]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for one in held.places:
        seen = "never passed" if one.seen_s is None else f"passed at {one.seen_s / 60:.0f} min"
        lead = "" if one.lead_s is None else f", lead time {one.lead_s / 60:.0f} min"
        late = (
            ""
            if one.late_s is None
            else f", {abs(one.late_s) / 60:.0f} min {'later' if one.late_s > 0 else 'earlier'} than foretold"
        )
        click.echo(f"{one.name}: {one.outcome} (foretold {100 * one.chance:.0f} %, {seen}{lead}{late})")
    click.echo(", ".join(f"{name} {count}" for name, count in scores.items()))
    if held.csi is not None:
        click.echo(f"CSI {held.csi:.2f}")
    if held.brier is not None:
        click.echo(f"Brier score {held.brier:.3f}")
