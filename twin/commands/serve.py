"""`twin serve`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scenarios import Scenario


@click.command("serve", short_help="The live twin: feeds in, forecasts and recommendations out, the cockpit page.")
@click.argument("city", type=click.Path(path_type=Path))
@click.option("--replay", is_flag=True, help="Play a hidden simulation as the city's feeds (synthetic).")
@click.option("--scenario", help="Scenario file, or name of one of the library.  [default: cloudburst_evening]")
@click.option("--speed", type=click.FloatRange(0.1, 600), default=10.0, show_default=True, help="Times real time.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any free one.")
@click.option("--members", type=click.IntRange(2, 64), default=4, show_default=True, help="Members of each forecast.")
@click.option("--webhook", help="POST every recommendation to this address.")
@click.option("--out", type=click.Path(path_type=Path), help="Desk and outbox.  [default: out/live/<now>]")
@click.option("--runs", type=click.Path(path_type=Path), default=Path("runs"), show_default=True, help="Store of runs.")
@click.option("--ray-address", help="host:port of a Ray cluster.  [default: a local Ray]")
@click.option("--counters", type=click.Path(path_type=Path), help="counters.csv: follow who is in which site.")
@click.option("--counts", type=click.Path(path_type=Path), help="What they told on the replay's day, played as a feed.")
@click.option("--sites", type=click.Path(path_type=Path), help="sites.yaml: what they hold; else the map's.")
@click.option("--signals/--no-signals", default=True, show_default=True, help="Also search signal timings.")
def serve_command(
    city: Path,
    replay: bool,
    scenario: str | None,
    speed: float,
    port: int,
    members: int,
    webhook: str | None,
    out: Path | None,
    runs: Path,
    ray_address: str | None,
    counters: Path | None,
    counts: Path | None,
    sites: Path | None,
    signals: bool,
) -> None:
    """Keep the twin of CITY in step with its feeds, and show it at http://127.0.0.1:PORT/ (this machine only)."""
    from networks import City
    from scenarios import RayExecutor, Store
    from twin.live.crowd_feed import read_crowd_feed
    from twin.serving import ReplaySession, serve_replay

    if not replay:
        raise click.UsageError("Only replays can be served yet: give --replay.")
    opened = City.open(city, verify=True)
    chosen = _scenario(scenario)
    if counters is None and (counts or sites):
        raise click.UsageError("--counts and --sites need --counters: which sensor counts where.")
    crowd = read_crowd_feed(counters, counts, sites, opened, chosen) if counters else None
    out = out or Path("out") / "live" / f"{datetime.now():%Y%m%d-%H%M%S}"
    executor = RayExecutor(ray_address)
    session = ReplaySession(
        opened,
        chosen,
        Store(runs.absolute()),
        executor,
        out,
        speed=speed,
        port=port,
        webhook=webhook,
        members=members,
        signals=signals,
        crowd=crowd,
    )
    try:
        serve_replay(session, lambda words: click.echo(words, err=True))
    finally:
        executor.close()


def _scenario(name: str | None) -> Scenario:
    from networks.errors import NotThere
    from scenarios import library_scenarios, read_scenario

    known = library_scenarios()
    path = known.get((name or "cloudburst_evening").replace("-", "_"), Path(name or ""))
    if name and not path.is_file():
        raise NotThere(f"no scenario {name!r}", expected=f"a file, or one of: {', '.join(known)}")
    return read_scenario(path)
