"""`twin outcome plan|measure|list|trust`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.moment_option import Moment
from twin.commands.time_option import SECONDS

if TYPE_CHECKING:
    from twin.outcome import OutcomeBook
    from twin.outcome.measuring import Taken

_FILE = click.Path(path_type=Path, dir_okay=False)
_LANG = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)


@click.group("outcome", short_help="What approved actions brought, and how far each kind may be trusted.")
@click.option(
    "--desk", default="out/desk.sqlite", envvar="TWIN_DESK", show_default=True,
    help="The desk's database: a SQLite file or any SQLAlchemy URL. Also from TWIN_DESK.",
)  # fmt: skip
@click.pass_context
def outcome_command(ctx: click.Context, desk: str) -> None:
    """Measured in the street: periods that a coin switches, or the same hours of days that began alike."""
    ctx.obj = desk


@outcome_command.command("plan")
@click.argument("rec")
@click.option("--begin", type=Moment(), required=True, help="First period, with UTC offset.")
@click.option("--end", type=Moment(), required=True, help="No period ends after this.")
@click.option("--period", "period_s", type=SECONDS, default="15min", show_default=True, help="Length of each.")
@click.option("--settle", "settle_s", type=SECONDS, default="5min", show_default=True, help="Of each, not counted.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the coin.")
@click.option("--who", required=True, help="Who plans it.")
@click.pass_obj
def plan(
    desk: str, rec: str, begin: datetime, end: datetime, period_s: float, settle_s: float, seed: int, who: str
) -> None:  # fmt: skip
    """Draw the periods in which recommendation REC is to be on and off. Ten of 15 min, five pairs, are the least."""
    from calibration.outcomes import schedule

    periods = schedule(begin, end, timedelta(seconds=period_s), timedelta(seconds=settle_s), seed)
    _book(desk).plan(rec, periods, who=who)
    for one in periods:
        click.echo(f"{one.begin.isoformat(timespec='minutes')}  {'on' if one.on else 'off'}")


@outcome_command.command("measure")
@click.argument("rec")
@click.option("--feeds", type=_FILE, required=True, help="FEEDS.yaml: whose store holds what sensors said.")
@click.option("--net", type=_FILE, required=True, help="The SUMO network, for the length of streets.")
@click.option("--sensors", type=_FILE, required=True, help="CSV: sensor_id and edge; those whose streets it is about.")
@click.option("--since", type=Moment(), help="When it began to hold; without, its planned periods are taken.")
@click.option("--until", type=Moment(), help="When it ended.")
@click.option("--days", type=click.IntRange(1, 400), default=28, show_default=True, help="Days back to compare with.")
@_LANG
@click.pass_obj
def measure(
    desk: str, rec: str, feeds: Path, net: Path, sensors: Path, since: datetime | None, until: datetime | None,
    days: int, lang: str,
) -> None:  # fmt: skip
    """Measure what REC brought: by its planned periods, or from --since to --until against earlier days."""
    from twin.feeds import read_feeds
    from twin.outcome.measuring import by_days, by_trial
    from twin.store import FeedStore

    if (since is None) != (until is None):
        raise click.UsageError("--since and --until go together")
    kept, spec = _book(desk), read_feeds(feeds)
    with FeedStore(spec.folder, spec.database) as store:
        taken = _taken(store, net, sensors)
        rec = kept.named(rec)
        if since is None or until is None:
            found = by_trial(kept, rec, taken)
        else:
            found = by_days(kept, rec, taken, since, until, days)
    click.echo(found.text[lang])


@outcome_command.command("list")
@click.argument("rec", required=False)
@_LANG
@click.pass_obj
def list_outcomes(desk: str, rec: str | None, lang: str) -> None:
    """What was measured, of all recommendations or of REC."""
    kept = _book(desk)
    told = kept.all(kept.named(rec) if rec else None)
    for one in told:
        click.echo(f"{one.rec_id}  {one.since:%Y-%m-%d %H:%M}-{one.until:%H:%M}Z  {one.kind}  {one.text[lang]}")
    if not told:
        click.echo("nothing was measured yet: twin outcome measure", err=True)


@outcome_command.command("trust")
@_LANG
@click.pass_obj
def trust(desk: str, lang: str) -> None:
    """How far promises of each kind of action came true in the street."""
    from twin.outcome import trust_text

    told = _book(desk).trust()
    for kind, one in told.items():
        click.echo(f"{kind}: {trust_text(one)[lang]}")
    if not told:
        click.echo("no action was measured by design yet", err=True)


def _book(desk: str) -> OutcomeBook:
    from networks.errors import NotThere
    from twin.desk import Book
    from twin.outcome import OutcomeBook

    if "://" not in desk and not Path(desk).is_file():
        raise NotThere("no desk here", file=desk, remedy="twin demo or twin serve make one; --desk names another place")
    return OutcomeBook(Book.open(desk))


def _taken(store: object, net: Path, sensors: Path) -> Taken:
    """Time past these sensors, from the store."""
    import numpy as np

    from calibration.counting import read_places, watched_net
    from calibration.counting.matching import match
    from calibration.flows import read_roads
    from networks.errors import BadInput
    from twin.live.counts_now import CountsNow
    from twin.outcome import past_sensors

    places, roads = read_places(sensors), read_roads(net)
    edge_of, _ = match(list(places), places, watched_net(net), str(sensors))
    length = dict(zip(roads.edges, roads.length_m, strict=True))
    known = {name: edge for name, (edge, _) in edge_of.items() if edge in length}
    if not known:
        raise BadInput("no sensor stands on a street of the network", file=sensors, expected="sensor_id and edge")
    length_m = np.array([length[edge] for edge in known.values()])

    def taken(begin: datetime, end: datetime) -> float:
        counts = CountsNow(store, tuple(known), tuple(known.values()), begin, 0.0)  # type: ignore[arg-type]
        told, speeds = counts.up_to((end - begin).total_seconds())
        return past_sensors(told.vehicles, speeds, length_m)

    return taken
