"""What a search for signal timings found, in the store of runs: the same search of the same city is looked up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from networks import Sentence, SignalPlan
from scenarios.plan_text import PlanText, plan_text
from scenarios.results.store import Store, address
from scenarios.results.versions import code_version, engine_versions

if TYPE_CHECKING:
    from scenarios.searches.bench import Bench

Plans = Mapping[str, SignalPlan]
KIND, FILE = "signal_search", "found.json"


@dataclass(frozen=True)
class SignalSearch:
    """What a search on cars alone found.

    Attributes:
        plans: By signal, those that pass every rule.
        simulations: How many it took.
        before_s, after_s: Delay in s per vehicle on the bench's seeds, as it is and with the plans.
        beside: The best designs for all signals alike: name, and delay in s per vehicle on one seed.
    """

    plans: Plans
    simulations: int
    before_s: float
    after_s: float
    beside: tuple[tuple[Sentence, float], ...]


def search_inputs(bench: Bench, asked: dict[str, Any]) -> dict[str, Any]:
    """What a search is the result of, JSON-like: its id in the store is the hash of this."""
    versions = {"code": code_version(), "engines": engine_versions()}
    return {"city": bench.city.digest, "scenario": bench.scenario.digest, "asked": asked, **versions}


def kept_search(store: Store, inputs: dict[str, Any]) -> SignalSearch | None:
    """What that search found, if it was kept."""
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
