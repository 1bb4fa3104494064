"""`twin crowd now`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.origin import keep_origin

if TYPE_CHECKING:
    from calibration.occupancy import DayShape, Followed, Foreseen, HourSkill
    from networks.sentence import Sentence
    from twin.zones_now import ZoneNow


@click.command("now")
@click.argument("counters", type=click.Path(path_type=Path))
@click.argument("observations", type=click.Path(path_type=Path))
@click.option(
    "--city", type=click.Path(path_type=Path), help="City of the sites: a zone named as a site has its capacity."
)
@click.option("--sites", "file", type=click.Path(path_type=Path), help="sites.yaml; without it what the map knows.")
@click.option("--period", type=click.FloatRange(1, 60), default=5.0, show_default=True, help="Minutes.")
@click.option("--ahead", type=click.IntRange(10, 720), default=120, show_default=True, help="Minutes to foresee.")
@click.option(
    "--history", multiple=True, type=click.Path(path_type=Path), help="people.csv of an earlier day. Repeatable."
)
@click.option("--leave-out", multiple=True, help="A counter that is only judged: what it should tell. Repeatable.")
@click.option("--utc-offset", type=click.FloatRange(-12, 14), help="Hours: the local clock; else that of the file.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder for now.html and people.csv.")
def now(
    counters: Path, observations: Path, city: Path | None, file: Path | None, period: float, ahead: int,
    history: tuple[Path, ...], leave_out: tuple[str, ...], utc_offset: float | None, out: Path,
) -> None:  # fmt: skip
    """Say how many people are where, from aggregate counts alone, and when the next capacity alarm is to be expected.

    COUNTERS is CSV (sensor_id,measure,from,to,zone,per_person,error,source), OBSERVATIONS is CSV
    (sensor_id,measure,begin,period_s,result), the table of a feed as Parquet, or its messages as JSON lines
    (SensorThings, .jsonl). OUT gets now.html (English and Chinese) and people.csv.

    \b
    twin crowd now counters.csv observations.csv --city cities/my-town --sites sites.yaml --out out/now
    """  # noqa: D301
    from calibration.occupancy import follow, foresee, foresee_rest, read_counters
    from networks import BadInput, City, landing_folder
    from twin.observation_files import read_any
    from twin.zones_now import facts_of, sites_of, trusted_facts, zones_now
    from viz.crowd.now_page import now_page

    if file is not None and city is None:
        raise BadInput("sites lie in a city", file=file, remedy="give --city too")
    layout, table = read_counters(counters), read_any(observations)
    seen = [one for one in table if one.sensor_id in layout.counters]
    if not seen:
        raise BadInput("it tells nothing of these counters", file=observations, expected=", ".join(layout.counters))
    clock = timezone(timedelta(hours=utc_offset)) if utc_offset is not None else seen[0].begin.tzinfo
    begin, end = (one.astimezone(clock) for one in (min(s.begin for s in seen), max(s.end for s in seen)))
    sites = sites_of(City.open(city), file) if city is not None else None
    facts = facts_of(sites, layout.zones)
    found = follow(layout, table, begin, end, period_s=60.0 * period, leave_out=leave_out, facts=facts)
    trusted = trusted_facts(facts, found)
    soon = foresee(found.filter, found.times[-1], max(int(ahead / period), 1), period_s=60.0 * period, facts=trusted)
    shapes, skill, short = _learnt(history, layout.zones)
    soon, unlike = foresee_rest(found, soon, shapes, trusted)
    zones = zones_now(found, soon, sites)
    _tell(zones, found, ahead)
    _tell_skill(skill)
    for note in (*short, *unlike):
        click.echo(f"note: {note['en']}")
    notes = [one.told for one in found.contradictions] + short + list(unlike) + list(sites.notes if sites else ())
    with landing_folder(out) as beside:
        (beside / "now.html").write_text(now_page(zones, found, soon, notes, skill), encoding="utf-8")
        (beside / "people.csv").write_text(_table(found, soon), encoding="utf-8")
        keep_origin(beside)
    click.echo(f"wrote {out / 'now.html'}")


def _learnt(
    history: Sequence[Path], zones: Collection[str]
) -> tuple[dict[str, DayShape], dict[str, tuple[HourSkill, ...]], list[Sentence]]:
    """What days of each zone are like, how good forecasts from that were, and zones with too few days."""
    from calibration.occupancy import judged_shape, read_people_days
    from calibration.occupancy.day_shape import LEAST_DAYS
    from networks.sentence import say

    days = read_people_days(history)
    shapes, skill, short = {}, {}, []
    for zone in zones:
        known = len(days[zone].days) if zone in days else 0
        if known >= LEAST_DAYS:
            shapes[zone], skill[zone] = judged_shape(days[zone])
        elif history:
            short.append(
                say(
                    f"{zone}: {known} past days are too few to learn from, the flows of now go on",
                    f"{zone}：仅有{known}天历史，不足以学习，按当前流量延续",
                )
            )
    return shapes, skill, short


def _tell_skill(skill: Mapping[str, Sequence[HourSkill]]) -> None:
    told = {zone: rows for zone, rows in skill.items() if rows}
    if not told:
        return
    click.echo("mean absolute errors of forecasts as they would have been made on the past days, people:")
    click.echo(f"{'zone':<18}{'min ahead':>10}{'n':>6}{'ours':>8}{'as now':>8}{'usual':>8}{'in 90 %':>9}")
    for zone, rows in told.items():
        for one in rows:
            errors = f"{one.mae:8.1f}{one.mae_now:8.1f}{one.mae_usual:8.1f}{100 * one.held:7.0f} %"
            click.echo(f"{zone:<18.17}{one.minutes:10d}{one.n:6d}{errors}")


def _tell(zones: list[ZoneNow], found: Followed, ahead: int) -> None:
    head = (
        ("zone", 18),
        ("people", 8),
        ("90 %", 14),
        (f"in {ahead} min", 12),
        ("90 %", 14),
        ("holds", 8),
        ("alarm", 7),
    )
    click.echo(f"{found.times[-1]:%Y-%m-%d %H:%M}")
    click.echo("".join(f"{name:<{wide}}" if at == 0 else f"{name:>{wide}}" for at, (name, wide) in enumerate(head)))
    for one in zones:
        holds = f"{one.capacity.instant:.0f}" if one.capacity and one.capacity.instant else ""
        spans = [f"{size.low:.0f}-{size.high:.0f}" for size in (one.people, one.soon)]
        line = f"{one.zone:<18.17}{one.people.mean:8.0f}{spans[0]:>14}{one.soon.mean:12.0f}{spans[1]:>14}{holds:>8}"
        click.echo(line + f"{one.level or '':>7}")
        if one.foretold is not None:
            coming = one.foretold
            click.echo(f"  alarm {coming.level}: {_when(coming.expected)}, perhaps from {_when(coming.earliest)}")
    for contradiction in found.contradictions:
        click.echo(f"counters: {contradiction.told['en']}")
    for sensor, judged in found.held_out.items():
        told = [(said, value) for said, value in judged if value is not None]
        held = sum(said.low <= value <= said.high for said, value in told)
        click.echo(f"{sensor} was left out: {held} of its {len(told)} numbers lie in the 90 % interval foretold")


def _when(time: datetime | None) -> str:
    return f"{time:%H:%M}" if time else "not expected"


def _table(found: Followed, soon: Foreseen) -> str:
    lines = ["time,zone,foreseen,people,low90,high90"]
    for foreseen, times, people in ((0, found.times, found.people), (1, soon.times, soon.people)):
        for zone, series in people.items():
            for time, one in zip(times, series, strict=True):
                lines.append(f"{time.isoformat()},{zone},{foreseen},{one.mean:.1f},{one.low:.1f},{one.high:.1f}")
    return "\n".join(lines) + "\n"
