"""An evacuation as a recommendation: how many fewer are left than by plain nearest-first, in the forecast's worlds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from models.emergency.incidents import Shuttled
from networks.sentence import say
from scenarios.emergency.evacuation_plan import RULE_NAMES, Planned
from scenarios.searches.recommendation import Alternative, Effect, Recommendation, advise

VALID = timedelta(minutes=15)
"""So long it may be approved (guess): every minute takes buses away from those who wait."""


def evacuation_advice(
    planned: Planned, *, evidence: Sequence[str] = (), created: datetime | None = None
) -> Recommendation:
    """The plan against buses that go where they are soonest, without regard to the way back; losers beside it.

    Args:
        planned: The plan.
        evidence: Folders that it rests on.
        created: Now, if not told.
    """
    found, moment = planned.found, created or datetime.now(UTC)
    tried = [found.shuttled, *found.others]
    base = next(one for one in tried if one.rule == "nearest" and not one.returning)
    before = planned.left_in_worlds(base)
    alternatives = [
        Alternative(
            f"{one.rule}{'' if one.returning else '_without_way_back'}",
            _named(one),
            Effect.paired("people_left", "people", before, planned.left_in_worlds(one), "lower"),
            say("more are left, or they are there later", "未撤离人数更多，或到达更晚"),
        )
        for one in found.others
        if one is not base
    ]
    after = planned.left_in_worlds(found.shuttled)
    told = planned.told()
    return advise(
        "evacuation",
        title=say(f"{found.ground.area.told}: {told[0]['en']}", f"{found.ground.area.told}：{told[0]['zh']}"),
        action=[{"kind": "bus_trip", **row} for row in planned.trip_rows()],
        effect=Effect.paired("people_left", "people", before, after, "lower"),
        alternatives=alternatives,
        evidence=list(evidence),
        created=moment,
        valid_until=moment + VALID,
        rests_on=[
            *planned.notes(),
            say(
                f"{len(after)} worlds of the flood forecast; a bus that meets water is lost with its later trips; "
                "people on foot are counted alike in all",
                f"积水预报的{len(after)}种情景；车辆遇水则该趟及其后各趟计为未完成；步行者在各情景中相同",
            ),
        ],
        risks=told[1:],
    )


def _named(one: Shuttled) -> dict[str, str]:
    english, chinese = RULE_NAMES[one.rule]
    if one.returning:
        return say(f"buses go {english}", f"车辆：{chinese}")
    return say(f"buses go {english}, the way back not looked at", f"车辆：{chinese}，不考虑返程")
