"""What drivers are told to avoid: what stands in the way, not everything that queues behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models.sumo.diverted import Diverted
from twin.advice.proposing import options_for
from twin.advice.trouble import SHUNNED, Trouble, troubles


def trouble_of(place: Any, kinds: dict[str, str]) -> Trouble:
    found = [replace(place.finding, kind=kind, subject=edge, edges=(edge,)) for edge, kind in kinds.items()]
    (trouble,) = troubles(found, place.ground)
    return trouble


def avoided(place: Any, trouble: Trouble) -> dict[str, list[str]]:
    """What each diversion by signs or by radio tells drivers to avoid, and what its simulation has them avoid."""
    told = {}
    for option in options_for(trouble, place.ground, 1):
        if option.name in ("signs", "broadcast"):
            (action,), (change,) = option.action, option.changes
            assert isinstance(change, Diverted) and list(change.avoid) == action["avoid"], (
                "what is simulated is what is told"
            )
            told[option.name] = action["avoid"]
    return told


def test_queues_behind_an_incident_are_not_shunned(place: Any) -> None:
    trouble = trouble_of(place, {"in": "spillback", "main": "incident", "far": "spillback", "side": "spillback"})
    assert set(trouble.edges) == {"in", "main", "far", "side"}
    assert avoided(place, trouble) == {"signs": ["main"], "broadcast": ["main"]}


def test_of_many_queues_the_worst_are_shunned(place: Any) -> None:
    levels = {"in": "I", "main": "II", "far": "III", "side": "III", "out": "IV"}
    found = [
        replace(place.finding, kind="spillback", subject=edge, edges=(edge,), level=level)
        for edge, level in levels.items()
    ]
    (trouble,) = troubles(found, place.ground)
    told = avoided(place, trouble)
    assert len(trouble.jammed) == 5 and told and all(len(edges) == SHUNNED for edges in told.values())
    assert all(edges[:2] == ["in", "main"] for edges in told.values()), "the worst first"
