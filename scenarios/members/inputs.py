"""What a run is the result of: its id is the hash of this, and a replay starts from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenarios.members.flood_run import flood_of
from scenarios.results.made_with import made_with
from scenarios.results.versions import code_version, engine_versions

if TYPE_CHECKING:
    from networks import City
    from scenarios.results.store import Store
    from scenarios.schema import Scenario

COUPLING_S = 5.0


def member_inputs(
    city: City, scenario: Scenario, seed: int, store: Store, forecast_id: str | None, *, models: str = "all"
) -> dict[str, Any]:
    """What a member's id is the hash of."""
    return {
        "city": city.digest,
        "scenario": scenario.digest,
        "seed": seed,
        "flood": flood_of(city, scenario, store, seed=seed),
        "forecast": forecast_id,
        "models": models,
        "coupling_s": COUPLING_S,
        "code": code_version(),
        "engines": engine_versions(),
    }


def facts(inputs: dict[str, Any], scenario: Scenario, seed: int) -> dict[str, Any]:
    """What a replay needs of a run."""
    return {
        "inputs": inputs,
        "seed": seed,
        "scenario": scenario.model_dump(mode="json"),
        "made_with": made_with(),
    }
