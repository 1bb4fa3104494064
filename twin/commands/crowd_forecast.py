"""`twin crowd forecast`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.origin import keep_origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from calibration.visits import Forecast, HorizonSkill
    from models.crowd.sites import AlarmLevels, DayAlarm

HORIZONS = (1, 2, 3, 5, 7, 14, 21, 28)


@click.command("forecast")
@click.argument("history", type=click.Path(path_type=Path))
@click.option("--column", default="visitors", show_default=True, help="Column of HISTORY that holds the visitors.")
@click.option("--days", type=click.IntRange(1, 60), default=7, show_default=True, help="Days to come.")
@click.option("--country", default="CN", show_default=True, help="Whose public holidays: an ISO code, or none.")
@click.option("--calendar", type=click.Path(path_type=Path), help="CSV date,kind,source: the site's own days.")
@click.option("--weather", type=click.Path(path_type=Path), help="CSV date,rain_mm,temperature_c, days to come too.")
@click.option("--capacity", type=click.FloatRange(min=0, min_open=True), help="Most visitors of a day, as approved.")
@click.option("--city", type=click.Path(path_type=Path), help="City of the site, with --site.")
@click.option("--sites", "file", type=click.Path(path_type=Path), help="sites.yaml; without it what the map knows.")
@click.option("--site", help="Its id: daily capacity, alarms and weekdays of rest are those of the file.")
@click.option("--name", help="The site's name on the page; the file's by default.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder for forecast.html and .csv.")
def forecast(
    history: Path, column: str, days: int, country: str, calendar: Path | None, weather: Path | None,
    capacity: float | None, city: Path | None, file: Path | None, site: str | None, name: str | None, out: Path,
) -> None:  # fmt: skip
    """Forecast the visitors of a site from HISTORY (CSV: date and visitors of each day), and judge such forecasts.

    Kinds of days in --calendar: holiday, working (a weekend that is worked), closed, event. OUT gets forecast.html
    (English and Chinese) and forecast.csv.

    \b
    twin crowd forecast visitors.csv --days 7 --out out/visitors
    """  # noqa: D301
    from calibration.visits import forecast_visits, read_history, read_own_days, read_weather, score
    from models.crowd.sites import AlarmLevels
    from networks import BadInput, landing_folder
    from twin.commands.crowd_site_days import site_days
    from viz.crowd.forecast_page import forecast_page

    if (city is None) != (site is None) or (file is not None and site is None):
        raise BadInput("a site is named by two options", expected="--city and --site together, perhaps --sites")
    told = read_history(history, column=column)
    own = dict(read_own_days(calendar)) if calendar else {}
    known = site_days(city, file, site, told, days, own) if city and site else None
    limit = capacity or (known.daily if known else None)
    found = forecast_visits(
        told, days, country=None if country.lower() == "none" else country,
        own=known.own if known else own, capacity=limit,
        weather=read_weather(weather) if weather else None,
    )  # fmt: skip
    skill = score(found, horizons=sorted({days, *(one for one in HORIZONS if one < days)}))
    alarms = _alarms(found, limit, known.alarms if known else AlarmLevels())
    _tell_days(found, alarms)
    _tell_skill(skill)
    notes = (*found.notes, *(known.notes if known else ()))
    for note in notes:
        click.echo(f"note: {note['en']}")
    with landing_folder(out) as beside:
        title = name or (known.name if known else history.stem)
        page = forecast_page(title, replace(found, notes=notes), skill, alarms, limit)
        (beside / "forecast.html").write_text(page, encoding="utf-8")
        (beside / "forecast.csv").write_text(_table(found, alarms), encoding="utf-8")
        keep_origin(beside)
    click.echo(f"wrote {out / 'forecast.html'}")


def _alarms(found: Forecast, capacity: float | None, levels: AlarmLevels) -> list[DayAlarm]:
    from models.crowd.sites import alarm_of_day

    if capacity is None:
        return []
    return [alarm_of_day(levels, capacity, one.median, one.high90) for one in found.days]


def _tell_days(found: Forecast, alarms: Sequence[DayAlarm]) -> None:
    more = f"{'share':>8}{'alarm':>7}{'perhaps':>9}" if alarms else ""
    click.echo(f"{'day':<16}{'kind':<8}{'visitors':>9}{'80 % interval':>18}{'90 % interval':>18}{more}")
    for at, one in enumerate(found.days):
        narrow, wide = f"{one.low80:.0f}-{one.high80:.0f}", f"{one.low90:.0f}-{one.high90:.0f}"
        line = f"{one.day:%Y-%m-%d %a}  {one.kind:<8}{one.median:9.0f}{narrow:>18}{wide:>18}"
        if alarms:
            line += f"{100 * alarms[at].share:6.0f} %{alarms[at].level or '':>7}{alarms[at].perhaps or '':>9}"
        click.echo(line.rstrip())


def _tell_skill(skill: Sequence[HorizonSkill]) -> None:
    if not skill:
        click.echo("the history is too short to judge such forecasts")
        return
    click.echo("mean absolute errors of such forecasts, made after each day with what was known then:")
    heads = (("ahead", 5), ("n", 6), ("ours", 8), ("last week", 11), ("yesterday", 11), ("MASE", 7), ("in 80 %", 9))
    click.echo("".join(f"{name:>{wide}}" for name, wide in (*heads, ("in 90 %", 9))))
    for one in skill:
        errors = f"{one.mae:8.0f}{one.mae_seasonal:11.0f}{one.mae_naive:11.0f}{one.mase:7.2f}"
        click.echo(f"{one.horizon:5d}{one.n:6d}{errors}" + "".join(f"{100 * share:7.0f} %" for share in one.held))


def _table(found: Forecast, alarms: Sequence[DayAlarm]) -> str:
    lines = ["date,kind,median,low80,high80,low90,high90,share,alarm,alarm_perhaps"]
    for at, one in enumerate(found.days):
        people = (one.median, one.low80, one.high80, one.low90, one.high90)
        alarm = f"{alarms[at].share:.3f},{alarms[at].level},{alarms[at].perhaps}" if alarms else ",,"
        lines.append(f"{one.day},{one.kind}," + ",".join(f"{size:.0f}" for size in people) + f",{alarm}")
    return "\n".join(lines) + "\n"
