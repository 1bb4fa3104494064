"""The stages of a served town, in their order: what is seen, what comes, what is wrong, what to do, what leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import tzinfo

    import numpy as np
    from numpy.typing import NDArray

    from models.sumo import SumoCase
    from models.sumo.change import Change
    from networks import City
    from networks.roads.net_file import Net
    from twin.alarms import Finder, Streets, Thresholds
    from twin.cycle import Stage
    from twin.desk import Desk, Permission
    from twin.feeds import FeedSet
    from twin.live.counts_now import CountsNow
    from twin.live.parks_now import Parks
    from twin.live.people_now import People
    from twin.live.posting import Posting
    from twin.live.response_times import ResponseTimes
    from twin.live.town_hour import TownHour
    from twin.live.traffic import Traffic
    from twin.live.warnings_now import WarningsNow
    from twin.live.water_points import WaterPoint
    from twin.plans import PlanBook
    from twin.store import FeedStore


@dataclass(frozen=True, slots=True)
class StageFiles:
    """Files that say what is looked for, who is called and who takes orders.

    Attributes:
        thresholds: From where on it is trouble; None: as shipped.
        counters: Counters of people by door; None: nobody counts.
        sites: What sites hold; None: the map's.
        receivers: Who takes orders; None: nothing leaves.
        plans: Folders of response plans; empty: those that ship.
        units: Units and where they wait; None: nobody asks how soon they come.
        areas: Areas that they answer for.
        points: Which streets gauges stand for; None: their water closes none.
        roster: Who is on duty; None: nobody said.
        area_codes: Codes of areas that the city lies in, as warnings name them.
        cameras: Cameras in place of the city's.
        parks: Which counter tells of which car park; None: those that are called as car parks are.
        rain_levels: Levels that rain of gauges is held against: a name or a file.
        rules: What signal plans of advice are held against: a locale, or a file.
    """

    thresholds: Path | None = None
    counters: Path | None = None
    sites: Path | None = None
    receivers: Path | None = None
    plans: tuple[Path, ...] = ()
    units: Path | None = None
    areas: Path | None = None
    points: Path | None = None
    roster: Path | None = None
    cameras: Path | None = None
    parks: Path | None = None
    area_codes: tuple[str, ...] = ()
    rain_levels: str = "cma"
    rules: str = "rilsa"


@dataclass(frozen=True, slots=True)
class Staged:
    """The stages, and those of them that others ask."""

    stages: Sequence[Stage]
    people: People | None
    posting: Posting | None
    hours: TownHour
    warnings: WarningsNow


def stages_of(
    city: City, case: SumoCase, traffic: Traffic, counts: CountsNow, store: FeedStore, desk: Desk, files: StageFiles,
    out: Path, zone: tzinfo, *, feeds: FeedSet | None = None, usual: NDArray[np.float64] | None = None, seed: int = 1,
    meso: bool = False,
) -> Staged:  # fmt: skip
    """All stages that the files and the city allow.

    Args:
        city: Where.
        case: Of the town.
        traffic: The stage of the streets.
        counts: What sensors say.
        store: Of the feeds.
        desk: Of the operators.
        files: What else is given.
        out: Folder of the service.
        zone: Of the city's clock.
        feeds: Those that are recorded; None: nobody can ask how they are.
        usual: What the sensors counted on earlier days (M, S, T), from the same second on as `counts`, or None.
        seed: Of who follows a sign.
        meso: The town is mesoscopic.

    Raises:
        BadInput: A file cannot be read.
    """
    from calibration.counting import watched_net
    from models.flood.rain import read_signal_table
    from networks import read_camera_list
    from networks.roads.net_file import read_net
    from twin.advice import AdviceGround, Adviser, Rules, changes_of
    from twin.alarms import AlarmBook, read_thresholds, shipped_thresholds, streets_of
    from twin.live.advising import Advising
    from twin.live.alarming import Alarming
    from twin.live.carried import Carried
    from twin.live.levels import Levels
    from twin.live.outcoming import Outcoming
    from twin.live.planning import Planning
    from twin.live.rain_now import RainNow
    from twin.live.sensors_now import Sensors
    from twin.live.town_hour import TownHour
    from twin.live.warnings_now import WarningsNow
    from twin.live.water_points import Water, lanes_of, read_points
    from twin.outcome import OutcomeBook
    from twin.plans import Here, PlanBook, read_plans

    limits = read_thresholds(files.thresholds) if files.thresholds else shipped_thresholds()
    net = read_net(case.net)
    streets = streets_of(net)
    response = _response(net, store, files)
    points = read_points(files.points, net) if files.points else ()
    people = _people(city, store, files, zone, counts.period_s)
    alarming = Alarming(
        _finders(limits, streets, counts, people, response, points), AlarmBook(desk.book, streets, limits.alarms)
    )
    plans = PlanBook(desk.book, read_plans(files.plans) if files.plans else read_plans())
    posting = _posting(desk, files.receivers, plans)
    levels = Levels(store, counts.period_s, {point.gauge: point.zero_m for point in points})
    traffic.water = Water(points, levels, lanes_of(net, points)) if points else None
    stages: list[Stage] = [traffic, levels]
    stages += [people] if people else []
    stages += [response] if response else []
    stages += [Sensors(counts, watched_net(case.net), out / "issues.json", usual), alarming]
    cameras = read_camera_list(city, files.cameras) if files.cameras else None
    parks = _parks(city, store, files.parks)
    stages += [parks]
    hours = TownHour(city, traffic, limits, people, response, cameras, parks)
    warnings = WarningsNow(store, Here.of(city, files.area_codes), feeds)
    rain = RainNow(store, read_signal_table(files.rain_levels))
    stages += [Planning(plans, alarming, warnings, rain), hours]
    ground = AdviceGround.of(case.net, case.additionals, Rules(case.net, files.rules))
    adviser = Adviser(traffic.town, ground, out / "advice", seed=seed, meso=meso)
    if posting is not None:

        def changes(interventions: Sequence[Mapping[str, Any]]) -> tuple[tuple[Change, ...], tuple[str, ...]]:
            return changes_of(interventions, ground, seed)

        traffic.carried = Carried(desk, posting.mailroom, changes, counts.origin)
    running = traffic.carried.plans if traffic.carried else None
    stages += [Advising(adviser, alarming, desk, traffic.lock, running)]
    stages += [posting] if posting else []
    if traffic.carried is not None:
        stages += [Outcoming(traffic.town, traffic.carried, OutcomeBook(desk.book), traffic.lock, counts)]
    return Staged(stages, people, posting, hours, warnings)


def _people(city: City, store: FeedStore, files: StageFiles, zone: tzinfo, period_s: float) -> People | None:
    from calibration.occupancy import read_counters
    from twin.live.people_now import People
    from twin.zones_now import sites_of

    if files.counters is None:
        return None
    return People(store, read_counters(files.counters), sites_of(city, files.sites), zone, period_s)


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
    points: tuple[WaterPoint, ...],
) -> list[Finder]:  # fmt: skip
    from models.crowd.sites import capacity_of
    from twin.alarms import CoverageFinder, IncidentFinder, PondingFinder, SensorFinder, SiteFinder, SpillbackFinder

    edges = dict(zip(counts.sensors, counts.edges, strict=True))
    coverage = CoverageFinder(limits.coverage, response.targets_s if response else {})
    found: list[Finder] = [
        SpillbackFinder(limits.spillback, streets), IncidentFinder(limits.incident, streets),
        PondingFinder(limits.ponding, {point.gauge: point.edges for point in points}), coverage,
        SensorFinder(limits.sensor, edges),
    ]  # fmt: skip
    if people is not None:
        held = {
            one.site_id: capacity_of(one).instant for one in people.sites.sites if one.site_id in people.layout.zones
        }
        found.append(SiteFinder(limits.site, {zone: holds for zone, holds in held.items() if holds}))
    return found


def _posting(desk: Desk, file: Path | None, plans: PlanBook) -> Posting | None:
    from twin.live.posting import Posting
    from twin.out import Mailroom, read_receivers

    if file is None:
        return None

    def permission(rec_id: str) -> Permission | None:
        """A case's task has a slash in it, a recommendation has none."""
        return plans.permission(rec_id) if "/" in rec_id else desk.permission(rec_id)

    receivers = read_receivers(file)
    mailroom = Mailroom(desk.book, receivers.channels(desk.book.clock), permission)
    return Posting(desk, mailroom, receivers, plans)
