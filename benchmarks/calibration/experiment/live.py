"""The twin itself: demand from the past days' sensors and the survey, then `LiveTown`, cycle after cycle."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.calibration.experiment.known import Known
from benchmarks.calibration.experiment.setting import Forecaster, Setting
from calibration.counting import Counts
from calibration.flows import PathSet, calibrate_demand
from calibration.incidents import Watch, Watching, in_town, reach_in, streets_in, usual_of
from calibration.live import LiveTown, Rhythm, Usual
from calibration.skill import Forecast
from models.sumo import SumoCase
from models.sumo.change import Change
from models.sumo.changes import LanesClosed

TYPES = {"bologna": "private"}
"""Vehicle types that the town's own files define; elsewhere SUMO's default car with gaps as RESCO's files have them."""
CAR = '<additional><vType id="twin-car" speedDev="0.1" length="4.3" minGap="1.5"/></additional>'
CALIBRATED_S = 900.0
MEMBERS, AT_ONCE = 8, 2
SAID = "said-{:.0f}.npz"
"""What was said at a moment: members (M, N, H) at the judged places, by quantity, and the `pace` that is in them."""


Closed = Callable[[float], Sequence[tuple[float, Change]]]
"""Closures that are known at a moment, each with the moment since which it holds."""


@contextmanager
def twin(setting: Setting) -> Iterator[Forecaster]:
    """`LiveTown` on the shipped street: it knows no hidden signal plan, driver, route, rain or closure."""
    with _followed(setting, lambda _: ()) as forecast:
        yield forecast


@contextmanager
def mesoscopic(setting: Setting) -> Iterator[Forecaster]:
    """The same in SUMO's mesoscopic model."""
    with _followed(setting, lambda _: (), meso=True) as forecast:
        yield lambda known: [replace(one, source="twin, meso") for one in forecast(known)]


@contextmanager
def told(setting: Setting) -> Iterator[Forecaster]:
    """The same, and somebody tells it of the closure in the cycle after its begin, and in that after its end."""
    closure = setting.hidden.closure(setting.plan)
    lanes = LanesClosed(tuple(f"{closure.edge}_{lane}" for lane in closure.lanes), reroute=True)

    def closed(now_s: float) -> Sequence[tuple[float, Change]]:
        return ((closure.begin_s, lanes),) if closure.begin_s <= now_s < closure.end_s else ()

    with _followed(setting, closed) as forecast:
        yield lambda known: [replace(one, source="twin, told") for one in forecast(known)]


@contextmanager
def watching(setting: Setting) -> Iterator[Forecaster]:
    """The twin that looks for blocked lanes itself, and drives with what it found from the next cycle on."""
    with _followed(setting, lambda _: (), watched=True) as forecast:
        yield lambda known: [replace(one, source="twin, watching") for one in forecast(known)]


@contextmanager
def _followed(setting: Setting, closed: Closed, *, watched: bool = False, meso: bool = False) -> Iterator[Forecaster]:
    case, usual = usual_demand(setting)
    case = replace(case, options={**case.options, "ignore-route-errors": "true"})  # ways through a closed street
    sensors = setting.known(0.0, oracle=False).today
    with LiveTown(
        case, usual, sensors.sensors, sensors.edges, setting.folder, seed=setting.seed,
        rhythm=Rhythm(members=MEMBERS, at_once=AT_ONCE), ways=setting.paths, meso=meso,
    ) as town:  # fmt: skip
        watch = watch_of(setting, town) if watched else None

        def forecast(known: Known) -> Sequence[Forecast]:
            said = known.today
            counts = Counts(said.sensors, said.edges, said.begin_s, said.period_s, said.counts)
            holds = watch.known if watch else closed(known.now_s)
            cycle = town.cycle(known.now_s, counts, said.speeds_mps, known=holds)
            verdict = watch.step(counts, said.speeds_mps) if watch else None
            if verdict is not None:
                print(f"  {setting.name} {known.now_s:.0f} s: since {verdict.since_s:.0f} s {verdict.words['en']}")
            low, mode, high = cycle.factor
            print(
                f"  {setting.name} {known.now_s:.0f} s: {cycle.members} members, {cycle.seconds:.0f} s, demand"
                f" {low:.2f} {mode:.2f} {high:.2f} of the usual, GEH {cycle.misfit:.1f} {dict(cycle.left_out) or ''}",
                flush=True,
            )
            _keep(setting, known.now_s, cycle.forecasts, cycle.pace)
            return cycle.forecasts

        yield forecast


def watch_of(setting: Setting, town: LiveTown) -> Watching:
    """What sensors said on the days of history is usual; suspicions are tried in the town as it is now."""
    known = setting.known(0.0, oracle=False)
    days = [day.sensors for day in known.past if day.kind == known.kind]
    flow, speed = np.array([day.counts for day in days]), np.array([day.speeds_mps for day in days])
    what = usual_of(flow, speed, known.today.period_s)
    usual = town.usual
    net = setting.hidden.town.case.net
    reach = reach_in(net, usual.paths, usual.flows.sum(axis=1), known.today.edges)
    attempt = in_town(town, usual.period_s)
    watch = Watch(what.expected, reach, streets_in(net), what.threshold, attempt, what.errors, back_s=town.rhythm.lag_s)
    return Watching(watch)


def usual_demand(setting: Setting) -> tuple[SumoCase, Usual]:
    """The shipped street without its cars, and the demand that the twin believes usual on it."""
    place = setting.hidden.folder / "twin"
    case, vehicle_type = _case(setting, place)
    return case, _usual(setting, case, vehicle_type, place)


def _keep(setting: Setting, now_s: float, forecasts: Sequence[Forecast], pace: float) -> None:
    judged = {"flow": setting.held, "speed": setting.held, "travel_time": tuple(setting.paths)}
    found = {
        one.quantity: one.members[:, [one.places.index(place) for place in judged[one.quantity]]] for one in forecasts
    }
    found["pace"] = np.array(pace)
    np.savez_compressed(setting.folder / SAID.format(now_s), **found)  # type: ignore[arg-type]


def usual_counts(setting: Setting) -> Counts:
    """What is usual at the sensors (median day of this kind) and at the judged streets on the survey's days."""
    known = setting.known(0.0, oracle=False)
    days = [day for day in known.past if day.kind == known.kind]
    today = known.today
    said = np.nanmedian([day.sensors.counts for day in days], axis=0)
    looked = [day.seen["flow"] for day in known.past if day.seen is not None]
    mean = np.mean([one.values for one in looked], axis=0)
    edges = (*today.edges, *looked[0].places)
    return Counts(edges, edges, today.begin_s, today.period_s, np.vstack([said, mean]))


def _case(setting: Setting, place: Path) -> tuple[SumoCase, str]:
    """The shipped case without its cars."""
    town = setting.hidden.town
    place.mkdir(parents=True, exist_ok=True)
    buses = (setting.hidden.folder / "buses.rou.xml",) if town.buses else ()
    more = town.case.additionals
    if town.name not in TYPES:
        (place / "car.add.xml").write_text(CAR, encoding="utf-8")
        more = (*more, (place / "car.add.xml").absolute())
    return replace(town.case, routes=buses, additionals=more, end_s=None), TYPES.get(town.name, "twin-car")


def _usual(setting: Setting, case: SumoCase, vehicle_type: str, place: Path) -> Usual:
    kept = place / "usual.npz"
    if not kept.is_file():
        counts = usual_counts(setting)
        found = calibrate_demand(
            case.net, counts.over(CALIBRATED_S), additional=case.additionals, known=case.routes, rounds=3,
            micro_rounds=1, seed=setting.seed, vehicle_type=vehicle_type,
        )  # fmt: skip
        print(f"demand of the twin: mean GEH {found.misfit:.1f}, {found.flows.sum():.0f} vehicles", flush=True)
        fields = {name: np.asarray(getattr(found.paths, name)) for name in PathSet.__slots__}
        np.savez(kept, flows=found.flows, **fields)  # type: ignore[arg-type]
    with np.load(kept) as file:
        fields = {name: file[name] for name in PathSet.__slots__}
        paths = PathSet(**{**fields, "edges": tuple(map(str, fields["edges"]))})
        flows = _finer(file["flows"], round(CALIBRATED_S / 300.0))
    return Usual(paths, flows, case.begin_s, 300.0, vehicle_type)


def _finer(flows: np.ndarray, parts: int) -> np.ndarray:
    """Shorter periods, straight lines between the middles of the long ones; sums stay nearly the same."""
    long = np.arange(flows.shape[1]) * parts + (parts - 1) / 2
    short = np.arange(flows.shape[1] * parts)
    return np.array([np.interp(short, long, row) for row in flows / parts])
