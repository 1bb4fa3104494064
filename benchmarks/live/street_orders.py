"""What the hidden city's receivers make of orders: each key once, nothing unsafe, nothing late, and some are liars."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from benchmarks.live.planted import Planted
from benchmarks.live.street_roads import Roads
from benchmarks.live.street_signals import Controllers, Plan

Ack = dict[str, str]


@dataclass(frozen=True)
class Order:
    """One order.

    Attributes:
        key: The same key is the same order.
        receiver: To whom.
        kind: "signal_plan", "situation" (closures), "vms" (signs), "rollback"; others change nothing.
        acts: What to do, one after the other; each a plain dictionary with a `kind`.
        not_after: After this it is refused.
        undoes: Whose acts are undone, key or recommendation.
        rec_id: The recommendation that it carries out.
    """

    key: str
    receiver: str
    kind: str
    acts: tuple[Mapping[str, Any], ...] = ()
    not_after: datetime | None = None
    undoes: str = ""
    rec_id: str = ""


@dataclass
class _Kept:
    order: Order
    state: str
    detail: str
    due_s: float = 0.0
    waits_for: set[str] = field(default_factory=set)
    undo: list[Callable[[], None]] = field(default_factory=list)
    begun: bool = False


def read_order(receiver: str, payload: bytes) -> Order:
    """An order from its message.

    Raises:
        ValueError: It is none; says why.
    """
    told = json.loads(payload)
    if not isinstance(told, dict) or not isinstance(told.get("key"), str) or not told["key"]:
        raise ValueError("an order needs a key")
    body = told.get("body") or {}
    if not isinstance(body, dict):
        raise ValueError("the body is no object")
    acts = body.get("interventions", [body] if body else [])
    limit = datetime.fromisoformat(told["not_after"]) if told.get("not_after") else None
    if limit is not None and limit.tzinfo is None:
        raise ValueError("not_after has no zone")
    undoes = str(body.get("undoes") or body.get("key") or "") if told.get("kind") == "rollback" else ""
    return Order(
        told["key"], receiver, str(told.get("kind", "")), tuple(acts), limit, undoes, str(told.get("rec_id", ""))
    )


def told_of(order: Order) -> dict[str, Any]:
    """An order as JSON has it; `order_of` reads it again."""
    limit = None if order.not_after is None else order.not_after.isoformat()
    fields = {name: getattr(order, name) for name in ("key", "receiver", "kind", "undoes", "rec_id")}
    return fields | {"acts": [dict(act) for act in order.acts], "not_after": limit}


def order_of(told: Mapping[str, Any]) -> Order:
    """An order that was kept."""
    limit = datetime.fromisoformat(told["not_after"]) if told["not_after"] else None
    return Order(
        told["key"], told["receiver"], told["kind"], tuple(told["acts"]), limit, told["undoes"], told["rec_id"]
    )


class OrderDesk:
    """All receivers of a town.

    Args:
        planted: Who lies, and when.
        roads, controllers: What they can do.
    """

    def __init__(self, planted: Planted, roads: Roads, controllers: Controllers) -> None:
        self._planted, self._roads, self._controllers = planted, roads, controllers
        self._kept: dict[str, _Kept] = {}

    def take(self, order: Order, at_s: float) -> Ack | None:
        """Take an order; what is answered at once, if anything."""
        kept = self._kept.get(order.key)
        if kept is not None:
            if (kept.order.acts, kept.order.kind, kept.order.receiver) != (order.acts, order.kind, order.receiver):
                return self._answer(order, at_s, "refused", "this key was used for another order")
            return self._answer(order, at_s, kept.state, kept.detail)
        why = self._why_not(order, at_s)
        if why:
            self._kept[order.key] = _Kept(order, "refused", why)
            return self._answer(order, at_s, "refused", why)
        does = self._manner(order.receiver, at_s)
        kept = self._kept[order.key] = _Kept(order, "taken", "")
        if does == "lies":
            kept.state, kept.begun, kept.detail = "done", True, "as ordered"
            return self._answer(order, at_s, "done", "as ordered")
        kept.due_s = at_s + (self._late_s(order.receiver, at_s) if does == "late" else 0.0)
        return None if does == "late" else self._answer(order, at_s, "taken", "")

    def after_step(self, at_s: float, switched: set[str]) -> Iterator[tuple[str, Ack]]:
        """Carry out what is due; (receiver, acknowledgement) of what is done now."""
        for kept in [one for one in self._kept.values() if one.state == "taken"]:
            if not kept.begun and at_s >= kept.due_s:
                self._begin(kept)
            elif kept.begun:
                kept.waits_for -= switched
            if kept.begun and not kept.waits_for:
                kept.state = "done"
                ack = self._answer(kept.order, at_s, "done", kept.detail)
                if ack is not None:
                    yield kept.order.receiver, ack

    def carried_out(self) -> list[str]:
        """Keys of the orders whose acts took place, liars' not among them."""
        return [key for key, one in self._kept.items() if one.begun and one.undo]

    def _begin(self, kept: _Kept) -> None:
        kept.begun = True
        if kept.order.kind == "rollback":
            for one in self._whose(kept.order.undoes):
                for undo in reversed(one.undo):
                    undo()
                kept.undo.append(lambda: None)
                one.undo = []
            return
        for number, act in enumerate(kept.order.acts):
            kept.undo += self._act(act, f"{kept.order.key}/{number}", kept)

    def _act(self, act: Mapping[str, Any], reason: str, kept: _Kept) -> list[Callable[[], None]]:
        undo: list[Callable[[], None]] = []
        for plan in plans_of(act):
            before = self._controllers.now(plan.signal)
            self._controllers.switch(plan)
            kept.waits_for.add(plan.signal)
            undo.append(lambda before=before: self._controllers.switch(before))  # type: ignore[misc]
        lanes = self._lanes(act)
        if lanes and act.get("open"):
            for other in self._kept:
                self._roads.open_lanes(lanes, other)
        elif lanes:
            self._roads.close(lanes, reason)
            undo.append(lambda: self._roads.open(reason))
        if avoid := avoided(act):
            self._roads.sign(reason, avoid)
            undo.append(lambda: self._roads.take_down(reason))
        if str(act.get("kind")) == "speed_limit" and "edge" in act:
            self._roads.limit(str(act["edge"]), reason, float(act["speed_mps"]))
            undo.append(lambda: self._roads.slow(str(act["edge"]), reason, 1.0))
        return undo

    def _lanes(self, act: Mapping[str, Any]) -> list[str]:
        if str(act.get("kind", "")) in ("diversion", "sign", "vms"):
            return []
        edges = [str(one) for one in act.get("edges", ())]
        return [str(one) for one in act.get("lanes", ())] or [
            lane for e in edges for lane in self._roads.lanes.get(e, ())
        ]

    def _whose(self, undoes: str) -> list[_Kept]:
        return [one for one in self._kept.values() if undoes and undoes in (one.order.key, one.order.rec_id)
                and one.order.kind != "rollback"]  # fmt: skip

    def _why_not(self, order: Order, at_s: float) -> str:
        if order.not_after is not None and self._planted.moment(at_s) > order.not_after:
            return f"too late: it was good until {order.not_after.isoformat()}"
        if order.kind == "rollback":
            if not self._whose(order.undoes):
                return f"nothing is known of {order.undoes or 'what is to be undone'}"
            return ""
        for act in order.acts:
            if not isinstance(act, Mapping):
                return "an act is no object"
            for plan in plans_of(act):
                if why := self._controllers.why_not(plan):
                    return why
            known = {lane for lanes in self._roads.lanes.values() for lane in lanes}
            strange = [one for one in self._lanes(act) if one not in known]
            strange += [e for e in (*avoided(act), *map(str, act.get("edges", ()))) if e not in self._roads.lanes]
            if strange:
                return f"there is no street {strange[0]}"
        return ""

    def _manner(self, receiver: str, at_s: float) -> str:
        return next((one.does for one in self._planted.receivers if one.name == receiver and one.holds(at_s)), "")

    def _late_s(self, receiver: str, at_s: float) -> float:
        return next(one.late_s for one in self._planted.receivers if one.name == receiver and one.holds(at_s))

    def _answer(self, order: Order, at_s: float, state: str, detail: str) -> Ack | None:
        if self._manner(order.receiver, at_s) == "silent":
            return None
        return {"key": order.key, "state": state, "detail": detail}


def plans_of(act: Mapping[str, Any]) -> list[Plan]:
    """Signal plans that an act holds: one signal's, or a list under `plans`."""
    found = []
    for one in act.get("plans", [act]):
        signal = str(one.get("signal") or one.get("tls") or one.get("tls_id") or one.get("id") or "")
        phases = tuple(_phase(phase) for phase in one.get("phases", ()))
        offset = one.get("offset_s", one.get("offset"))
        if signal and (phases or one.get("program")):
            program = "" if phases else str(one["program"])
            found.append(Plan(signal, phases, program, None if offset is None else float(offset)))
    return found


def avoided(act: Mapping[str, Any]) -> Sequence[str]:
    """Streets that signs tell to avoid."""
    named = act.get("avoid") or (act.get("edges", ()) if str(act.get("kind")) in ("diversion", "sign", "vms") else ())
    return [str(one) for one in named]


def _phase(phase: Any) -> tuple[float, str]:
    if isinstance(phase, Mapping):
        return float(phase.get("duration_s", phase.get("duration", 0))), str(phase["state"])
    return float(phase[0]), str(phase[1])
