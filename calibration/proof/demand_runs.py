"""One demand, simulated with several seeds: what every criterion compares with the street."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from calibration.flows import Totals, simulated
from calibration.proof.driven_journeys import OUTPUT, Drives, read_drives
from calibration.proof.evidence import Floats
from calibration.proof.hours import cut, hourly
from models.sumo.streaming import read_elements
from networks.roads.net_file import read_net

TRIPS = "tripinfo.xml"


@dataclass(frozen=True)
class Setting:
    """What is simulated around a demand.

    Attributes:
        net_file: The network.
        additional: Stops, vehicle types, signal programs.
        keep: Route files of vehicles that are known and stay (buses).
        begin_s: First second that counts.
        end_s: Last second.
        period_s: Periods that are counted.
        ahead_s: Time before the first second in which the streets fill, whole periods; they are empty before.
        options: More of SUMO's options.
        drives: Whether how long each vehicle took is kept, for journey times.
    """

    net_file: Path
    additional: tuple[Path, ...]
    keep: tuple[Path, ...]
    begin_s: float
    end_s: float
    period_s: float
    ahead_s: float = 0.0
    options: Mapping[str, str] = field(default_factory=dict)
    drives: bool = False


@dataclass(frozen=True)
class DemandRuns:
    """What a demand does.

    Attributes:
        edges: Streets of the network (E).
        flows_vph: By seed, edge and hour (R, E, H).
        speeds_mps: Mean over the window by seed and edge (R, E); NaN where nobody was.
        lengths_m: Ways of those who arrived, first seed (N).
        vehicles: Due within the window, without those that stay.
        totals: By seed (R); with those that stay.
        cpu_s: Processor seconds of all seeds.
        vehicles_by_period: Counted by seed, edge and period (R, E, T).
        drives: How long vehicles took, by seed; empty where nobody asked.
    """

    edges: tuple[str, ...]
    flows_vph: Floats
    speeds_mps: Floats
    lengths_m: Floats
    vehicles: int
    totals: tuple[Totals, ...]
    cpu_s: float
    vehicles_by_period: Floats = field(default_factory=lambda: np.zeros((0, 0, 0)))
    drives: tuple[Drives, ...] = ()

    def at(self, edges: Sequence[str]) -> Floats:
        """Flows on some edges by seed, edge and hour (R, S, H)."""
        place = {name: row for row, name in enumerate(self.edges)}
        return self.flows_vph[:, [place[name] for name in edges]]

    def journey_s(self, route: Sequence[str], begin_s: float, period_s: float) -> float:
        """Time along a route for those who set out in a period, mean of the seeds (s)."""
        return float(np.mean([one.period(route, begin_s, period_s) for one in self.drives]))

    @property
    def waiting(self) -> float:
        """Share of all due vehicles that found no room to enter, mean of the seeds."""
        return float(np.mean([one.waiting / max(1, one.inserted + one.waiting) for one in self.totals]))


def run_demand(setting: Setting, demand: Sequence[Path], seeds: Sequence[int]) -> DemandRuns:
    """Simulate a demand in micro, once with each seed.

    Args:
        setting: Around it.
        demand: Its route files.
        seeds: SUMO's, at least one.
    """
    flows, speeds, counts, totals, cpu_s = list[Floats](), list[Floats](), list[Floats](), list[Totals](), 0.0
    drives, free_s = list[Drives](), _free_s(setting.net_file) if setting.drives else {}
    lengths, due, edges = np.zeros(0), 0, tuple[str, ...]()
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="citytwin-proof-")))
        for seed in seeds:
            folder = place / str(seed)
            asked = {**setting.options, **(OUTPUT if setting.drives else {})}
            if not flows:
                asked |= {"tripinfo-output": TRIPS, "tripinfo-output.write-unfinished": "true",
                          "tripinfo-output.write-undeparted": "true"}  # fmt: skip
            run = simulated(
                setting.net_file, (*demand, *setting.keep), additional=setting.additional,
                begin_s=setting.begin_s - setting.ahead_s, end_s=setting.end_s, period_s=setting.period_s, seed=seed,
                options=asked, folder=folder,
            )  # fmt: skip
            if not flows:
                lengths, due, edges = *_trips(folder / TRIPS, setting), run.counts.edges
            counted = cut(run.counts, setting.begin_s, setting.end_s)
            assert counted is not None
            late = slice(run.counts.vehicles.shape[1] - counted.vehicles.shape[1], None)
            flows.append(hourly(counted))
            counts.append(counted.vehicles)
            if setting.drives:
                drives.append(read_drives(folder / OUTPUT["vehroute-output"], setting.begin_s, free_s))
            speeds.append(_mean_speed(run.speed_mps[:, late], run.vehicle_s[:, late]))
            totals.append(run.totals)
            cpu_s += run.cpu_s
    return DemandRuns(
        edges, np.array(flows), np.array(speeds), lengths, due, tuple(totals), cpu_s, np.array(counts), tuple(drives)
    )  # fmt: skip


def _free_s(net_file: Path) -> dict[str, float]:
    return {edge.edge_id: edge.length_m / max(edge.speed_mps, 0.1) for edge in read_net(net_file).edges}


def _mean_speed(speed_mps: Floats, vehicle_s: Floats) -> Floats:
    """Distance driven over time spent, by edge."""
    driven = np.nansum(speed_mps * vehicle_s, axis=1)
    spent = vehicle_s.sum(axis=1)
    return np.where(spent > 0, driven / np.where(spent > 0, spent, 1.0), np.nan)


def _trips(file: Path, setting: Setting) -> tuple[Floats, int]:
    """Ways of those who arrived, and how many were due within the window, without vehicles that stay."""
    lengths: list[float] = []
    due = [0]
    known = _names(setting.keep)

    def start(name: str, items: Mapping[str, str], _line: int) -> None:
        if name == "tripinfo" and items["id"].split(".")[0] not in known and items["id"] not in known:
            left_s, late_s = float(items.get("depart", -1)), float(items.get("departDelay", 0))
            due[0] += (left_s if left_s >= 0 else setting.end_s) - late_s >= setting.begin_s - 0.5
            if float(items.get("arrival", -1)) >= 0:
                lengths.append(float(items["routeLength"]))

    read_elements(file, start)
    return np.array(lengths), due[0]


def _names(files: Sequence[Path]) -> set[str]:
    """Vehicles and flows of some route files."""
    names: set[str] = set()

    def start(name: str, items: Mapping[str, str], _line: int) -> None:
        if name in ("vehicle", "trip", "flow"):
            names.add(items.get("id", ""))

    for file in files:
        read_elements(file, start)
    return names
