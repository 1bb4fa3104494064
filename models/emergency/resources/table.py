"""Tables of the rescue services: kinds of calls and who answers them, and the targets that services are held to."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from networks.errors import NotThere

CLOCKS = ("order_to_rolling", "order_to_arrival", "call_to_arrival", "call_to_contact")


@dataclass(frozen=True)
class CallKind:
    """A kind of call.

    Attributes:
        name: Its key.
        classes: Classes of vehicles that can answer it, any of them.
        asks: What it asks for where a fleet of several classes answers: for each unit the classes that can be it.
        on_scene_s: Median time with the patient or the fire.
        transport: Whether somebody is taken to hospital afterwards.
        source: Where the numbers come from.
    """

    name: str
    classes: tuple[str, ...]
    asks: tuple[tuple[str, ...], ...]
    on_scene_s: float
    transport: bool
    source: str


@dataclass(frozen=True)
class Target:
    """What a service is held to.

    Attributes:
        name: Its key.
        call_kind: Calls that it is about.
        clock: Which time, one of CLOCKS.
        limit_s: Not longer than this.
        share: In this share of calls; None where the source states none.
        source: Who set it.
    """

    name: str
    call_kind: str
    clock: str
    limit_s: float
    share: float | None
    source: str


@cache
def call_kinds() -> Mapping[str, CallKind]:
    """All kinds of calls by name."""
    return {
        row["name"]: CallKind(
            row["name"],
            tuple(row["classes"].split()),
            tuple(tuple(one.split("|")) for one in row["asks"].split()),
            float(row["on_scene_s"]),
            row["transport"] == "yes",
            row["source"],
        )
        for row in _rows("kinds.csv")
    }


def call_kind(name: str) -> CallKind:
    """One kind of call.

    Raises:
        NotThere: It is not in the table.
    """
    if name not in call_kinds():
        raise NotThere(f"there is no kind of call {name!r}", expected=", ".join(call_kinds()))
    return call_kinds()[name]


@cache
def targets() -> tuple[Target, ...]:
    """All targets in the table's order."""
    return tuple(
        Target(
            row["name"],
            row["call_kind"],
            row["clock"],
            float(row["limit_s"]),
            float(row["share"]) if row["share"] else None,
            row["source"],
        )
        for row in _rows("targets.csv")
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = files("models.emergency.resources").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
