"""`Controls`: the measures of a day, and how many follow those that are advice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import numpy as np

from models.crowd.city.controls.measures import KINDS, Control, Runs
from networks.errors import BadInput

Kind = TypeVar("Kind")
_POSITIVE = ("toll_s", "slot_s", "rate_ps", "area_m2", "headway_s", "places", "people", "share")
_NOT_NEGATIVE = ("furthest_s", "ride_s", "spread_s", "from_s")


@dataclass(frozen=True)
class Controls:
    """What is done about a day.

    Attributes:
        measures: One after another; of two for the same thing the later one holds.
        compliance: Share of the groups who follow advice; the same ones follow all of it. 30 % is an assumption.

    Raises:
        BadInput: A share that is none, a measure with a time, rate or number that makes no sense.
    """

    measures: tuple[Control, ...] = ()
    compliance: float = 0.3

    def __post_init__(self) -> None:
        if not 0.0 <= self.compliance <= 1.0:
            raise BadInput(f"{self.compliance:g} of the people follow advice", expected="0 to 1")
        for place, one in enumerate(self.measures):
            _check(one, place)

    def of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """The measures of one kind."""
        return tuple(one for one in self.measures if isinstance(one, kind))

    def plus(self, other: Controls) -> Controls:
        """Both together."""
        return Controls((*self.measures, *other.measures), self.compliance)

    def follows(self, draw: np.ndarray) -> np.ndarray:
        """Which groups follow advice, from their uniform draws, bool."""
        return np.asarray(draw < self.compliance)

    def to_json(self) -> list[dict[str, Any]]:
        """JSON-ready: a row for each measure, with its kind and the compliance."""
        names = {kind: name for name, kind in KINDS.items()}
        return [
            {
                "kind": names[type(one)],
                "compliance": self.compliance,
                **{key: _plain(v) for key, v in asdict(one).items()},
            }
            for one in self.measures
        ]

    @classmethod
    def from_json(cls, rows: Iterable[Mapping[str, Any]]) -> Controls:
        """Read back what `to_json` gave.

        Raises:
            BadInput: A kind that does not exist, a field too many or too few.
        """
        measures, compliance = [], 0.3
        for place, row in enumerate(rows):
            fields: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
            }
            kind, compliance = fields.pop("kind", None), fields.pop("compliance", compliance)
            if kind not in KINDS:
                raise BadInput(f"measure {kind!r}", place=f"row {place}", expected=", ".join(KINDS))
            try:
                measures.append(KINDS[kind](**fields))
            except TypeError as error:
                raise BadInput(f"{kind}: {error}", place=f"row {place}", remedy="see docs/reference.md") from error
        return cls(tuple(measures), compliance)

    def fit(self, links: int, nodes: int, sites: int, sources: int, lines: tuple[int, ...]) -> None:
        """Check that everything named is there.

        Args:
            links: How many links there are.
            nodes: How many nodes.
            sites: How many sites.
            sources: How many sources.
            lines: Sources that have a `Line`.

        Raises:
            BadInput: Something is not.
        """
        for place, one in enumerate(self.measures):
            fields = asdict(one)
            for what, names, count in (
                ("link", ("links",), links), ("node", ("from_node", "to_node"), nodes), ("site", ("site",), sites),
                ("source", ("source", "instead"), sources),
            ):  # fmt: skip
                given = [np.atleast_1d(fields[name]) for name in names if name in fields]
                for number in np.concatenate(given) if given else ():
                    if not 0 <= number < count:
                        raise BadInput(
                            f"{_named(one)} of {what} {number:.0f}",
                            place=f"measure {place}",
                            expected=f"0 to {count - 1}",
                        )
            if isinstance(one, Runs) and one.source not in lines:
                raise BadInput(f"extra runs from source {one.source}, which has no line", place=f"measure {place}")


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _named(one: Control) -> str:
    return {kind: f"a {name.replace('_', ' ')}" for name, kind in KINDS.items()}[type(one)]


def _check(one: Control, place: int) -> None:
    fields = asdict(one)
    for name in _POSITIVE:
        if name in fields and not fields[name] > 0:
            raise BadInput(
                f"{type(one).__name__} has {name} {fields[name]:g}", place=f"measure {place}", expected="> 0"
            )
    for name in _NOT_NEGATIVE:
        if name in fields and not fields[name] >= 0:
            raise BadInput(
                f"{type(one).__name__} has {name} {fields[name]:g}", place=f"measure {place}", expected="0 or more"
            )
    if "until_s" in fields and not fields["until_s"] > fields["from_s"]:
        raise BadInput(f"{type(one).__name__} ends before it begins", place=f"measure {place}", expected="from < until")
    if "heading" in fields and (len(fields["heading"]) != len(fields["links"]) or set(fields["heading"]) - {0, 1}):
        raise BadInput("OneWay needs a heading, 0 or 1, for each link", place=f"measure {place}")
