"""`twin crowd calibrate`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.origin import keep_origin

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np

    from calibration.choices import Count, Figures, Fitted, Ground, Vector
    from scenarios.visits import VisitDay

HELD_EVERY = 5


@click.command("calibrate")
@click.argument("city", type=click.Path(path_type=Path))
@click.argument("day", type=click.Path(path_type=Path))
@click.argument("counters", type=click.Path(path_type=Path))
@click.argument("observations", type=click.Path(path_type=Path))
@click.option("--sites", "file", type=click.Path(path_type=Path), help="sites.yaml instead of the day's own.")
@click.option("--hold-out", multiple=True, help="A counter to judge by; without any every fifth. Repeatable.")
@click.option("--period", type=click.FloatRange(1, 30), default=5.0, show_default=True, help="Minutes.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="A folder for sites.yaml, counters.csv and choices.html.",
)
def calibrate(
    city: Path, day: Path, counters: Path, observations: Path, file: Path | None, hold_out: tuple[str, ...],
    period: float, out: Path,
) -> None:  # fmt: skip
    """Fit what visitors of CITY choose, and how long they stay, to the counts of a DAY (see `twin crowd run`).

    COUNTERS and OBSERVATIONS are those of `twin crowd now`; a zone is a site or a source of the day. Counters held out
    judge the fit; the figures written are then fitted to all. OUT gets sites.yaml with the figures and where they come
    from, counters.csv with what each counter told and should have told, and choices.html (English and Chinese).

    \b
    twin crowd calibrate cities/my-town day.yaml counters.csv observations.csv --out out/calibrated
    """  # noqa: D301
    import numpy as np

    from calibration.choices import Vector, counts_of, fit, uninformed
    from calibration.choices.calibrated_file import calibrated_sites
    from calibration.choices.day_ground import ground_of
    from calibration.occupancy import read_counters
    from networks import City, landing_folder
    from scenarios.visits import read_visit_day
    from twin.choices_told import Calibrated, shown
    from twin.observation_files import read_any
    from viz.crowd.choices_page import choices_page

    told = read_visit_day(day, City.open(city), sites=file)
    layout, table = read_counters(counters), read_any(observations)
    times = _times(told, 60.0 * period)
    ground, people_sd, notes = ground_of(told, layout, table, times, 60.0 * period)
    ids = [one.site_id for one in told.sites]
    counts, unused = counts_of(
        layout, table, ids, times, 60.0 * period, sources=[one.source_id for one in told.sources]
    )
    counts = tuple(one for one in counts if not np.isnan(one.told).all())
    vector = Vector(ground.sites, told.taste, told.mean_visits, people_sd)
    held = _held(counts, hold_out)
    part = fit(ground, vector, [one for one in counts if one not in held])
    errors = _errors(ground, vector, part.figures, held, [one for one in counts if one not in held])
    _tell_errors(errors, len(held))
    found = fit(ground, vector, counts, begin=part.z)
    _tell_figures(told, vector, found)
    for note in (*notes, *unused, *told.notes):
        click.echo(f"note: {note['en']}")
    unknown = uninformed(vector, found)
    for one in unknown:
        click.echo(f"warning: {one.told(ids[one.site])['en']}")
    for sensor in found.faulty:
        click.echo(f"counters: {sensor} does not fit the others and is left out")
    source = f"calibrated by twin crowd calibrate on {len(counts)} counts of {times[0]:%Y-%m-%d}, {observations.name}"
    own = file or _own_sites(day)
    with landing_folder(out) as beside:
        text = calibrated_sites(own, told.sites, found, source, unknown)
        (beside / "sites.yaml").write_text(text, encoding="utf-8")
        page = shown(
            Calibrated(ground, vector, counts, held, part, found, unknown, ids, times), told.name, errors,
            (*notes, *unused, *told.notes),
        )  # fmt: skip
        (beside / "choices.html").write_text(choices_page(page), encoding="utf-8")
        (beside / "counters.csv").write_text(_table(ground, vector, found, part, counts, held, ids), encoding="utf-8")
        keep_origin(beside)
    click.echo(f"wrote {out / 'sites.yaml'} and {out / 'choices.html'}")


def _times(day: VisitDay, period_s: float) -> list[datetime]:
    from datetime import timedelta

    return [day.begin + timedelta(seconds=period_s * at) for at in range(int(day.length_s // period_s))]


def _own_sites(day: Path) -> Path | None:
    import yaml

    named = yaml.safe_load(day.read_text(encoding="utf-8-sig")).get("sites")
    return day.parent / named if named else None


def _held(counts: Sequence[Count], named: Sequence[str]) -> list[Count]:
    from networks import BadInput

    known = [one.counter for one in counts]
    if missing := [one for one in named if one not in known]:
        raise BadInput(
            f"there is no counter {missing[0]} to hold out", expected=", ".join(known) or "counters of sites"
        )
    return [one for one in counts if one.counter in named] if named else list(counts[HELD_EVERY - 1 :: HELD_EVERY])


def _errors(
    ground: Ground, vector: Vector, fitted: Figures, held: Sequence[Count], known: Sequence[Count]
) -> dict[str, float]:
    """Way -> error at the counters held out; nothing where none is."""
    import numpy as np

    from calibration.choices import expect_day
    from calibration.choices.judging import error_at, said_by_gravity, said_by_mean, said_by_model

    if not held:
        return {}
    before = vector.figures(np.zeros((1, len(vector))))
    ways = {
        "calibrated": said_by_model(held, expect_day(ground, fitted)),
        "believed": said_by_model(held, expect_day(ground, before)),
        "mean": said_by_mean(held, known),
        "gravity": said_by_gravity(held, known, ground, vector.taste.per_min),
    }
    return {name: error_at(held, said, ground.period_s) for name, said in ways.items()}


WAYS = {
    "calibrated": "calibrated",
    "believed": "as believed before",
    "mean": "mean of the other counters",
    "gravity": "gravity by area",
}


def _tell_errors(errors: Mapping[str, float], held: int) -> None:
    if not errors:
        click.echo("no counter is held out: nothing judges this")
        return
    click.echo(f"errors at {held} counters held out, half-hours: sum of errors over what was told")
    for name, size in errors.items():
        click.echo(f"  {WAYS[name]:<28}{100 * size:6.0f} %")


def _tell_figures(day: VisitDay, vector: Vector, found: Fitted) -> None:
    import numpy as np

    figures, drawn = found.figures, found.drawn
    sites = vector.sites
    click.echo(f"{'site':<20}{'draw':>7}{'before':>8}{'90 %':>14}{'stay, min':>11}{'before':>8}{'90 %':>12}")
    pulls = np.exp(drawn.pull - drawn.pull.mean(axis=1, keepdims=True))
    now, was = np.exp(figures.pull[0] - figures.pull[0].mean()), np.exp(sites.pull - sites.pull.mean())
    for at, one in enumerate(day.sites):
        span, stay = _span(pulls[:, at], 2), _span(drawn.stay_median_s[:, at] / 60.0, 0)
        click.echo(
            f"{one.site_id:<20.19}{now[at]:7.2f}{was[at]:8.2f}{span:>14}{figures.stay_median_s[0, at] / 60:11.0f}"
            f"{sites.stay_median_s[at] / 60:8.0f}{stay:>12}"
        )
    believed = vector.figures(np.zeros((1, len(vector))))
    for name in ("per_min", "crowding", "rain", "mean_visits", "people"):
        size, before, span = getattr(figures, name)[0], getattr(believed, name)[0], _span(getattr(drawn, name), 3)
        click.echo(f"{name:<20}{size:7.3f}  before {before:.3f}, 90 % {span}")
    click.echo(f"misfit {found.misfit:.2f} standard deviations, {found.runs} expected days")


def _span(drawn: np.ndarray, digits: int) -> str:
    import numpy as np

    low, high = np.quantile(drawn, (0.05, 0.95))
    return f"{low:.{digits}f}..{high:.{digits}f}"


def _table(
    ground: Ground, vector: Vector, found: Fitted, part: Fitted, counts: Sequence[Count], held: Sequence[Count],
    ids: Sequence[str],
) -> str:  # fmt: skip
    import numpy as np

    from calibration.choices import expect_day
    from calibration.choices.judging import said_by_model

    days = [vector.figures(np.zeros((1, len(vector)))), part.figures, found.figures]
    said = [said_by_model(counts, expect_day(ground, one)) for one in days]
    lines = ["counter,site,what,held_out,faulty,period,told,before,fitted_without,fitted_to_all"]
    for at, one in enumerate(counts):
        head = f"{one.counter},{ids[one.site]},{one.what},{int(one in held)},{int(one.counter in found.faulty)}"
        for period, number in enumerate(one.told):
            told = "" if np.isnan(number) else f"{number:g}"
            lines.append(f"{head},{period},{told}," + ",".join(f"{way[at][period]:.1f}" for way in said))
    return "\n".join(lines) + "\n"
