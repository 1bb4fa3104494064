"""From an approved recommendation to messages: each intervention to everybody whose business it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from networks.errors import BadInput, Refused
from twin.out.assets import assets_of, plain
from twin.out.message import Allowance, OutMessage, key_of
from twin.out.receivers import Receiver

KIND_OF = {
    "signal_plan": "signal_plan",
    "signal_program": "signal_plan",
    "signal_phases": "signal_plan",
    "signal_held": "signal_plan",
    "bus_priority": "signal_plan",
    "road_closure": "situation",
    "lanes_closed": "situation",
    "lane_blocked": "situation",
    "diversion": "vms",
    "sign": "vms",
    "speed_limit": "vms",
    "visitor_guidance": "vms",
    "warning": "warning",
}
"""Kind of an intervention -> kind of the message that orders it; all others are tasks of people."""

_COPIED = {"at": "created", "level": "level", "event": "kind", "exercise": "exercise", "ends": "ends"}
"""What bodies tell -> field of the recommendation."""


def orders_of(
    document: Mapping[str, Any],
    receivers: Iterable[Receiver],
    *,
    allowed: Allowance | None = None,
    run_id: str = "",
    where: Callable[[str], tuple[float, float] | None] = lambda _: None,
) -> list[OutMessage]:
    """Messages that carry out a recommendation: one for each receiver and kind, with all that is its business.

    Args:
        document: The recommendation as JSON: rec_id, title, action, valid_until; `undoes` where it is a rollback.
        receivers: Everybody.
        allowed: What lets it leave, as the desk's permission, whose `action` counts where somebody changed what was
            proposed; without: "decision:REC" until the document's valid_until.
        run_id: The cycle it comes from.
        where: Longitude and latitude (degrees) of an asset, for receivers that ask where it is; None: nobody knows.

    Raises:
        BadInput: It is no recommendation.
        Refused: Nobody takes one of its interventions. Half of a plan may be worse than none.
    """
    everybody = list(receivers)
    try:
        rec_id, action = (
            str(document["rec_id"]),
            [dict(one) for one in getattr(allowed, "action", None) or document["action"]],
        )
        until = allowed.not_after if allowed else datetime.fromisoformat(str(document["valid_until"]))
        kinds = [str(one["kind"]) for one in action]
    except (KeyError, TypeError, ValueError) as error:
        expected = "rec_id, action (each with its kind) and valid_until"
        raise BadInput(
            f"no recommendation that can be ordered: {error}", place="document", expected=expected
        ) from error
    undoes = document.get("undoes")
    parcels: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for intervention, own in zip(action, kinds, strict=True):
        kind = "rollback" if undoes else KIND_OF.get(own, "task")
        takers = list(_takers(intervention, kind, everybody))
        if not takers:
            what = f"nobody takes {own} of {', '.join(sorted(assets_of(intervention))) or 'no named asset'}"
            remedy = f"let a receiver take {kind}; nothing of this recommendation was handed in"
            raise Refused(what, place=rec_id, expected=f"a receiver that takes {kind}", remedy=remedy)
        for receiver, part in takers:
            parcels.setdefault((receiver.id, kind), []).append(part)
    by = allowed.allowed_by if allowed else f"decision:{rec_id}"
    messages = []
    for (name, kind), parts in parcels.items():
        body: dict[str, Any] = {"title": document.get("title", ""), "interventions": parts}
        body |= {name: document[told] for name, told in _COPIED.items() if document.get(told)}
        body |= {"places": places} if (places := _places(parts, where)) else {}
        body |= {"undoes": undoes} if undoes else {}
        messages.append(OutMessage(key_of(name, kind, rec_id, body), name, kind, body, rec_id, by, until, run_id))
    return messages


def _places(
    interventions: object, where: Callable[[str], tuple[float, float] | None]
) -> dict[str, tuple[float, float]]:
    found = {name: where(name) for name in sorted(assets_of(interventions))}
    return {name: at for name, at in found.items() if at is not None}


def _takers(
    intervention: dict[str, Any], kind: str, everybody: Sequence[Receiver]
) -> Iterator[tuple[Receiver, dict[str, Any]]]:
    """Whose business it is, and their part of it; what would be left over of its signals is nobody's."""
    plans = intervention.get("plans") if intervention.get("kind") == "signal_plan" else None
    left = {str(plan.get("tls_id")) for plan in plans or ()}
    found = []
    for receiver in everybody:
        if kind not in receiver.takes:
            continue
        business = {plain(one) for one in receiver.assets}
        if not business:
            found.append((receiver, intervention))
            left = set()
        elif plans:
            own = [plan for plan in plans if plan.get("tls_id") in business]
            left -= {str(plan["tls_id"]) for plan in own}
            found += [(receiver, intervention | {"plans": own})] if own else []
        elif assets_of(intervention) & business:
            found.append((receiver, intervention))
    yield from [] if left else found
