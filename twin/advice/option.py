"""`Option`: something that could be done about trouble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.sumo.change import Change
from networks.sentence import Sentence, say

NOTHING = "nothing"


@dataclass(frozen=True)
class Option:
    """An option.

    Attributes:
        name: Names it among the options of one trouble; parts are joined by "+".
        title: What is done, in words.
        changes: What it is in a simulation, from the moment when it is done.
        action: What it is for receivers: interventions, as dicts.
        before: Interventions that bring back what was.
        assets: Digest of what it changes, as it is today, by asset ("signal:ID", "road:EDGE", "sign:EDGE").
        risks: In words.
        rests_on: Rules that its plans were held against, in words.
    """

    name: str
    title: Sentence
    changes: tuple[Change, ...] = ()
    action: tuple[Mapping[str, Any], ...] = ()
    before: tuple[Mapping[str, Any], ...] = ()
    assets: Mapping[str, str] = field(default_factory=dict)
    risks: tuple[Sentence, ...] = ()
    rests_on: tuple[Sentence, ...] = ()


def nothing() -> Option:
    """Do nothing."""
    return Option(NOTHING, say("do nothing", "不采取措施"))


def both(one: Option, other: Option) -> Option:
    """One plan of two that touch: simulated together, approved together.

    Raises:
        ValueError: Both change the same asset.
    """
    if same := set(one.assets) & set(other.assets):
        raise ValueError(f"{one.name} and {other.name} both change {', '.join(sorted(same))}")
    title = say(f"{one.title['en']}; {other.title['en']}", f"{one.title['zh']}；{other.title['zh']}")
    return Option(
        f"{one.name}+{other.name}", title, (*one.changes, *other.changes), (*one.action, *other.action),
        (*other.before, *one.before), {**one.assets, **other.assets}, (*one.risks, *other.risks),
        (*one.rests_on, *other.rests_on),
    )  # fmt: skip


def options_by_name(options: Sequence[Option]) -> dict[str, Option]:
    """By name; the first of a name counts."""
    found: dict[str, Option] = {}
    for one in options:
        found.setdefault(one.name, one)
    return found
