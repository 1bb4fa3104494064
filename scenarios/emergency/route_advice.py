"""A way past water as a recommendation: in how many worlds it is open, against who knows only what is shut now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from networks.sentence import Sentence, say
from scenarios.emergency.ends import End
from scenarios.emergency.journey import Answer, Journey, Roads
from scenarios.emergency.moment import Moment
from scenarios.emergency.worlds import open_along
from scenarios.flooding.streets import Streets
from scenarios.searches.recommendation import Alternative, Effect, Recommendation, advise

VALID = timedelta(minutes=15)
"""So long it may be approved (guess): water goes on rising."""


def route_advice(
    roads: Roads, answer: Answer, ends: tuple[End, End], moment: Moment,
    *, evidence: Sequence[str] = (), created: datetime | None = None,
) -> Recommendation | None:  # fmt: skip
    """The first way of an answer, the others beside it; None where who looks at the water of now alone drives the same.

    Args:
        roads: With the water that was planned on.
        answer: Its ways.
        ends: From where, to where.
        moment: When it leaves.
        evidence: Folders that it rests on.
        created: Now, if not told.
    """
    if roads.water is None or not answer.journeys:
        return None
    best, *others = answer.journeys
    today = by_now(roads, moment).plan(*ends, moment, most=1).journeys
    if not today or today[0].edges == best.edges:
        return None
    made, streets = created or datetime.now(UTC), Streets(roads.city)
    base = _open(roads, today[0], moment)
    named = [", ".join(streets.along(one.edges)) or one.edges[-1] for one in (best, *others)]
    extra_s = best.time_s - today[0].time_s
    return advise(
        "emergency_route",
        title=say(
            f"{roads.vehicle.name} from {ends[0].told} to {ends[1].told} by {named[0]}",
            f"{roads.vehicle.name}自{ends[0].told}至{ends[1].told}：经{named[0]}",
        ),
        action=[{"kind": "emergency_route", "class": roads.vehicle.name, "edges": list(best.edges)}],
        effect=Effect.paired("way_open", "share", base, _open(roads, best, moment), "higher"),
        alternatives=[
            Alternative(
                f"way_{rank}", say(f"by {told}", f"经{told}"),
                Effect.paired("way_open", "share", base, _open(roads, one, moment), "higher"),
                _slower(one.time_s - best.time_s),
            )
            for rank, (one, told) in enumerate(zip(others, named[1:], strict=True), 2)
        ],
        evidence=list(evidence),
        created=made,
        valid_until=made + VALID,
        rests_on=[
            say(
                f"{roads.water.members} worlds of the flood forecast; a way is open where no road of it is shut to "
                f"{roads.water.judged_as} when it is entered",
                f"积水预报的{roads.water.members}种情景；途经道路在驶入时均未对{roads.water.judged_as}封闭即为畅通",
            ),
            *([roads.traffic.told] if roads.traffic is not None else []),
        ],
        risks=[] if extra_s < 1.0 else [_slower(extra_s)],
    )  # fmt: skip


def by_now(roads: Roads, moment: Moment) -> Roads:
    """The same roads for one who knows what is shut at a moment, and nothing of what will be."""
    water = roads.water
    assert water is not None
    shut = water.shuts(np.full(len(water.shut_s), moment.depart_s), roads.alarm)
    return Roads(
        roads.city, roads.vehicle, water=replace(water, shut_s=np.where(shut, 0.0, np.inf)),
        restrictions=roads.restrictions, alarm=roads.alarm, traffic=roads.traffic,
    )  # fmt: skip


def _open(roads: Roads, one: Journey, moment: Moment) -> np.ndarray:
    assert roads.water is not None
    at = [roads.router.index[edge] for edge in one.edges]
    found = open_along(roads.water.worlds_s, at, (one.entered_s + moment.depart_s).tolist())
    return np.asarray(found, dtype=float)


def _slower(seconds: float) -> Sentence:
    return say(f"{seconds:.0f} s longer", f"多用{seconds:.0f}秒")
