"""The watchdog: what seizes up is stopped and named, and nothing is stopped that would have been valid at its end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.clock import Clock
from models.traffic import Limits, Traffic, VehicleTrip, Watchdog
from models.traffic.validity import judge

QUIET = {"due": 1000, "inserted": 1000, "teleports": 0, "running": 100, "standing": 30}


def watched(*looks: dict[str, Any], planned: int = 1000, free_s: float | None = None) -> list[str]:
    dog = Watchdog(planned, free_s)
    for k, look in enumerate(looks):
        dog.look(30.0 * k, **(QUIET | look))
    return [reason["en"] for reason in dog.reasons]


def test_a_run_that_flows_is_left_alone() -> None:
    assert watched(*[{}] * 200, free_s=1e6) == []


def test_teleports_are_held_against_all_that_could_still_drive() -> None:
    assert watched({"teleports": 30, "inserted": 100}) == []  # 30 of 100 so far, but a thousand are to come
    assert watched({"teleports": 31, "inserted": 100}) == ["31 teleports for 1000 vehicles: more than 3%"]


def test_entries_that_lag_a_quarter_of_an_hour_are_a_fault_that_stays() -> None:
    jam = [{"due": 600, "inserted": 400}] * 31  # due at 0 s, not in at 900 s
    assert watched(*jam[:30]) == []
    assert watched(*jam) == ["200 of 1000 trips could not enter within 15 minutes: more than 10%"]
    assert watched(*jam, {}) == watched(*jam)  # that they entered later takes nothing back


def test_a_standstill_of_ten_minutes_is_gridlock_and_one_of_nine_is_not() -> None:
    still = {"standing": 96}
    assert watched(*[still] * 20, {}, *[still] * 20) == []
    assert watched(*[still] * 21) == ["gridlock: 96 of 100 vehicles stood, more than 95% for 10 minutes on end"]
    assert watched(*[still | {"running": 19, "standing": 19}] * 60) == []  # a handful at one red light


def test_runaway_cost_is_counted_in_vehicle_seconds() -> None:
    assert watched(*[{}] * 11, free_s=2400.0) == []  # 10 x 30 s x 80 vehicles beyond the first 20 = 24,000
    assert "runaway cost: 11.0 times" in watched(*[{}] * 12, free_s=2400.0)[0]


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """(due, inserted, teleports) from look to look: counts that only grow, nobody enters before being due."""
    steps = draw(st.lists(st.tuples(st.integers(0, 60), st.floats(0, 1), st.integers(0, 4)), min_size=1, max_size=60))
    found, due, entered, lifted = [], 0, 0, 0
    for more, share, teleports in steps:
        due += more
        entered += int(share * (due - entered))
        lifted += teleports
        found.append((due, entered, lifted))
    return found


@given(histories())
@settings(max_examples=300, deadline=None)
def test_what_stops_a_run_early_makes_it_invalid_at_its_end(history: list[tuple[int, int, int]]) -> None:
    planned, entered, lifted = history[-1]
    dog = Watchdog(planned)
    stopped: tuple[Any, ...] = ()
    for k, (due, inserted, teleports) in enumerate(history):
        told = dog.look(60.0 * k, due=due, inserted=inserted, teleports=teleports, running=0, standing=0)
        stopped = stopped or told
        assert set(map(str, stopped)) <= set(map(str, told))  # nothing is taken back
    end = judge(
        planned=planned, inserted=entered, waiting=planned - entered, teleports=lifted, standing_share=0.0,
        seen=dog.reasons,
    )  # fmt: skip
    assert end.valid is False or not stopped
    if any("teleports" in reason["en"] for reason in stopped):  # by the rule at the end alone, without a latch
        alone = judge(planned=planned, inserted=entered, waiting=0, teleports=lifted, standing_share=0.0)
        assert not alone.valid


def drive(town: Any, trips: list[VehicleTrip], folder: Path, **options: Any) -> Traffic:
    options = {"end_s": 3600.0, "water": False, "walkers": False} | options
    traffic = Traffic(town.net_file, town.edge_ids, trips, seed=1, folder=folder, **options)
    Clock([traffic], step_s=10.0).run(options["end_s"])
    return traffic


def all_red(town: Any, node: str) -> Any:
    from networks import read_signal_plans

    plan = read_signal_plans(town.net_file)[node]
    return replace(plan, phases=tuple(replace(p, state="r" * len(p.state)) for p in plan.phases))


def stream_of(route: tuple[str, ...], number: int, every_s: float) -> list[VehicleTrip]:
    return [VehicleTrip(f"v{i}", i * every_s, "car", route) for i in range(number)]


def test_a_blocked_junction_is_gridlock_stopped_early_and_named(signal_town: Any, tmp_path: Path) -> None:
    way = signal_town.way("A0", "A1", "A2", "A3", "A4")
    traffic = drive(signal_town, stream_of(way, 30, 10.0), tmp_path, teleport_s=-1, plans=[all_red(signal_town, "A2")])
    verdict, trips = traffic.validity(), traffic.tables()["trips"]
    assert not verdict.valid and verdict.stopped_s is not None and 600 < verdict.stopped_s < 1800
    assert [reason["en"] for reason in verdict.reasons] == [
        "gridlock: 30 of 30 vehicles stood, more than 95% for 10 minutes on end",
        f"stopped after {round(verdict.stopped_s / 60)} min",
    ]
    assert len(trips) == 30 and trips.inserted.all() and not trips.finished.any()  # the tables so far are there
    assert traffic.tables()["watch"].time_s.max() == verdict.stopped_s


def test_the_same_junction_with_forced_moves_is_stopped_for_its_teleports(signal_town: Any, tmp_path: Path) -> None:
    way = signal_town.way("A0", "A1", "A2", "A3", "A4")
    traffic = drive(signal_town, stream_of(way, 60, 5.0), tmp_path, teleport_s=60, plans=[all_red(signal_town, "A2")])
    verdict = traffic.validity()
    assert verdict.stopped_s is not None and verdict.stopped_s < 600 and verdict.teleports >= 2
    assert "teleports for 60 vehicles" in verdict.reasons[0]["en"]


def test_demand_that_cannot_enter_is_stopped_after_a_quarter_of_an_hour(town: Any, tmp_path: Path) -> None:
    trips = stream_of(town.way("A0", "A1"), 1000, 0.1)
    verdict = drive(town, trips, tmp_path).validity()
    assert verdict.stopped_s is not None and 900 < verdict.stopped_s <= 1020
    assert "could not enter within 15 minutes" in verdict.reasons[0]["en"]


def test_a_run_that_is_not_to_be_stopped_goes_on_and_is_invalid_all_the_same(town: Any, tmp_path: Path) -> None:
    trips = stream_of(town.way("A0", "A1"), 1000, 0.1)
    verdict = drive(town, trips, tmp_path, limits=Limits(stop_early=False), end_s=1200).validity()
    assert verdict.stopped_s is None and not verdict.valid
    assert "could not enter within 15 minutes" in verdict.reasons[0]["en"]
    assert drive(town, trips, tmp_path / "wide", limits=Limits(lag=1.0, waiting=1.0), end_s=1200).validity().valid


def test_limits_are_those_of_a_scenario_file() -> None:
    from dataclasses import asdict

    from scenarios.schema import ValidityText

    assert ValidityText().model_dump() == asdict(Limits())
