"""A placement of pumps and crews as a recommendation: what it saves in each member against sending nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from networks.sentence import Sentence, say
from scenarios.flooding.placing.answer import Placement, PlacingAnswer, Wish, manned_places
from scenarios.searches.recommendation import Alternative, Effect, Recommendation, advise

VALID = timedelta(minutes=15)
"""So long it may be approved (guess): the pumps' way counts from the run's begin."""


def placement_advice(
    found: PlacingAnswer,
    wish: Wish,
    told: Callable[[Placement], Sentence],
    *,
    evidence: list[str],
    rests_on: list[Sentence],
    created: datetime | None = None,
) -> Recommendation | None:
    """The best placement that was run in full, the others beside it; None where sending nobody is as good.

    Args:
        found: What was found.
        wish: What was asked.
        told: A placement in words.
        evidence: The run that it rests on.
        rests_on: What the page says it rests on.
        created: Now, if not told.
    """
    best, *others = found.placements
    if not best.counts and not best.manned:
        return None
    moment = created or datetime.now(UTC)
    sent = [
        {"kind": "pumps", "place": place, "from": drive.depot, "travel_s": round(drive.travel_s)}
        for place, drives in sorted(best.drives.items())
        for drive in drives
    ]
    return advise(
        "pump_placement",
        title=told(best),
        action=[*sent, *({"kind": "crew", "place": place} for place in best.manned)],
        effect=_effect(found, best, wish),
        alternatives=[
            Alternative(f"placement_{at}", told(one), _effect(found, one, wish), say("saves less", "减少的损失较小"))
            for at, one in enumerate(others, 2)
        ],
        evidence=evidence,
        created=moment,
        valid_until=moment + VALID,
        rests_on=rests_on,
    )


def _effect(found: PlacingAnswer, one: Placement, wish: Wish) -> Effect:
    after = one.harm.total(wish.person_h, manned_places(one.harm, wish.crews))
    return Effect.paired("flood_harm", "vehicle h", found.none.total(wish.person_h), after, "lower")
