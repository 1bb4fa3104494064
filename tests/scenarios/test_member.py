"""One member, whole: the same inputs and seed give the same tables, and a repeated run is a look-up."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from networks.errors import BadScenario
from scenarios import (
    MEASURES,
    RayExecutor,
    Run,
    Scenario,
    Store,
    compare,
    edge_forecast,
    flood_of,
    forecast_from,
    load_flood,
    run_crowd_only,
    run_ensemble,
    run_member,
    run_members,
)

if TYPE_CHECKING:
    from networks import City


@pytest.fixture(scope="module")
def run(helsinki: City, short: Scenario, store: Store) -> Run:
    return run_member(helsinki.folder, short, 1, store.root)


def test_a_member_has_all_tables_and_measures(run: Run, short: Scenario) -> None:
    assert run.valid, run.reasons
    assert set(run.digests) == {"edges", "trips", "watch", "walkers", "links", "crowding", "calls", "parties"}
    not_asked_for = {"co2_kg", "nox_kg", "pmx_kg", "fuel_kg", "hospital_in_8_min"}  # the demo's map has no hospital
    not_asked_for |= {"bus_lateness_mean_s", "buses_on_time", "bus_excess_wait_s"}  # nor has it a timetable
    not_asked_for |= {"parking_queue_max", "parking_search_mean_s", "parked_share", "visitors_in_time"}  # all are there
    assert set(run.measures) == set(MEASURES) - not_asked_for
    assert run.table("edges", verify=True)["time_s"].max() < short.end_s
    assert run.table("edges")["depth_m"].max() > 0.05
    assert run.table("walkers")["arrive_s"].notna().mean() > 0.3
    assert run.measures["calls_answered"] == 1
    manifest = run.manifest
    assert manifest["demand"]["provenance"] and manifest["guesses"] and manifest["visitors"]["people"] == 600
    assert set(manifest["inputs"]) >= {"city", "scenario", "seed", "flood", "code", "engines"}


def test_a_repeated_run_is_a_look_up(run: Run, helsinki: City, short: Scenario, store: Store) -> None:
    before = (run.folder / "manifest.json").stat().st_mtime_ns
    again = run_member(helsinki.folder, short, 1, store.root)
    assert again == run
    assert (run.folder / "manifest.json").stat().st_mtime_ns == before


def test_words_change_nothing_and_one_input_changes_the_id(
    run: Run, helsinki: City, short: Scenario, store: Store
) -> None:
    renamed = short.replacing(name="other", title={"en": "Other", "zh": "其他"})
    assert run_member(helsinki.folder, renamed, 1, store.root).run_id == run.run_id
    from scenarios.members.inputs import member_inputs
    from scenarios.results.store import address

    changed = short.with_interventions({"kind": "demand_change", "scale": 0.9})
    assert address(member_inputs(helsinki, changed, 1, store, None)) != run.run_id
    assert flood_of(helsinki, changed, store) == run.manifest["inputs"]["flood"]


@pytest.mark.ray
def test_ray_and_serial_give_the_same_digests_and_the_flood_is_made_once(
    run: Run, helsinki: City, short: Scenario, tmp_path: Path, ray_executor: RayExecutor
) -> None:
    store = Store(tmp_path / "other")
    done: list[tuple[str, int, int]] = []
    ensemble = run_ensemble(helsinki, short, (1, 2), store, ray_executor, lambda *step: done.append(step))
    first, second = ensemble.runs
    assert (first.run_id, first.digests, first.measures) == (run.run_id, run.digests, run.measures)
    assert second.digests["trips"] != first.digests["trips"]
    assert len(store.ids("flood")) == 1
    assert done == [("short-evening", 0, 2), ("short-evening", 1, 2), ("short-evening", 2, 2)]
    assert list(ensemble.table["seed"]) == [1, 2]
    assert ensemble.mean("trips_finished") == sum(r.measures["trips_finished"] for r in ensemble.runs) / 2

    fewer = short.with_interventions({"kind": "demand_change", "scale": 0.5}, name="half")
    half = run_ensemble(helsinki, fewer, (1, 2), store, ray_executor)
    assert compare(ensemble, half).row("trips_finished").difference < 0
    assert len(store.ids("flood")) == 1


def test_the_crowd_alone_walks_as_it_does_in_the_whole(run: Run, helsinki: City, short: Scenario, store: Store) -> None:
    alone = run_crowd_only(helsinki, short, 1, store)
    assert alone.run_id != run.run_id
    one, other = (member.table("walkers") for member in (alone, run))
    assert (one[["depart_s", "origin_node", "target"]] == other[["depart_s", "origin_node", "target"]]).all(axis=None)
    # alone they wait an expected time at signals, beside the traffic for the lights as they run
    assert alone.measures["egress_mean_s"] == pytest.approx(run.measures["egress_mean_s"], rel=0.1)
    assert (one["arrive_s"] != other["arrive_s"]).any()
    assert "mean_delay_s" not in alone.measures


def test_a_forecast_has_the_depths_of_the_storm(run: Run, helsinki: City, store: Store, short: Scenario) -> None:
    forecast = edge_forecast(helsinki, [run], store)
    edges = len(helsinki.layer("edges"))
    assert forecast.travel_time_s.shape == forecast.depth_m.shape == (len(forecast.times_s), edges)
    assert (forecast.travel_time_s > 0).all()
    flood = load_flood(store, run.manifest["inputs"]["flood"])
    assert forecast.depth_m[1] == pytest.approx(flood.road_depth_m[5])
    by_forecast = short.replacing(dispatch={**short.dispatch.model_dump(mode="json"), "policy": "forecast"})
    forecast_id = forecast_from(helsinki, short, [run], store)
    answered = run_member(helsinki.folder, by_forecast, 1, store.root, forecast_id=forecast_id)
    assert answered.measures["calls_answered"] == 1
    with pytest.raises(BadScenario, match="needs a forecast"):
        run_member(helsinki.folder, by_forecast, 1, store.root)


def test_members_of_several_scenarios_come_back_in_order(
    helsinki: City, short: Scenario, store: Store, run: Run
) -> None:
    from scenarios import SerialExecutor

    dry = short.replacing(
        name="dry", interventions=[i.model_dump(mode="json") for i in short.interventions if i.kind != "rainfall"]
    )
    seen: list[Run] = []
    runs = run_members(helsinki, [(dry, 1), (short, 1)], store, SerialExecutor(), seen.append)
    assert runs == seen
    assert runs[1] == run
    assert runs[0].manifest["inputs"]["flood"] is None
    assert runs[0].measures["vehicles_in_water"] == 0
    assert runs[0].digests["walkers"] != "" and not math.isnan(runs[0].measures["mean_delay_s"])


def test_a_member_that_runs_away_is_stopped_kept_with_its_reason_and_not_run_again(
    helsinki: City, short: Scenario, store: Store
) -> None:
    lost = short.replacing(name="lost", validity={"cost": 0.01})
    first = run_member(helsinki.folder, lost, 1, store.root)
    assert not first.valid and "runaway cost" in first.reasons[0]["en"] and "计算量失控" in first.reasons[0]["zh"]
    told = first.manifest["validity"]
    assert told["stopped_s"] < short.end_s and first.table("trips")["depart_planned_s"].max() < told["stopped_s"]
    assert first.table("watch")["time_s"].max() == told["stopped_s"]
    before = (first.folder / "manifest.json").stat().st_mtime_ns
    assert run_member(helsinki.folder, lost, 1, store.root) == first
    assert (first.folder / "manifest.json").stat().st_mtime_ns == before
    assert lost.digest != short.digest  # limits are part of a run's id
