"""Stages that any served city has, followed or replayed: what is seen, what is wrong, which plans."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    import numpy as np
    from numpy.typing import NDArray

    from networks import City
    from networks.roads.net_file import Net
    from twin.alarms import Finder, Streets, Thresholds
    from twin.cycle import Stage
    from twin.desk import Book
    from twin.feeds import FeedSet
    from twin.live.alarming import Alarming
    from twin.live.counts_now import CountsNow
    from twin.live.levels import Levels
    from twin.live.parks_now import Parks
    from twin.live.people_now import People
    from twin.live.response_times import ResponseTimes
    from twin.live.streets_now import StreetsNow
    from twin.live.town_hour import TownHour
    from twin.live.warnings_now import WarningsNow
    from twin.live.water_points import WaterPoint
    from twin.live.wet_streets import WetStreets
    from twin.plans import PlanBook
    from twin.serving.stage_files import StageFiles
    from twin.store import FeedStore


@dataclass(frozen=True, slots=True)
class Seen:
    """The stages from the streets to the hour, and those of them that others ask."""

    stages: Sequence[Stage]
    net: Net
    alarming: Alarming
    hours: TownHour
    warnings: WarningsNow
    levels: Levels
    points: tuple[WaterPoint, ...]
    people: People | None


def seeing(
    city: City, net_file: Path, streets: StreetsNow, counts: CountsNow, store: FeedStore, book: Book, plans: PlanBook,
    files: StageFiles, out: Path, zone: tzinfo, *, feeds: FeedSet | None = None,
    usual: NDArray[np.float64] | None = None, wet: WetStreets | None = None, counted_since: datetime | None = None,
) -> Seen:  # fmt: skip
    """All stages that the files and the city allow.

    Args:
        city: Where.
        net_file: SUMO's network.
        streets: The stage of the streets; the first.
        counts: What sensors say.
        store: Of the feeds.
        book: The desk's.
        plans: Response plans and their cases.
        files: What else is given.
        out: Folder of the service.
        zone: Of the city's clock.
        feeds: Those that are recorded; None: nobody can ask how they are.
        usual: What the sensors counted on earlier days (M, S, T), from the same second on as `counts`, or None.
        wet: Streets whose water the stage of the streets forecasts; None: it has none.
        counted_since: When counting people began; None: at midnight.

    Raises:
        BadInput: A file cannot be read.
    """
    from calibration.counting import watched_net
    from models.flood.rain import read_signal_table, shipped_multiples
    from networks import read_camera_list
    from networks.roads.net_file import read_net
    from twin.alarms import AlarmBook, read_thresholds, shipped_thresholds, streets_of
    from twin.live.alarming import Alarming
    from twin.live.levels import Levels
    from twin.live.planning import Planning
    from twin.live.rain_now import RainNow
    from twin.live.sensors_now import Sensors
    from twin.live.town_hour import TownHour
    from twin.live.warnings_now import WarningsNow
    from twin.live.water_points import read_points
    from twin.plans import Here

    limits = read_thresholds(files.thresholds) if files.thresholds else shipped_thresholds()
    net = read_net(net_file)
    known = streets_of(net)
    response = _response(net, store, files)
    points = read_points(files.points, net) if files.points else ()
    people = _people(city, store, files, zone, counts.period_s, counted_since)
    finders = _finders(limits, known, counts, people, response, points, wet)
    alarming = Alarming(finders, AlarmBook(book, known, limits.alarms))
    levels = Levels(store, counts.period_s, {point.gauge: point.zero_m for point in points})
    cameras = read_camera_list(city, files.cameras) if files.cameras else None
    parks = _parks(city, store, files.parks)
    hours = TownHour(city, streets, limits, people, response, cameras, parks)
    warnings = WarningsNow(store, Here.of(city, files.area_codes), feeds)
    rain = RainNow(store, read_signal_table(files.rain_levels), shipped_multiples())
    stages: list[Stage] = [streets, levels]
    stages += [people] if people else []
    stages += [response] if response else []
    stages += [Sensors(counts, watched_net(net_file), out / "issues.json", usual), alarming, parks]
    stages += [Planning(plans, alarming, warnings, rain), hours]
    return Seen(stages, net, alarming, hours, warnings, levels, points, people)


def _people(
    city: City, store: FeedStore, files: StageFiles, zone: tzinfo, period_s: float, begin: datetime | None
) -> People | None:  # fmt: skip
    from calibration.occupancy import read_counters
    from twin.live.people_now import People
    from twin.zones_now import sites_of

    if files.counters is None:
        return None
    return People(store, read_counters(files.counters), sites_of(city, files.sites), zone, period_s, begin)


def _parks(city: City, store: FeedStore, file: Path | None) -> Parks:
    from twin.live.parks_now import Parks, read_parks

    known = {str(name) for name in city.layer("car_parks")["osm_id"]}
    return Parks(store, known, read_parks(file, known) if file else None)


def _response(net: Net, store: FeedStore, files: StageFiles) -> ResponseTimes | None:
    from networks.errors import BadInput
    from twin.live.response_times import ResponseTimes
    from twin.live.units_file import read_areas, read_units

    if files.units is None and files.areas is None:
        return None
    if files.units is None or files.areas is None:
        raise BadInput("units without areas, or areas without units", expected="--units and --areas, both")
    streets = {edge.edge_id for edge in net.edges if "passenger" in edge.allows}
    return ResponseTimes(net, read_units(files.units, streets), read_areas(files.areas, streets), store)


def _finders(
    limits: Thresholds, streets: Streets, counts: CountsNow, people: People | None, response: ResponseTimes | None,
    points: tuple[WaterPoint, ...], wet: WetStreets | None,
) -> list[Finder]:  # fmt: skip
    from models.crowd.sites import capacity_of
    from twin.alarms import CoverageFinder, IncidentFinder, PondingFinder, SensorFinder, SiteFinder, SpillbackFinder

    stands = {point.gauge: point.edges for point in points}
    ponding = PondingFinder(limits.ponding, stands)
    if wet is not None:
        ponding = PondingFinder(limits.ponding, ChainMap(stands, wet.edges), wet.places)
    edges = dict(zip(counts.sensors, counts.edges, strict=True))
    coverage = CoverageFinder(limits.coverage, response.targets_s if response else {})
    found: list[Finder] = [
        SpillbackFinder(limits.spillback, streets), IncidentFinder(limits.incident, streets),
        ponding, coverage, SensorFinder(limits.sensor, edges),
    ]  # fmt: skip
    if people is not None:
        held = {
            one.site_id: capacity_of(one).instant for one in people.sites.sites if one.site_id in people.layout.zones
        }
        found.append(SiteFinder(limits.site, {zone: holds for zone, holds in held.items() if holds}))
    return found
