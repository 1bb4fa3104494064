"""Bicycles and e-bikes: a share of the trips rides, and nobody else notices before the road does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from scenarios import Scenario, Store, draw_demand

if TYPE_CHECKING:
    from models.traffic import VehicleTrip
    from networks import City

RIDDEN = ("bicycle", "ebike")


def drawn(city: City, scenario: Scenario, store: Store, **demand: float) -> dict[str, VehicleTrip]:
    asked = scenario.replacing(demand={**scenario.demand.model_dump(mode="json"), **demand})
    return {trip.vehicle_id: trip for trip in draw_demand(city, asked, 1, store).trips}


def test_a_share_rides_and_the_others_drive_as_before(helsinki: City, short: Scenario, store: Store) -> None:
    base = drawn(helsinki, short, store)
    some = drawn(helsinki, short, store, bicycle_share=0.15, ebike_share=0.15)
    more = drawn(helsinki, short, store, bicycle_share=0.30, ebike_share=0.15)
    assert not [trip for trip in base.values() if trip.vtype in RIDDEN]
    assert set(some) == set(more) == set(base)
    assert all(some[name] == base[name] for name in some if some[name].vtype not in RIDDEN)
    assert all(more[name] == some[name] for name in some if some[name].vtype in RIDDEN)
    for kind in RIDDEN:
        assert sum(trip.vtype == kind for trip in some.values()) / len(some) == pytest.approx(0.15, abs=0.05)


def test_riders_keep_to_edges_for_bicycles_and_to_the_shortest_way(
    helsinki: City, short: Scenario, store: Store
) -> None:
    edges = helsinki.layer("edges").set_index("edge_id")
    driven, ridden = drawn(helsinki, short, store), drawn(helsinki, short, store, ebike_share=1.0)

    def length(trip: VehicleTrip) -> float:
        return float(edges.loc[list(trip.route), "length_m"].sum())

    riders = [trip for trip in ridden.values() if trip.vtype == "ebike"]
    assert len(riders) > 0.5 * len(ridden)
    assert all(edges.loc[list(trip.route), "bicycle"].all() for trip in riders[:200])
    also_by_bicycle = [t for t in riders if edges.loc[list(driven[t.vehicle_id].route), "bicycle"].all()]
    assert sum(length(t) <= length(driven[t.vehicle_id]) + 1e-6 for t in also_by_bicycle) > 0.99 * len(also_by_bicycle)


@pytest.mark.parametrize(
    ("demand", "words"),
    [
        ({"bicycle_share": 0.6, "ebike_share": 0.6}, "more than all trips"),
        ({"bicycle_share": 1.2}, "less than or equal to 1"),
    ],
)
def test_shares_that_make_no_sense_are_refused(short: Scenario, demand: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        short.replacing(demand=demand)
