"""A street to listen to where there is none: a hidden simulation, told as sensors would tell it. All of it synthetic.

The hidden run has another seed and another demand than the twin is told; the twin never sees its tables, only what
the city's sensors would have said: counts per minute, the rain gauge's tips, people at gates, calls for help.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from calibration import Observation
from models.streams import stream
from networks.digest import digest_json
from networks.errors import InvalidRun
from networks.sentence import joined

if TYPE_CHECKING:
    from networks import City
    from scenarios import Executor, Run, Scenario, Store

HIDDEN_SEED = 770_001
TIP_MM = 0.1
GATE_REACH_M = 250.0
CALLS_SENSOR = "dispatch-centre"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Recording:
    """What the sensors said, in the order it was said.

    Attributes:
        recording_id: Hash of what it was made from.
        begin: Start of the hidden run, UTC.
        end: Its end, UTC.
        observations: By result time.
    """

    recording_id: str
    begin: datetime
    end: datetime
    observations: tuple[Observation, ...]


def hidden_truth(scenario: Scenario, seed: int = HIDDEN_SEED) -> Scenario:
    """The evening as it "really" is: the same happenings, and a demand that the twin is not told (+-30 %)."""
    scale = float(np.round(stream(seed, "hidden demand").uniform(0.75, 1.3), 3))
    return scenario.with_interventions(
        {"kind": "demand_change", "scale": scale}, name=f"{scenario.name}.hidden", title=scenario.title
    )


def record(city: City, scenario: Scenario, store: Store, executor: Executor, *, seed: int = HIDDEN_SEED) -> Recording:
    """Run the hidden evening, or look it up, and keep what the sensors would have said.

    Raises:
        InvalidRun: The hidden run gridlocked: there is no street to listen to.
    """
    from scenarios import run_members

    hidden = hidden_truth(scenario, seed)
    run = run_members(city, [(hidden, seed)], store, executor)[0]
    if not run.valid:
        raise InvalidRun("the hidden evening is not usable", place=run.run_id, expected=joined(run.reasons)["en"])
    recording_id = digest_json({"run": run.run_id, "city": city.digest, "version": VERSION})[:16]
    found = store.find("recording", recording_id)
    if found is None:
        observations = observe(city, hidden, run, seed)
        with store.landing("recording", recording_id) as landing:
            landing.manifest |= {
                "begin": hidden.start.isoformat(),
                "end": hidden.period.end.isoformat(),
                "synthetic": True,
            }
            _write(landing.folder / "observations.jsonl", observations)
        found = store.place("recording", recording_id)
    return Recording(
        recording_id,
        hidden.start.astimezone(UTC),
        hidden.period.end.astimezone(UTC),
        tuple(_read(found / "observations.jsonl")),
    )


def observe(city: City, scenario: Scenario, run: Run, seed: int) -> list[Observation]:
    """What the city's sensors would have said about a run, by result time; each speaks a few seconds late."""
    said = [
        *_counts(city, scenario, run),
        *_rain(city, scenario),
        *_gates(city, scenario, run),
        *_calls(city, scenario),
    ]
    late_s = stream(seed, "sensor delay").uniform(1.0, 9.0, len(said)).round(1)
    spoken = [
        _spoken(o, o.end + timedelta(seconds=float(late))) if o.period_s else o
        for o, late in zip(said, late_s, strict=True)
    ]
    return sorted(spoken, key=lambda o: (o.result_time, o.sensor_id, o.begin))


def _spoken(observation: Observation, result_time: datetime) -> Observation:
    fields = {name: getattr(observation, name) for name in observation.__slots__}
    return Observation(**(fields | {"result_time": result_time}))


class _Voice:
    """Speaks for one sensor: one observation per period of the run."""

    def __init__(self, scenario: Scenario, sensor_id: str, measure: str, period_s: float) -> None:
        self.start, self.end_s = scenario.start.astimezone(UTC), scenario.end_s
        self.sensor_id, self.measure, self.period_s = sensor_id, measure, period_s

    def say(self, result: Callable[[float, float], float]) -> Iterable[Observation]:
        """`result(from_s, to_s)` for every whole period, in run time."""
        for k in range(int(self.end_s // self.period_s)):
            begin_s = k * self.period_s
            begin = self.start + timedelta(seconds=begin_s)
            value = result(begin_s, begin_s + self.period_s)
            yield Observation(
                self.sensor_id, self.measure, begin, self.period_s, round(value, 3), "good", begin, synthetic=True
            )


def _counts(city: City, scenario: Scenario, run: Run) -> Iterable[Observation]:
    edges = run.table("edges")
    for sensor in _sensors(city, "detector"):
        mine = edges[edges["edge_id"] == sensor.edge_id]
        times, entered = mine["time_s"].to_numpy(dtype=float), mine["entered"].to_numpy(dtype=float)
        yield from _Voice(scenario, sensor.sensor_id, "vehicle_count", sensor.period_s).say(_summing(times, entered))


def _gates(city: City, scenario: Scenario, run: Run) -> Iterable[Observation]:
    """People who set off within reach of a gate counter, each counted at the nearest one."""
    walkers, graph, gates = run.table("walkers"), city.walk_graph(), _sensors(city, "gate_counter")
    if not len(walkers) or not gates:
        return
    origin = walkers["origin_node"].to_numpy(dtype=int)
    away = np.stack([np.hypot(graph.node_x - g.geometry.x, graph.node_y - g.geometry.y)[origin] for g in gates])
    nearest = np.where(away.min(axis=0) <= GATE_REACH_M, away.argmin(axis=0), -1)
    departs = walkers["depart_s"].to_numpy(dtype=float)
    for k, gate in enumerate(gates):
        times = np.sort(departs[nearest == k])
        counting = _summing(times, np.ones(len(times)))
        yield from _Voice(scenario, gate.sensor_id, "person_count", gate.period_s).say(counting)


def _summing(times: np.ndarray, amounts: np.ndarray) -> Callable[[float, float], float]:
    return lambda begin, end: float(amounts[(times >= begin) & (times < end)].sum())


def _rain(city: City, scenario: Scenario) -> Iterable[Observation]:
    """A tipping-bucket gauge: it knows of rain in tips of 0.1 mm, and of what has not tipped yet, nothing."""
    from scenarios import hyetograph_of

    rain = hyetograph_of(scenario, city)

    def fallen_mm(until_s: float) -> float:
        if rain is None:
            return 0.0
        lasted_s = np.clip(until_s - rain.times_s[:-1], 0.0, np.diff(rain.times_s))
        return float(np.floor(np.sum(lasted_s * rain.intensity_mm_h) / 3600.0 / TIP_MM + 1e-9) * TIP_MM)

    for gauge in _sensors(city, "rain_gauge"):
        voice = _Voice(scenario, gauge.sensor_id, "rain_intensity", gauge.period_s)
        yield from voice.say(lambda begin, end: (fallen_mm(end) - fallen_mm(begin)) * 3600.0 / (end - begin))


def _calls(city: City, scenario: Scenario) -> Iterable[Observation]:
    from scenarios import calls_in

    for call in calls_in(city, scenario):
        at = scenario.moment(call.time_s).astimezone(UTC)
        details = {"call_id": call.call_id, "edge_id": call.edge_id, "call_kind": call.kind, "priority": call.priority}
        yield Observation(CALLS_SENSOR, "emergency_call", at, 0.0, 1.0, "good", at, synthetic=True, details=details)


def _sensors(city: City, kind: str) -> list[Any]:
    sensors = city.layer("sensors")
    return list(sensors[sensors["kind"] == kind].sort_values("sensor_id").itertuples(index=False))


def _write(path: Path, observations: list[Observation]) -> None:
    with path.open("w", encoding="utf-8") as stream_out:
        for observation in observations:
            row = asdict(observation)
            row |= {"begin": observation.begin.isoformat(), "result_time": observation.result_time.isoformat()}
            stream_out.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")


def _read(path: Path) -> Iterable[Observation]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield from_row(json.loads(line))


def from_row(row: dict[str, Any]) -> Observation:
    """An observation from a row of a recording's `observations.jsonl`."""
    times = {name: datetime.fromisoformat(row[name]) for name in ("begin", "result_time")}
    return Observation(**(row | times))
