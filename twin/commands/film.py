"""`twin film`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click

from twin.commands.moment_option import Moment
from twin.commands.time_option import SECONDS

_PATH = click.Path(path_type=Path)


@click.command("film", short_help="A served stretch of time as one page that plays without a server.")
@click.argument("served", type=_PATH)
@click.option("-o", "--out", type=_PATH, required=True, help="The page to write (.html).")
@click.option("--from", "begin", type=Moment(), help="[default: an hour before the end]")
@click.option("--to", "end", type=Moment(), help="[default: the newest moment]")
@click.option("--every", "every_s", type=SECONDS, help="Leave out moments that follow sooner.  [default: none]")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Of what is told here.")
def film_command(
    served: Path, out: Path, begin: datetime | None, end: datetime | None, every_s: float | None, lang: str
) -> None:
    """Make one page of what twin serve --out SERVED showed: the cockpit, played back.

    The page opens from a disk, asks no other computer for anything, and can be given away: map, streets now and in
    the next hour, alarms, recommendations and what became of them, in English and Chinese. It names who decided; it
    holds no address of a camera's picture.

    \b
    twin film out/town -o evening.html
    twin film out/town -o storm.html --from 2026-07-17T17:00:00+03:00 --to 2026-07-17T21:00:00+03:00
    """  # noqa: D301
    from networks import landing_file, say
    from twin.film import read_reel
    from twin.serving.filming import FILM
    from viz.film import film_page

    reel = read_reel(served / FILM, begin, end, timedelta(seconds=every_s or 0.0))
    page = film_page(reel.city, [(one.now, one.hour, one.packed) for one in reel.moments], reel.hours)
    with landing_file(out) as beside:
        beside.write_text(page, encoding="utf-8")
    size, first, last = out.stat().st_size / 1e6, reel.moments[0].now[:16], reel.moments[-1].now[:16]
    counts = len(reel.moments), len(reel.hours)
    told = say(
        f"wrote {out}: {first} to {last}, {counts[0]} moments, {counts[1]} forecasts, {size:.1f} MB",
        f"已写入 {out}：{first} 至 {last}，{counts[0]}个时刻，{counts[1]}次预测，{size:.1f} MB",
    )
    click.echo(told[lang])
    if reel.other_maps:
        more = say("moments of another map are left out", "另一版地图的时刻未收入")
        click.echo(more[lang])
