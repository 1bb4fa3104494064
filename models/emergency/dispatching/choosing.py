"""Which units could answer a call now, and how soon; and what to say when none can."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from models.emergency.dispatching.clocks import Delays
from models.emergency.dispatching.fleet import Crewed
from models.emergency.dispatching.policy import Offer, Policy, Scene
from models.emergency.dispatching.record import Record
from models.emergency.dispatching.travel import Travel, Travels, travel_of
from models.emergency.resources.table import call_kind
from models.routing import Floats
from networks.sentence import Sentence, say


class Choosing:
    """Offers for calls, by a policy.

    Args:
        fleet: All units.
        policy: How the control room works.
        travel: Times as they are believed, perhaps by class.
        delays: Steps without driving.
        index: Road edges by name.
        named: What an edge is called in sentences.
    """

    def __init__(
        self, fleet: Sequence[Crewed], policy: Policy, travel: Travels, delays: Delays,
        index: dict[str, int], named: Callable[[str], str] = str,
    ) -> None:  # fmt: skip
        self._fleet, self._policy, self._travel, self._delays, self._index = fleet, policy, travel, delays, index
        self._named = named

    def able(self, record: Record) -> list[Crewed]:
        """Units of a class and with the skills that the call needs."""
        classes, needs = _classes(record), set(record.call.needs)
        return [one for one in self._fleet if one.unit.kind in classes and needs <= set(one.unit.skills)]

    def offer(self, record: Record, now: float) -> Offer | None:
        """The unit to send, or None where none is free that gets there."""
        able = [one for one in self.able(record) if one.unit.unit_id not in record.tried]
        free = [one for one in able if one.doing == "idle" and one.on_duty(now)]
        offers = self._offers(record, free, now)
        own = [offer for offer in offers if not offer.crewed.unit.mutual_aid]
        offers = self._with_aid(own, [offer for offer in offers if offer.crewed.unit.mutual_aid])
        gain_s = self._policy.divert_gain_s
        if gain_s is not None:
            taken = [one for one in able if self._may_be_taken(one, record)]
            best_s = offers[0].response_s if offers else np.inf
            better = [
                one for one in self._offers(record, taken, now, diverts=True) if one.response_s + gain_s <= best_s
            ]
            if better:
                return better[0]
        if not offers:
            return None
        return self._policy.send.choose(record.call, offers, self.scene(offers[0].crewed, now))

    def scene(self, crewed: Crewed, now: float, *, without: bool = False) -> Scene:
        """What a rule sees of the class of `crewed`; `without` itself where it says so."""
        posts = tuple(
            one.post
            for one in self._fleet
            if one.unit.kind == crewed.unit.kind
            and one.doing == "idle"
            and one.on_duty(now)
            and not (without and one is crewed)
        )
        turnout_s = self._delays.turnout_s if crewed.unit.turnout_s is None else crewed.unit.turnout_s
        travel = travel_of(self._travel, crewed.unit.kind)
        return Scene(now, posts, lambda a, b: travel.times(a, b, now), turnout_s)

    def turnout_s(self, crewed: Crewed, now: float) -> float:
        """From order to wheels rolling: none for a unit on the road, and a neighbour is asked first."""
        if crewed.drive is not None and crewed.drive.entered_s[0] <= now < crewed.drive.entered_s[-1]:
            return crewed.unit.request_s
        own = crewed.unit.turnout_s
        return crewed.unit.request_s + (self._delays.turnout_s if own is None else own)

    def refuse(self, record: Record, now: float) -> None:
        """Say why nobody goes for now (no unit of that kind, all busy, no open way) and the next best thing, once."""
        able = self.able(record)
        classes = " / ".join(_classes(record))
        place = self._index[record.call.edge_id]
        if not able:
            needs = f" with {', '.join(record.call.needs)}" if record.call.needs else ""
            record.say(say(f"there is no {classes}{needs} in the city", f"本市没有{classes}{needs}"))
            return
        tried = all(one.unit.unit_id in record.tried for one in able)
        if tried or not np.isfinite(self._away_s(able, place, now)).any():
            if "shut" not in record.refused:
                record.refused.add("shut")
                record.say(_cut_off(record.call.edge_id, self._nearest(able, place, now), self._named))
            return
        if not any(one.on_duty(now) for one in able):
            record.say(say(f"no {classes} is on duty", f"没有在班的{classes}"))
            return
        if any(one.unit.mutual_aid for one in able):
            record.say(say(f"no {classes} is free: the call waits", f"没有空闲的{classes}，呼叫排队等候"))
            return
        record.say(
            say(
                f"no {classes} is free: the call waits for the first; next best: ask the neighbours",
                f"没有空闲的{classes}，呼叫等候首个空闲单元；次优：请求邻近力量支援",
            )
        )

    def _away_s(self, units: Sequence[Crewed], place: int, now: float) -> Floats:
        """Seconds (units,) that each would drive."""
        found = np.full(len(units), np.inf)
        for travel, rows in self._by_travel(units):
            found[rows] = travel.times([units[row].where(now) for row in rows], [place], now)[:, 0]
        return found

    def _nearest(self, units: Sequence[Crewed], place: int, now: float) -> tuple[str, float] | None:
        """Of what all of them can reach, the road next to `place`."""
        asked = [(t, [units[row].where(now) for row in rows]) for t, rows in self._by_travel(units)]
        found = [one for one in (travel.nearest(origins, place, now) for travel, origins in asked) if one is not None]
        return min(found, key=lambda one: one[1], default=None)

    def _by_travel(self, units: Sequence[Crewed]) -> list[tuple[Travel, list[int]]]:
        rows: dict[str, list[int]] = {}
        for row, one in enumerate(units):
            rows.setdefault(one.unit.kind, []).append(row)
        return [(travel_of(self._travel, kind), mine) for kind, mine in rows.items()]

    def _offers(self, record: Record, units: Sequence[Crewed], now: float, *, diverts: bool = False) -> list[Offer]:
        if not units:
            return []
        away = self._away_s(units, self._index[record.call.edge_id], now)
        found = [
            Offer(one, self.turnout_s(one, now) + float(spent), diverts)
            for one, spent in zip(units, away.tolist(), strict=True)
            if np.isfinite(spent)
        ]
        return sorted(found, key=lambda offer: (offer.response_s, offer.crewed.order))

    def _with_aid(self, own: list[Offer], aid: list[Offer]) -> list[Offer]:
        policy = self._policy
        if policy.aid == "never" or not aid:
            return own
        late = policy.aid == "late" and own and own[0].response_s > policy.late_s
        if own and not (late and aid[0].response_s < own[0].response_s):
            return own
        return aid

    def _may_be_taken(self, crewed: Crewed, record: Record) -> bool:
        return crewed.doing == "responding" and crewed.call is not None and crewed.call.priority > record.call.priority


def _classes(record: Record) -> tuple[str, ...]:
    return record.call.classes or call_kind(record.call.kind).classes


def _cut_off(edge_id: str, nearest: tuple[str, float] | None, named: Callable[[str], str]) -> Sentence:
    road = named(edge_id)
    if nearest is None:
        return say(
            f"no open road leads to {road}, and no unit can leave its place: a boat or a helicopter",
            f"没有通往{road}的可通行道路，车辆均无法出动：请调用船只或直升机",
        )
    edge, away_m = named(nearest[0]), nearest[1]
    return say(
        f"no open road leads to {road}; next best: to {edge}, {away_m:.0f} m from it, then on foot or by boat",
        f"没有通往{road}的可通行道路；次优：可到达{away_m:.0f}米外的{edge}，再步行或乘船",
    )
