"""A short evening on the demo city, and one store for the tests of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from scenarios import Scenario, Store, parse_scenario

if TYPE_CHECKING:
    from networks import City

settings.register_profile("citytwin", deadline=None)
settings.load_profile("citytwin")

SHORT = """\
name: short-evening
city: helsinki
period: {begin: 2026-07-17T17:00:00+03:00, end: 2026-07-17T17:09:00+03:00, warm_up_s: 120}
dispatch: {turnout_s: 30, units: [{unit_id: amb-1, at: {attraction: Erottajan paloasema}}]}
interventions:
  - kind: rainfall
    chicago: {begin: 2026-07-17T16:58:00+03:00, depth_mm: 30, duration_s: 480}
    assume_depths: true
    source: assumed, for tests
  - kind: event
    name: concert
    at: {attraction: Kauppatori}
    people: 600
    ends: 2026-07-17T17:00:00+03:00
    egress_s: 240
  - {kind: emergency_call, call_id: c1, time: 2026-07-17T17:00:30+03:00, at: {attraction: Kasarmitori}}
"""


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Where runs of this room's tests land."""
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def short() -> Scenario:
    """Eleven minutes with rain, a small concert and a call."""
    return parse_scenario(SHORT)


@pytest.fixture(scope="session")
def an_edge(helsinki: City) -> str:
    """An edge that most cars could use."""
    edges = helsinki.layer("edges")
    return str(edges[edges["highway"] == "primary"]["edge_id"].iloc[0])
