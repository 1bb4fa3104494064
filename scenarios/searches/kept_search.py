"""A search for signal timings in the store of runs: the same search of the same city and scenario is looked up."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from scenarios.plan_text import PlanText, plan_text
from scenarios.results.store import Store, address
from scenarios.results.versions import code_version, engine_versions

if TYPE_CHECKING:
    from scenarios.searches.bench import Bench
    from scenarios.searches.signal_search import SignalSearch

KIND, FILE = "signal_search", "found.json"


def search_inputs(bench: Bench, asked: dict[str, Any]) -> dict[str, Any]:
    """What a search is the result of, JSON-like: its id in the store is the hash of this."""
    versions = {"code": code_version(), "engines": engine_versions()}
    return {"city": bench.city.digest, "scenario": bench.scenario.digest, "asked": asked, **versions}


def kept_search(store: Store, inputs: dict[str, Any]) -> SignalSearch | None:
    """What that search found, if it was kept."""
    from scenarios.searches.signal_search import SignalSearch

    folder = store.find(KIND, address(inputs))
    if folder is None:
        return None
    found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    found["plans"] = {tls: PlanText.model_validate(text).plan() for tls, text in found["plans"].items()}
    found["beside"] = tuple((name, cost) for name, cost in found["beside"])
    return SignalSearch(**found)


def keep_search(store: Store, inputs: dict[str, Any], found: SignalSearch) -> None:
    """Keep what a search found.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    texts = {tls: PlanText.model_validate(plan_text(plan)) for tls, plan in found.plans.items()}
    told = {one.name: getattr(found, one.name) for one in fields(found)}
    told["plans"] = {tls: text.model_dump(mode="json") for tls, text in texts.items()}
    with store.landing(KIND, address(inputs)) as landing:
        (landing.folder / FILE).write_text(json.dumps(told, ensure_ascii=False, default=float), encoding="utf-8")
        landing.manifest |= {"inputs": inputs}
