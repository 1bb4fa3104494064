"""A city and its own demand as a SUMO case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from models.sumo import check_case, read_tables, run_native
from scenarios import Store
from scenarios.cases.city_case import city_case, plain_evening

if TYPE_CHECKING:
    from networks import City


def test_a_city_s_own_demand_is_a_case_that_runs(helsinki: City, store: Store, tmp_path: Path) -> None:
    scenario = plain_evening(helsinki, 240.0)
    assert scenario.end_s == 240.0 and scenario.warm_up_s == 0.0 and not scenario.interventions
    case = city_case(helsinki, scenario, 1, store, tmp_path / "case")
    check_case(case)
    run_native(case, 1, tmp_path / "run")
    trips = read_tables(tmp_path / "run")["trips"]
    assert len(trips) > 50 and trips.inserted.mean() > 0.8
    other = city_case(helsinki, scenario, 2, store, tmp_path / "other")
    assert case.routes[0].read_bytes() != other.routes[0].read_bytes()
