"""`twin flood run`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.flood_options import refuse_other, storm_options
from twin.commands.flood_storm import Stormed, run_asked, shown_rows
from twin.origin import keep_origin

if TYPE_CHECKING:
    import numpy as np
    from markupsafe import Markup

    from viz.flood.flood_page import FloodShown

MOST_TOLD = 12


@click.command("run")
@click.argument("city", type=click.Path(path_type=Path))
@click.option(
    "--levels", type=click.Path(path_type=Path, exists=True), help="CSV: place, time_s, depth_m: they correct it."
)
@click.option("--hold-back", multiple=True, metavar="PLACE", help="A gauge that is not used, but judges.")
@click.option("--level-error-m", type=click.FloatRange(1e-3), default=0.05, show_default=True, help="Of a level.")
@click.option("--update-min", type=click.FloatRange(1), default=10.0, show_default=True, help="Correct so often.")
@storm_options
def run(city: Path, **given: Any) -> None:
    """Let a storm fall on CITY, as an ensemble: depths with roads on top, closures by class, the duty officer's list.

    OUT gets flood.html (map, list, ledger; English and Chinese), places.csv, places.geojson, edges.csv and paths.csv
    (closures), doors.csv, maps.npz and flood_run.json. On a terrain for screening alone no depth, time or closure is
    written unless --assume-depths says so, and no building is named; surveyed underpasses (--underpasses) keep theirs.

    \b
    twin flood run cities/my-town --chicago-mm 45 --source "10 years, town formula" --out out/flood
    twin flood run cities/my-town --rain out/nowcast --levels levels.csv --hold-back pond_3 --out out/flood
    """  # noqa: D301
    from scenarios.flooding.keeping import save_run

    refuse_other(given["out"])
    stormed = run_asked(city, given)
    page = _page(stormed)
    save_run(given["out"], stormed.city, stormed.answer, stormed.watches, stormed.about, trusted=stormed.trusted)
    (given["out"] / "flood.html").write_text(page, encoding="utf-8")
    keep_origin(given["out"])
    _tell(stormed)
    click.echo(f"wrote {given['out'] / 'flood.html'}")


def _page(stormed: Stormed) -> str:
    from viz.flood.flood_page import flood_page

    shown, lead = shown_run(stormed, shown_rows(stormed))
    return flood_page(stormed.city, stormed.terrain, shown, lead=lead)


def shown_run(stormed: Stormed, rows: list[dict[str, Any]]) -> tuple[FloodShown, Markup]:
    """What the page of a storm shows, and the line below its heading."""
    import numpy as np

    from viz.flood.flood_page import FloodShown
    from viz.text import both

    answer = stormed.answer
    shut: np.ndarray = answer.shut("car")[0] >= 0.5 if stormed.trusted else np.zeros(stormed.places.roads.lines, bool)
    shown = FloodShown(
        answer.chance, answer.deepest_m if stormed.trusted else None, shut, rows,
        answer.members[0].ledger_m3, stormed.notes, stormed.warning,
    )  # fmt: skip
    told = {"rain": f"{stormed.about['rain_mm']:.1f}", "minutes": f"{stormed.about['duration_s'] / 60:.0f}"}
    return shown, both("flood.lead", members=stormed.about["members"], **told)


def _tell(stormed: Stormed) -> None:
    from scenarios.flooding.member_run import FOOT_CLASSES, SHUT_CLASSES

    answer = stormed.answer
    if stormed.warning:
        click.echo(stormed.warning["en"])
    click.echo("ledger of member 0, m3: " + ", ".join(f"{k} {v:.1f}" for k, v in answer.members[0].ledger_m3.items()))
    worst = max(one.ledger_error for one in answer.members)
    click.echo(f"not accounted for: {worst:.1e} of the water at most; underpasses {_sumps(stormed):.1e}")
    if stormed.trusted:
        for name in (*SHUT_CLASSES, *FOOT_CLASSES):
            chance, _ = answer.shut(name)
            what = "edges" if name in SHUT_CLASSES else "paths"
            likely = int((chance >= 0.5).sum())
            click.echo(f"closed to {name} in half of the members or more: {likely} of {len(chance)} {what}")
    if stormed.trusted and not stormed.terrain.screening:
        doors = sum(float((one.door_m >= 0.15).sum()) for one in answer.members) / len(answer.members)
        click.echo(f"buildings with 0.15 m or more at a wall: {doors:.0f} of {stormed.places.doors.lines}")
    _tell_levels(stormed)
    for watch in [one for one in stormed.watches if one.close.chance >= 0.05][:MOST_TOLD]:
        click.echo(watch.sentence["en"])


def _tell_levels(stormed: Stormed) -> None:
    """What levels corrected, and how well the others were foretold."""
    found = stormed.corrected
    if found is None:
        return
    click.echo(found.told["en"])
    if found.skill is None:
        return
    for name, score in (("with levels", found.skill.corrected), ("without", found.skill.without)):
        click.echo(
            f"held-back gauges {name}: hit {len(score.hits)}, miss {len(score.misses)}, "
            f"false alarm {len(score.false_alarms)}, quiet {len(score.quiet)}; CSI {score.csi:.2f}, "
            f"false alarm ratio {score.false_alarm_ratio:.2f}, mean lead {score.mean_lead_s / 60:.0f} min"
        )


def _sumps(stormed: Stormed) -> float:
    return max(one.sump_error for one in stormed.answer.members)
