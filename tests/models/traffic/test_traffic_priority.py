"""Buses first at signals: they lose less time, and no green or intergreen leaves its bounds."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from models.clock import Clock
from models.traffic import StopCall, Traffic, VehicleTrip
from models.traffic.priority import BusPriority, PriorityRule
from networks import SignalPlan, read_signal_plans

END_S, LEAST_S, BOUND_S = 900.0, 12.0, 10.0


@dataclass
class Seen:
    """Phases of every signal as they were shown: (begin, index), one entry per turn."""

    turns: dict[str, list[tuple[float, int]]] = field(default_factory=dict)

    def lengths(self, tls: str) -> list[tuple[int, float]]:
        """(phase, how long) of every turn that began and ended within the run."""
        turns = self.turns[tls]
        return [(phase, end - begin) for (begin, phase), (end, _) in itertools.pairwise(turns)][1:]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Writes down every signal's phase after each step, whatever the rule does."""
    noted, watch = Seen(), BusPriority.watch

    def noting(self: BusPriority, now: float) -> None:
        for tls in self._sumo.trafficlight.getIDList():
            turns = noted.turns.setdefault(tls, [])
            phase = self._sumo.trafficlight.getPhase(tls)
            if not turns or turns[-1][1] != phase:
                turns.append((now, phase))
        watch(self, now)

    monkeypatch.setattr(BusPriority, "watch", noting)
    return noted


def plans(town: Any, kind: str) -> dict[str, SignalPlan]:
    """The town's plans, their stages with a least green."""
    return {
        tls: replace(
            plan,
            kind=kind,
            phases=tuple(
                p if p.changing or p.duration_s < 6 else replace(p, min_s=LEAST_S, max_s=p.duration_s)
                for p in plan.phases
            ),
        )
        for tls, plan in read_signal_plans(town.net_file).items()
    }


def driven(town: Any, folder: Path, kind: str, rule: PriorityRule | None) -> Traffic:
    """Buses across the town every 73 s, with cars on all cross streets."""
    way, call = town.way("A2", "B2", "C2", "D2", "E2"), 40.0
    buses = [
        VehicleTrip(f"bus{i}", 73.0 * i, "bus", way, line="1/0", stops=(StopCall("s", way[1], call, 73.0 * i, 10.0),))
        for i in range(9)
    ]
    cars = [
        VehicleTrip(f"car{column}.{i}", 8.0 * i, "car", town.way(*(f"{column}{row}" for row in range(5))))
        for column in "BCD"
        for i in range(80)
    ]
    traffic = Traffic(
        town.net_file, town.edge_ids, [*buses, *cars], seed=1, end_s=END_S, folder=folder, water=False, walkers=False,
        plans=list(plans(town, kind).values()), priority=rule,
    )  # fmt: skip
    Clock([traffic], step_s=5.0).run(END_S)
    return traffic


def lost(traffic: Traffic) -> float:
    trips = traffic.tables()["trips"]
    buses = trips[trips["kind"] == "bus"]
    assert buses["finished"].sum() >= 8
    return float(buses["time_loss_s"].mean())


@pytest.mark.parametrize("kind", ["static", "actuated"])
def test_buses_lose_less_and_no_bound_is_broken(signal_town: Any, tmp_path: Path, seen: Seen, kind: str) -> None:
    alike = driven(signal_town, tmp_path / "alike", kind, None)
    first = driven(signal_town, tmp_path / "first", kind, PriorityRule(bound_s=BOUND_S))
    assert lost(first) < 0.9 * lost(alike)
    done = first.tables()["priority"]
    # actuated cross streets end at their least green by themselves: nothing is left to cut
    assert set(done["action"]) == ({"held", "cut", "given back"} if kind == "static" else {"held"})
    assert (done.loc[done["action"] == "cut", "seconds"] <= BOUND_S).all()
    given = plans(signal_town, kind)
    turns = 0
    for tls, plan in given.items():
        for phase, length in seen.lengths(tls):
            one = plan.phases[phase]
            if one.changing or one.duration_s < 6:
                assert length == one.duration_s, (tls, phase)
            else:
                turns += 1
                assert LEAST_S <= length <= one.duration_s + BOUND_S + 1.0, (tls, phase)
    assert turns > 100


def test_a_stage_that_tells_no_least_green_is_never_cut(signal_town: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("test_traffic_priority.LEAST_S", 42.0)
    done = driven(signal_town, tmp_path, "static", PriorityRule()).tables()["priority"]
    assert "cut" not in set(done["action"]) and "held" in set(done["action"])


def test_only_the_signals_that_are_named_give_way(signal_town: Any, tmp_path: Path) -> None:
    done = driven(signal_town, tmp_path, "static", PriorityRule(frozenset({"C2"}))).tables()["priority"]
    assert set(done["tls_id"]) == {"C2"}


def test_a_bus_that_stands_at_its_stop_asks_for_nothing(signal_town: Any, tmp_path: Path) -> None:
    way = signal_town.way("A2", "B2", "C2", "D2", "E2")
    bus = VehicleTrip("bus", 10.0, "bus", way, line="1/0", stops=(StopCall("s", way[1], 100.0, 60.0, 300.0),))
    traffic = Traffic(
        signal_town.net_file, signal_town.edge_ids, [bus], seed=1, end_s=END_S, folder=tmp_path, water=False,
        walkers=False, plans=list(plans(signal_town, "static").values()), priority=PriorityRule(),
    )  # fmt: skip
    Clock([traffic], step_s=5.0).run(END_S)
    call, done = traffic.tables()["transit"].iloc[0], traffic.tables()["priority"]
    assert call["dwell_s"] >= 299.0
    acts = done[(done["vehicle_id"] == "bus") & done["time_s"].between(call["arrived_s"] + 1, call["departed_s"] - 1)]
    assert not len(acts)
