"""Another action than the proposed one, as a person wants it: a listed alternative, or other figures; checked."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from networks.digest import digest_json
from networks.errors import BadInput
from twin.desk.assets import touched
from twin.desk.authority import Authority
from twin.desk.figures import figures, outside, same_but_figures, words_of
from twin.desk.signal_edits import unsafe_edit

Action = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Version:
    """An action that may be approved.

    Attributes:
        version: Its name: the beginning of its digest.
        action: Interventions.
        told: How it differs from what was proposed; empty for what was.
    """

    version: str
    action: tuple[Mapping[str, Any], ...]
    told: str = ""


def proposed(document: Mapping[str, Any]) -> Version:
    """What was proposed."""
    action = document.get("action")
    return _version(action if isinstance(action, list) else [], "")


def changed(document: Mapping[str, Any], change: Mapping[str, Any] | None, rules: Authority) -> Version:
    """What somebody wants instead.

    Args:
        document: The recommendation.
        change: {"alternative": name}, {"set": {place: figure}} such as {"0.plans.0.phases.1.duration_s": 30}, or
            {"action": interventions} that differ from the proposed ones, or from an alternative's, in figures alone.
        rules: What figures may be (`edits`).

    Raises:
        BadInput: No such alternative or figure, out of its limits, of another shape, or nothing was changed.
    """
    if not isinstance(change, Mapping) or len(change) != 1:
        raise BadInput("a change is needed", expected='one of "alternative", "set" and "action"', place="change")
    way, value = next(iter(change.items()))
    old: Action = []
    if way == "alternative":
        action = _alternative(document, value)
        told = f"the alternative {value}"
    elif way == "set":
        old, action = document.get("action") or [], _with_figures(document, value)
        told = _differences(old, action)
    elif way == "action":
        old, action = _alike(document, value), value
        told = _differences(old, action)
    else:
        raise BadInput(f"no such change: {way}", expected='one of "alternative", "set" and "action"', place="change")
    made = _version(action, told)
    if made.version == proposed(document).version:
        raise BadInput("this is what was proposed", place="change", remedy="approve it, or change something")
    _check(old, action if old else [], rules)
    return made


def _alternative(document: Mapping[str, Any], name: Any) -> Action:
    listed = {str(one.get("name")): one for one in document.get("alternatives") or [] if isinstance(one, Mapping)}
    able = sorted(one for one, told in listed.items() if told.get("action"))
    if name not in listed or name not in able:
        what = f"there is no alternative {name!r}" if name not in listed else f"{name!r} was listed without its action"
        raise BadInput(what, place="change.alternative", expected=", ".join(able) or "none can be chosen here")
    action: Action = listed[str(name)]["action"]
    return action


def _with_figures(document: Mapping[str, Any], wanted: Any) -> Action:
    action = copy.deepcopy(document.get("action") or [])
    there = {words_of(at): at for at, _ in figures(action)}
    if not isinstance(wanted, Mapping) or not wanted:
        raise BadInput("no figures are given", place="change.set", expected="PLACE=FIGURE")
    for place, figure in wanted.items():
        if place not in there:
            raise BadInput(
                f"there is no figure at {place}", place="change.set", expected=", ".join(list(there)[:12]) or "none"
            )
        if not isinstance(figure, int | float) or isinstance(figure, bool):
            raise BadInput(f"{figure!r} is no figure", place=place, expected="a number")
        *way, last = there[place]
        inner: Any = action
        for part in way:
            inner = inner[part]
        inner[last] = figure
    if not same_but_figures(document.get("action") or [], action):
        raise BadInput("a figure changed its sign, or is none", place="change.set", expected="finite numbers")
    made: Action = action
    return made


def _alike(document: Mapping[str, Any], action: Any) -> Action:
    known = [document.get("action"), *(one.get("action") for one in document.get("alternatives") or [])]
    alike = next((one for one in known if one and same_but_figures(one, action)), None)
    if alike is None:
        raise BadInput(
            "this action has another shape than what was proposed and tried",
            place="change.action",
            expected="the proposed action, or an alternative's, with other figures",
            remedy="ask for a new recommendation: what nobody tried is not approved",
        )
    found: Action = alike
    return found


def _differences(old: Action, new: Action) -> str:
    before = dict(figures(old))
    return ", ".join(f"{words_of(at)} = {figure:g}" for at, figure in figures(new) if figure != before[at])


def _check(old: Action, new: Action, rules: Authority) -> None:
    for before, one in zip(old, new, strict=bool(old)):
        kind, assets = str(one.get("kind", "")), touched(one)
        limits = [edit.limits for edit in rules.edits if edit.is_about(kind, assets)]
        beyond = next(filter(None, (outside(one, limit) for limit in limits)), None)
        if beyond:
            raise BadInput(beyond, place="change", remedy="edits in the file of authority says what people may change")
        for plan, other in zip(before.get("plans") or [], one.get("plans") or [], strict=True):
            unsafe = unsafe_edit(plan, other)
            if unsafe:
                raise BadInput(
                    unsafe, place=f"signal:{plan.get('tls_id')}", remedy="nothing was changed; see docs/desk.md"
                )


def _version(action: Action, told: str) -> Version:
    plain = json.loads(json.dumps(list(action)))
    return Version(digest_json(plain)[:12], tuple(plain), told)
