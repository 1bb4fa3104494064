"""`twin serve`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.entrance_option import entrance_of, entrance_options, tiles_of
from twin.commands.moment_option import Moment
from twin.commands.time_option import SECONDS

if TYPE_CHECKING:
    from calibration.counting import ReadCounts
    from networks import City
    from scenarios import Scenario

_PATH = click.Path(path_type=Path)
_TOLD = (
    "thresholds", "counters", "sites", "receivers", "plans", "units", "areas", "points", "roster", "cameras", "parks",
    "area_codes", "rain_levels", "rules",
)  # fmt: skip


@click.command("serve", short_help="The live twin: feeds in, forecasts and recommendations out, the cockpit page.")
@click.argument("city", type=click.Path(path_type=Path))
@click.option("--case", "sumocfg", type=_PATH, help="A .sumocfg whose own cars are the usual demand; with --feeds.")
@click.option("--feeds", type=_PATH, help="FEEDS.yaml: where counts come from; they are recorded, too.")
@click.option("--sensors", type=_PATH, help="CSV: sensor_id and edge.  [default: the city's registered detectors]")
@click.option(
    "--begin", type=Moment(), help="Wall-clock time of the case's second 0.  [default: midnight UTC of today]"
)
@click.option("--keep", type=_PATH, multiple=True, help="Route file of the case that stays as it is, like buses.")
@click.option("--at-once", type=click.IntRange(1), help="Members that run at a time.  [default: one per CPU]")
@click.option(
    "--horizon", "horizon_s", type=SECONDS, help="How far forecasts go, like 30min.  [default: what the mode says]"
)
@click.option("--meso", is_flag=True, help="Mesoscopic, several times as fast.")
@click.option(
    "--usual",
    type=_PATH,
    multiple=True,
    help="Counts of an earlier day, one file each, three at least: incidents are sought.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of every draw.")
@click.option(
    "--clock",
    type=click.Choice(["wall", "feeds"]),
    default="wall",
    show_default=True,
    help="feeds: time goes on with what sensors say; for a simulated street.",
)
@click.option("--record/--no-record", default=True, show_default=True, help="no: another process records the feeds.")
@click.option("--cycles", type=click.IntRange(1), help="End after so many.  [default: on Ctrl-C]")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the lines.")
@click.option("--thresholds", type=_PATH, help="From where on it is trouble.  [default: as shipped]")
@click.option(
    "--receivers", type=_PATH, help="receivers.yaml: who takes orders (docs/out.md).  [default: nothing leaves]"
)
@click.option(
    "--plan", "plans", type=_PATH, multiple=True, help="Folder of response plans.  [default: those that ship]"
)
@click.option("--units", type=_PATH, help="CSV: unit_id,edge[,ready_s]; with --areas: how soon a free unit is there.")
@click.option("--areas", type=_PATH, help="CSV: area,edge[,target_s]: what units answer for.")
@click.option("--points", type=_PATH, help="CSV: gauge_id,edges[,zero_m][,close_m]: streets that gauges' water closes.")
@click.option("--roster", type=_PATH, help="CSV: agency,name,call,from,to: who is on duty and how they are reached.")
@click.option(
    "--area-code",
    "area_codes",
    multiple=True,
    help="An area the city lies in, as warnings name it (310115, UUC003).  [default: codes alone count as here]",
)
@click.option(
    "--rain-levels", default="cma", show_default=True, help="Signals that gauges' rain is held against: cma, or TOML."
)
@click.option(
    "--rules", default="rilsa", show_default=True, help="Signal plans of advice: gb, ite, rilsa, uk, or a TOML file."
)
@click.option(
    "--cameras", type=_PATH, help="CSV or GeoJSON: id,lon,lat[,heading_deg,stream ...].  [default: the city's]"
)
@click.option(
    "--parks", type=_PATH, help="CSV: sensor_id,car_park[,capacity]: whose parked_vehicles are which car park's."
)
@click.option("--replay", is_flag=True, help="Play a hidden simulation as the city's feeds (synthetic).")
@click.option("--scenario", help="Scenario file, or name of one of the library.  [default: cloudburst_evening]")
@click.option("--speed", type=click.FloatRange(0.1, 600), default=10.0, show_default=True, help="Times real time.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any free one.")
@click.option("--members", type=click.IntRange(2, 64), help="Members of each forecast.  [default: 4 in a replay]")
@click.option("--webhook", help="POST every recommendation to this address.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Desk and outbox.  [default: out/live/<now>; planning: out/planning/<city>]",
)
@click.option("--runs", type=click.Path(path_type=Path), default=Path("runs"), show_default=True, help="Store of runs.")
@click.option("--ray-address", help="host:port of a Ray cluster.  [default: a local Ray]")
@click.option("--counters", type=click.Path(path_type=Path), help="counters.csv: follow who is in which site.")
@click.option("--counts", type=click.Path(path_type=Path), help="What they told on the replay's day, played as a feed.")
@click.option("--sites", type=click.Path(path_type=Path), help="sites.yaml: what they hold; else the map's.")
@click.option("--signals/--no-signals", default=True, show_default=True, help="Also search signal timings.")
@click.option(
    "--film",
    "film_s",
    type=SECONDS,
    default="24h",
    show_default=True,
    help="How long what was shown is kept, for twin film.",
)
@click.option("--no-film", is_flag=True, help="Keep nothing of what was shown.")
@entrance_options
def serve_command(
    city: Path, sumocfg: Path | None, feeds: Path | None, replay: bool, lang: str, out: Path | None, **given: Any
) -> None:  # fmt: skip
    """Keep the twin of CITY in step with its feeds, and show it at http://127.0.0.1:PORT/.

    Only this machine reaches it, unless --host says otherwise, which needs --tls-cert, --tls-key and --sign-in.

    With --case and --feeds: counts of the feeds correct the case's own demand every five minutes, copies of the
    simulated town run through the next hour, a line tells each cycle, and what it did without. Started again with the
    same --out, it goes on where it was. With --replay: a hidden simulation plays the street. With
    neither: the planning desk alone, where what-ifs are drawn, run and compared (docs/planning.md).

    \b
    twin build town.net.xml -o cities/town
    twin serve cities/town --case town/run.sumocfg --feeds feeds.yaml --out out/town
    twin serve cities/town
    """  # noqa: D301
    from networks import City
    from twin.serving.memory import share_heaps

    if replay and sumocfg is not None:
        raise click.UsageError("give --case with --feeds: a SUMO case and its feeds; or --replay")
    if feeds is not None and sumocfg is None:
        raise click.UsageError("--feeds needs --case: a SUMO case whose own cars are the usual demand")
    if sumocfg is not None and (feeds is None or out is None):
        raise click.UsageError("--case needs --feeds and --out: where counts come from, and where all is kept")
    share_heaps()
    if replay:
        if given["host"] != "127.0.0.1" or given["tls_cert"] or given["sign_in"] or given["oidc"]:
            raise click.UsageError("a replay stays on this machine: --host, --tls-cert, --sign-in need --case")
        if given["receivers"]:
            raise click.UsageError("a replay's orders must reach nobody: --receivers needs --case")
        _serve_replay(City.open(city, verify=True), out, given, lang)
        return
    if sumocfg is None:
        _serve_planning(City.open(city, verify=True), out, given, lang)
        return
    from twin.serving import StageFiles, TownSession, serve_town

    assert sumocfg is not None and feeds is not None and out is not None
    usual = _usual(given.pop("usual"), sumocfg, given["sensors"])
    names = ("sensors", "begin", "keep", "at_once", "members", "horizon_s", "meso", "seed", "port", "record", "cycles")
    files = StageFiles(**{name: given[name] for name in _TOLD})
    session = TownSession(
        City.open(city, verify=True), sumocfg, feeds, out, usual=usual, by_feeds=given["clock"] == "feeds", files=files,
        entrance=entrance_of(given), runs=given["runs"], film=_film(given),
        **{name: given[name] for name in names},
    )  # fmt: skip
    serve_town(session, lambda told: click.echo(told[lang]))


def _serve_replay(opened: City, out: Path | None, given: dict[str, Any], lang: str) -> None:
    from scenarios import RayExecutor, Store
    from twin.live.crowd_feed import read_crowd_feed
    from twin.serving import ReplaySession, StageFiles, serve_replay

    chosen = _scenario(given["scenario"])
    counters, counts, sites = (given[name] for name in ("counters", "counts", "sites"))
    if counters is None and (counts or sites):
        raise click.UsageError("--counts and --sites need --counters: which sensor counts where.")
    crowd = read_crowd_feed(counters, counts, sites, opened, chosen) if counters else None
    out = out or Path("out") / "live" / f"{datetime.now():%Y%m%d-%H%M%S}"
    executor = RayExecutor(given["ray_address"])
    session = ReplaySession(
        opened, chosen, Store(given["runs"].absolute()), executor, out, members=given["members"] or 4, crowd=crowd,
        film=_film(given), files=StageFiles(**{name: given[name] for name in _TOLD}), tiles=tiles_of(given),
        horizon_s=given["horizon_s"] or 1800.0,
        **{name: given[name] for name in ("speed", "port", "webhook", "signals")},
    )  # fmt: skip
    try:
        serve_replay(session, lambda told: click.echo(told[lang], err=True))
    finally:
        executor.close()


def _serve_planning(opened: City, out: Path | None, given: dict[str, Any], lang: str) -> None:
    from twin.serving import PlanningSession, serve_planning

    place = out or Path("out") / "planning" / opened.folder.absolute().name
    session = PlanningSession(opened, place, given["runs"], entrance_of(given))
    serve_planning(session, lambda told: click.echo(told[lang]))


def _film(given: dict[str, Any]) -> timedelta | None:
    return None if given["no_film"] else timedelta(seconds=given["film_s"])


def _usual(files: tuple[Path, ...], sumocfg: Path, sensors: Path | None) -> tuple[ReadCounts, ...]:
    from twin.commands.counts_option import read_given, streets_of

    if not files:
        return ()
    streets = streets_of(None, sumocfg)
    return tuple(read_given((file,), streets, sensors, None, None, 300.0) for file in files)


def _scenario(name: str | None) -> Scenario:
    from networks.errors import NotThere
    from scenarios import library_scenarios, read_scenario

    known = library_scenarios()
    path = known.get((name or "cloudburst_evening").replace("-", "_"), Path(name or ""))
    if name and not path.is_file():
        raise NotThere(f"no scenario {name!r}", expected=f"a file, or one of: {', '.join(known)}")
    return read_scenario(path)
