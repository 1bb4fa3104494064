"""A member that was stopped (memory, workers that died): kept by name and reason, without tables."""

from __future__ import annotations

from typing import Any

from networks.errors import TwinError
from networks.sentence import say
from scenarios.results.made_with import made_with
from scenarios.results.run import Run
from scenarios.results.store import Store, address

STOPPED = "stopped"
"""Its kind in the store: no look-up finds it, so that the next ensemble tries the member again."""


def keep_stopped(store: Store, inputs: dict[str, Any], facts: dict[str, Any], why: TwinError) -> Run:
    """Keep an invalid run that says why it was stopped.

    Args:
        store: Where.
        inputs: What the member's id would have been the hash of.
        facts: What else its manifest says: the seed, and the scenario or case by name.
        why: What stopped it.
    """
    stopped_id = address(inputs | {"why": why.what})
    reason = say(why.what, f"成员已中止（内存超限或工作进程反复退出）：{why.what}")
    with store.landing(STOPPED, stopped_id) as landing:
        landing.manifest |= {"inputs": inputs, **facts, "made_with": made_with(), "measures": {}}
        landing.manifest["validity"] = {"valid": False, "reasons": [reason]}
    return Run.open(store.get(STOPPED, stopped_id))
