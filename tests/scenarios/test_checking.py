"""A scenario that does not fit the city is refused before anything is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from networks.errors import BadScenario
from scenarios import Scenario, check_scenario, read_scenario
from scenarios.library import library_scenarios

if TYPE_CHECKING:
    from networks import City

OUTSIDE = "2026-07-17T19:00:00+03:00"
PLACE = {"attraction": "Kauppatori"}


@pytest.mark.parametrize("name", sorted(library_scenarios()))
def test_the_library_fits_the_demo_city(name: str, helsinki: City) -> None:
    check_scenario(read_scenario(library_scenarios()[name]), helsinki)


@pytest.mark.parametrize(
    ("intervention", "words"),
    [
        ({"kind": "road_closure", "edges": ["nowhere"]}, "edge 'nowhere' is not in the city"),
        ({"kind": "road_closure", "edges": ["EDGE"], "begin": OUTSIDE}, "begins after the period"),
        ({"kind": "demand_change", "scale": 1, "origins": ["nowhere"]}, "demand_change: edge 'nowhere'"),
        ({"kind": "demand_change", "scale": 9}, "more than can be drawn"),
        ({"kind": "event", "name": "x", "at": {"attraction": "?"}, "people": 1, "ends": "IN"}, "called '?'"),
        (
            {"kind": "event", "name": "x", "at": {"lon": 60.1, "lat": 24.9}, "people": 1, "ends": "IN"},
            "outside the map",
        ),
        ({"kind": "event", "name": "x", "at": PLACE, "people": 1, "ends": OUTSIDE}, "ends outside the period"),
        ({"kind": "emergency_call", "call_id": "x", "time": "IN", "at": {"edge": "nowhere"}}, "'nowhere' is not"),
        ({"kind": "emergency_call", "call_id": "x", "time": "IN", "at": PLACE, "unit": "none"}, "no unit 'none'"),
        ({"kind": "visitor_guidance", "event": "none"}, "no event 'none'"),
        ({"kind": "visitor_guidance", "exit_shares": {"up": 1}}, "no exit 'up'"),
        ({"kind": "visitor_guidance", "stop_shares": {"none": 1}}, "no stop called 'none'"),
        (
            {"kind": "signal_plan", "plans": [{"tls_id": "none", "phases": [{"duration_s": 30, "state": "GG"}]}]},
            "no lights 'none'",
        ),
    ],
)
def test_what_is_not_there_is_told(
    intervention: dict[str, Any], words: str, helsinki: City, short: Scenario, an_edge: str
) -> None:
    for key, value in intervention.items():
        if value == "IN":
            intervention[key] = short.period.begin.isoformat()
        elif value == ["EDGE"]:
            intervention[key] = [an_edge]
    with pytest.raises(BadScenario, match=r"mine\.yaml") as told:
        check_scenario(short.with_interventions(intervention), helsinki, file="mine.yaml")
    assert words in told.value.what
