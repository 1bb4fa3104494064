"""Ten days of history and the hidden days of a town, simulated once and kept in a folder.

TOWN/day-00 ... day-09, truth, truth-2 ...   day.npz (everything), sensors.npz (what sensors said), known.json
TOWN/places.json                             sensors, held-out streets, the edges of the paths: known to everybody
TOWN/buses.rou.xml                           the timetable: known to everybody
TOWN/truth/hidden.json                       the closed lane and when; liars.json: which sensors lie
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.calibration.experiment.day import Day, read_day
from benchmarks.calibration.experiment.days import (
    HISTORY,
    LENGTH_S,
    PERIOD_S,
    Closure,
    DayPlan,
    closed_at_s,
    hidden,
    history,
)
from benchmarks.calibration.experiment.drivers import BUSIEST, OTHER_WAYS, Trip, shipped_trips, write_drivers
from benchmarks.calibration.experiment.paths import choose_paths, driven, travel_times
from benchmarks.calibration.experiment.sensors import LIARS_DAYS, place_sensors, watch
from benchmarks.calibration.experiment.street import closable, pick, write_closure, write_rain, write_signals
from benchmarks.calibration.towns import Town
from calibration.flows import SimulatedCounts, simulated
from models.sumo import SumoCase

ENOUGH = 4.0
"""Vehicles in five minutes, on the average of history, that make a street one to be judged at."""


@dataclass(frozen=True)
class HiddenTown:
    """A town of the experiment.

    Attributes:
        town: Its network and shipped demand.
        folder: Where its days are kept.
        seed: Of everything that is drawn.
        length_s: How long a day is.
        past: Days of history.
    """

    town: Town
    folder: Path
    seed: int = 1
    length_s: float = LENGTH_S
    past: int = HISTORY

    @cached_property
    def trips(self) -> list[Trip]:
        """The shipped hour."""
        begin_s = self.town.case.begin_s
        return shipped_trips(self.town.cars, begin_s, begin_s + 3600.0)

    @cached_property
    def places(self) -> dict[str, Any]:
        """Sensors, held-out streets and paths; drawn from the first day."""
        return json.loads((self.folder / "places.json").read_text(encoding="utf-8"))

    def make(self, days: int) -> None:
        """Simulate what is not there yet: history, places, so many hidden days, what sensors said."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write_buses()
        write_signals(
            self.folder / "hidden-signals.add.xml", (self.town.case.net, *self.town.case.additionals), self.seed
        )
        for plan in history(self.seed, self.past):
            self._make_day(plan, None)
        for number in range(1, days + 1):
            plan = hidden(self.seed, number)
            self._make_day(plan, self.closure(plan))

    def day(self, name: str) -> Day:
        """A day that was made."""
        return read_day(self.folder / name / "day.npz")

    def closure(self, plan: DayPlan) -> Closure:
        """The closed lane of a hidden day."""
        first = self.day("day-00")
        hours = first.period_s * first.flow.shape[1] / 3600.0
        flow = dict(zip(first.edges, first.flow.sum(axis=1) / hours, strict=True))
        ends = Counter((trip.edges[0], trip.edges[-1]) for trip in self.trips)
        rate = BUSIEST[self.town.name]
        options = closable(self.town.net, flow, {od: rate * number for od, number in ends.items()})
        edge, lanes = pick(options, plan.seed)
        begin_s, end_s = (self.town.case.begin_s + at_s for at_s in closed_at_s(plan))
        return Closure(edge, lanes, begin_s, end_s)

    def case(self, plan: DayPlan, closure: Closure | None, folder: Path, draw: str = "") -> SumoCase:
        """Write what SUMO needs for a day.

        Args:
            plan: The day.
            closure: Its closed lane.
            folder: Where the files are written.
            draw: Another name sends other vehicles of the same expected demand.
        """
        shipped = self.town.case
        folder.mkdir(parents=True, exist_ok=True)
        write_drivers(folder / "cars.rou.xml", self.trips, plan, shipped.begin_s, BUSIEST[self.town.name], draw)
        more = [*shipped.additionals, self.folder / "hidden-signals.add.xml"]
        if plan.rain_s is not None:
            more.append(folder / "rain.add.xml")
            write_rain(more[-1], shipped.net, *(shipped.begin_s + at_s for at_s in plan.rain_s))
        if closure is not None:
            more.append(folder / "closure.add.xml")
            write_closure(more[-1], self.town.net, closure)
        routes = (folder / "cars.rou.xml", *([self.folder / "buses.rou.xml"] if self.town.buses else []))
        end_s = shipped.begin_s + self.length_s
        return replace(
            shipped, routes=routes, additionals=tuple(more), end_s=end_s, options={**shipped.options, **OTHER_WAYS}
        )

    def drive(self, plan: DayPlan, closure: Closure | None, folder: Path, draw: str = "", seed: int | None = None
              ) -> SimulatedCounts:  # fmt: skip
        """Simulate a day in micro; everything stays in `folder`. `seed` is SUMO's, instead of the day's."""
        case = self.case(plan, closure, folder, draw)
        assert case.end_s is not None
        outputs = {
            "vehroute-output": "vehroutes.xml", "vehroute-output.exit-times": "true",
            "vehroute-output.last-route": "true", "vehroute-output.write-unfinished": "true",
        }  # fmt: skip
        return simulated(
            case.net, case.routes, additional=case.additionals, begin_s=case.begin_s, end_s=case.end_s,
            period_s=PERIOD_S, seed=plan.seed if seed is None else seed, options={**case.options, **outputs},
            folder=folder.absolute(),
        )  # fmt: skip

    def measured(self, run: SimulatedCounts, folder: Path, paths: tuple[tuple[str, ...], ...]) -> Day:
        """A run as a day."""
        periods = run.counts.vehicles.shape[1]
        vehicles = tuple(driven(folder / "vehroutes.xml"))
        begin_s = self.town.case.begin_s
        times, known = travel_times(vehicles, paths, begin_s, PERIOD_S, periods)
        names = tuple(f"path-{number:02d}" for number in range(len(paths)))
        return Day(run.counts.edges, begin_s, PERIOD_S, run.counts.vehicles, run.speed_mps, names, times, known)

    def _make_day(self, plan: DayPlan, closure: Closure | None) -> None:
        place = self.folder / plan.name
        if (place / "sensors.npz").is_file():
            return
        run = self.drive(plan, closure, place / "run")
        print(f"{plan.name}: {run.totals}, {run.cpu_s:.0f} CPU s", flush=True)
        if not (self.folder / "places.json").is_file():
            self._choose_places(run, place / "run")
        day = self.measured(run, place / "run", tuple(tuple(path) for path in self.places["paths"].values()))
        begin_s = self.town.case.begin_s
        rain = None if plan.rain_s is None else [begin_s + at_s for at_s in plan.rain_s]
        _write_json(place / "known.json", plan.known() | {"rain_s": rain})
        if closure is not None:
            _write_json(place / "hidden.json", asdict(closure))
        liars = json.loads((self.folder / "liars.json").read_text(encoding="utf-8"))
        honest = closure is None and int(plan.name[-2:]) < self.past - LIARS_DAYS
        day.write(place / "day.npz")
        seen = watch(day, tuple(self.places["sensors"]), {} if honest else liars, self.seed, plan.name)
        seen.write(place / "sensors.npz")

    def _choose_places(self, run: SimulatedCounts, folder: Path) -> None:
        flow = run.counts.vehicles.mean(axis=1)
        edges = run.counts.edges
        sensors, liars = place_sensors(tuple(edge for edge, of in zip(edges, flow, strict=True) if of > 0), self.seed)
        held = [edge for edge, of in zip(edges, flow, strict=True) if of >= ENOUGH and edge not in sensors]
        length_m = {edge.edge_id: edge.length_m for edge in self.town.net.edges}
        paths = choose_paths(tuple(driven(folder / "vehroutes.xml")), length_m, self.length_s / 3600.0, self.seed)
        named = {f"path-{number:02d}": list(path) for number, path in enumerate(paths)}
        _write_json(self.folder / "places.json", {"sensors": sensors, "held": held, "paths": named})
        _write_json(self.folder / "liars.json", liars)

    def _write_buses(self) -> None:
        """The timetable of the shipped hour, hour after hour."""
        if not self.town.buses:
            return
        begin_s = self.town.case.begin_s
        text = "".join(file.read_text(encoding="utf-8") for file in self.town.buses)
        buses = re.findall(r"<vehicle\b.*?</vehicle>", text, re.S)
        lines = []
        for hour in range(int(np.ceil(self.length_s / 3600.0))):
            for bus in buses:
                shipped_s = float(bus.split('depart="', 1)[1].split('"', 1)[0])
                if begin_s <= shipped_s < begin_s + 3600.0:
                    named = re.sub(r'\bid="', f'id="{hour}-', bus, count=1)
                    at_s = shipped_s + 3600 * hour
                    lines.append((at_s, re.sub(r'\bdepart="[\d.]+"', f'depart="{at_s:g}"', named, count=1)))
        lines.sort(key=lambda one: one[0])
        beside = self.folder / "buses.part.xml"
        beside.write_text("\n".join(["<routes>", *(line for _, line in lines), "</routes>"]), encoding="utf-8")
        beside.replace(self.folder / "buses.rou.xml")


def _write_json(file: Path, what: Any) -> None:
    beside = file.with_suffix(".part")
    beside.write_text(json.dumps(what, indent=1), encoding="utf-8")
    beside.replace(file)
