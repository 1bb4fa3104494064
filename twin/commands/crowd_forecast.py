"""`twin crowd forecast`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from calibration.visits import Forecast, HorizonSkill

HORIZONS = (1, 2, 3, 5, 7, 14, 21, 28)


@click.command("forecast")
@click.argument("history", type=click.Path(path_type=Path))
@click.option("--column", default="visitors", show_default=True, help="Column of HISTORY that holds the visitors.")
@click.option("--days", type=click.IntRange(1, 60), default=7, show_default=True, help="Days to come.")
@click.option("--country", default="CN", show_default=True, help="Whose public holidays: an ISO code, or none.")
@click.option("--calendar", type=click.Path(path_type=Path), help="CSV date,kind,source: the site's own days.")
@click.option("--weather", type=click.Path(path_type=Path), help="CSV date,rain_mm,temperature_c, days to come too.")
@click.option("--capacity", type=click.FloatRange(min=0, min_open=True), help="Most visitors of a day, as approved.")
@click.option("--name", help="The site's name on the page; the file's by default.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder for forecast.html and .csv.")
def forecast(
    history: Path, column: str, days: int, country: str, calendar: Path | None, weather: Path | None,
    capacity: float | None, name: str | None, out: Path,
) -> None:  # fmt: skip
    """Forecast the visitors of a site from HISTORY (CSV: date and visitors of each day), and judge such forecasts.

    Kinds of days in --calendar: holiday, working (a weekend that is worked), closed, event. OUT gets forecast.html
    (English and Chinese) and forecast.csv.

    \b
    twin crowd forecast visitors.csv --days 7 --out out/visitors
    """  # noqa: D301
    from calibration.visits import forecast_visits, read_history, read_own_days, read_weather, score
    from networks import landing_folder
    from viz.crowd.forecast_page import forecast_page

    told = read_history(history, column=column)
    found = forecast_visits(
        told, days, country=None if country.lower() == "none" else country,
        own=read_own_days(calendar) if calendar else None, capacity=capacity,
        weather=read_weather(weather) if weather else None,
    )  # fmt: skip
    skill = score(found, horizons=sorted({days, *(one for one in HORIZONS if one < days)}))
    _tell_days(found)
    _tell_skill(skill)
    for note in found.notes:
        click.echo(f"note: {note['en']}")
    with landing_folder(out) as beside:
        (beside / "forecast.html").write_text(forecast_page(name or history.stem, found, skill), encoding="utf-8")
        (beside / "forecast.csv").write_text(_table(found), encoding="utf-8")
    click.echo(f"wrote {out / 'forecast.html'}")


def _tell_days(found: Forecast) -> None:
    click.echo(f"{'day':<16}{'kind':<8}{'visitors':>9}{'80 % interval':>18}{'90 % interval':>18}")
    for one in found.days:
        narrow, wide = f"{one.low80:.0f}-{one.high80:.0f}", f"{one.low90:.0f}-{one.high90:.0f}"
        click.echo(f"{one.day:%Y-%m-%d %a}  {one.kind:<8}{one.median:9.0f}{narrow:>18}{wide:>18}")


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


def _table(found: Forecast) -> str:
    lines = ["date,kind,median,low80,high80,low90,high90"]
    for one in found.days:
        people = (one.median, one.low80, one.high80, one.low90, one.high90)
        lines.append(f"{one.day},{one.kind}," + ",".join(f"{size:.0f}" for size in people))
    return "\n".join(lines) + "\n"
