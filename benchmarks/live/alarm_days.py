"""Hidden days with a vehicle that stands in a lane, followed by a live town: what each cycle knew, kept as pictures."""

from __future__ import annotations

import json
import pickle
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

from benchmarks.calibration.experiment.days import PERIOD_S
from benchmarks.calibration.experiment.days import hidden as plan_of
from benchmarks.calibration.experiment.hidden import HiddenTown
from benchmarks.calibration.experiment.live import usual_demand, watch_of
from benchmarks.calibration.experiment.sensors import watch
from benchmarks.calibration.experiment.setting import Setting
from benchmarks.calibration.incident_days import Standing, standing_file
from calibration.counting import Counts
from calibration.flows import simulated
from calibration.live import LiveTown, Rhythm
from models.streams import stream
from twin.cycle import Picture

ORIGIN = datetime(2026, 11, 2, tzinfo=UTC)
FIRST_S, LAST_S, EVERY_S = 2700, 10800, 300
"""First and last cycle, and from one to the next, from the begin of the day."""
MEMBERS, HORIZON_S = 4, 1800.0
LASTS_S = 1800.0
DRIVERS = {"time-to-teleport": "900"}


def moment(second: float) -> datetime:
    """The time of a second on the simulation's clock."""
    return ORIGIN + timedelta(seconds=float(second))


def standing(where: HiddenTown, number: int) -> Standing | None:
    """The vehicle that stands on a day: in a lane of a street with 240 vehicles an hour, half an hour; none on every
    fourth day.
    """
    if number % 4 == 0:
        return None
    rng = stream(number, "alarm days: place")
    first = where.day("day-00")
    hourly = first.flow.sum(axis=1) / (first.flow.shape[1] * first.period_s / 3600.0)
    net = {edge.edge_id: edge for edge in where.town.net.edges}
    busy = [edge for edge, vph in zip(first.edges, hourly, strict=True) if vph > 240 and net[edge].length_m > 60]
    edge = str(rng.choice(busy))
    lanes = net[edge].lanes
    blocked = tuple(range(lanes)) if lanes == 1 or rng.random() < 0.5 else (int(rng.integers(lanes)),)
    at_m = float(rng.uniform(0.5, 0.9)) * net[edge].length_m
    return Standing(edge, blocked, at_m, where.town.case.begin_s + round(float(rng.uniform(65, 115)) * 60), LASTS_S)


def made(where: HiddenTown, number: int) -> str:
    """The name of a day, simulated where it is not there yet."""
    name = f"alarm-{number:02d}"
    place = where.folder / name
    if (place / "sensors.npz").is_file():
        return name
    plan = replace(plan_of(where.seed, 100 + number), name=name)
    what, case = standing(where, number), where.case(plan, None, place / "run")
    more = list(case.additionals)
    if what is not None:
        more.append(place / "run" / "standing.add.xml")
        more[-1].write_text(standing_file(what), encoding="utf-8")
        (place / "standing.json").write_text(json.dumps(asdict(what)), encoding="utf-8")
    routes = {
        "vehroute-output": "vehroutes.xml", "vehroute-output.exit-times": "true",
        "vehroute-output.last-route": "true", "vehroute-output.write-unfinished": "true",
    }  # fmt: skip
    assert case.end_s is not None and plan.rain_s is not None
    run = simulated(
        case.net, case.routes, additional=tuple(more), begin_s=case.begin_s, end_s=case.end_s, period_s=PERIOD_S,
        seed=plan.seed, options={**case.options, **routes, **DRIVERS}, folder=(place / "run").absolute(),
    )  # fmt: skip
    day = where.measured(run, place / "run", tuple(tuple(path) for path in where.places["paths"].values()))
    known = plan.known() | {"rain_s": [case.begin_s + at_s for at_s in plan.rain_s]}
    (place / "known.json").write_text(json.dumps(known), encoding="utf-8")
    day.write(place / "day.npz")
    liars = json.loads((where.folder / "liars.json").read_text(encoding="utf-8"))
    watch(day, tuple(where.places["sensors"]), liars, where.seed, name).write(place / "sensors.npz")
    return name


def followed(where: HiddenTown, name: str) -> list[Picture]:
    """What each cycle of a day knew; followed where it is not kept yet."""
    setting = Setting(where, name, where.folder / "work" / "alarms" / name, where.seed)
    file = setting.folder / "pictures.pickle"
    if file.is_file():
        return list(pickle.loads(file.read_bytes()))
    case, usual = usual_demand(setting)
    case = replace(case, options={**case.options, "ignore-route-errors": "true"})
    sensors = setting.known(0.0, oracle=False).today
    rhythm = Rhythm(members=MEMBERS, at_once=1, horizon_s=HORIZON_S)
    pictures = []
    with LiveTown(
        case, usual, sensors.sensors, sensors.edges, setting.folder, seed=where.seed, rhythm=rhythm
    ) as town:  # fmt: skip
        watching = watch_of(setting, town)
        for after_s in range(FIRST_S, LAST_S + 1, EVERY_S):
            known = setting.known(float(after_s), oracle=False)
            said = known.today
            counts = Counts(said.sensors, said.edges, said.begin_s, said.period_s, said.counts)
            cycle = town.cycle(known.now_s, counts, said.speeds_mps, known=watching.known)
            verdict = watching.step(counts, said.speeds_mps)
            stand = [one for one, _ in watching.standing]
            verdicts = [*stand, *([verdict] if verdict is not None and verdict not in stand else [])]
            now = moment(known.now_s)
            pictures.append(Picture(f"{name}-{now:%H%M}", now, ORIGIN, cycle.forecasts, tuple(verdicts)))
            print(f"  {name} {now:%H:%M}: {cycle.members} members, {cycle.seconds:.0f} s", flush=True)
    beside = file.with_suffix(".beside")
    beside.write_bytes(pickle.dumps(pictures))
    beside.replace(file)
    return pictures
