"""Dead letters that say the same again: one bus without a place makes a letter of every page that names it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from twin.feeds.keeping import Dead

Likeness = tuple[str, frozenset[tuple[str, str]]]
_VARYING = re.compile(r"(?<![^\W\d_])[-+]?\d[\w.:+-]*")
"""Numbers, times, and what is glued to them: `entity 312`, `2026-05-04T07:00Z`, but no `utf8`."""
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


@dataclass(frozen=True, slots=True)
class Alike:
    """Letters of one feed with the same kinds of faults.

    Attributes:
        letters: By number, at least one.
    """

    letters: tuple[Dead, ...]

    @property
    def last(self) -> Dead:
        """The newest of them."""
        return self.letters[-1]


def likeness(dead: Dead) -> Likeness:
    """The feed and the set of its faults, without numbers and quoted values."""
    return dead.feed, frozenset((_bare(fault.place), _bare(fault.what)) for fault in dead.faults)


def alike(letters: Iterable[Dead]) -> list[Alike]:
    """Groups of letters that are alike, the largest first, each by number."""
    found: dict[Likeness, list[Dead]] = {}
    for dead in letters:
        found.setdefault(likeness(dead), []).append(dead)
    groups = [Alike(tuple(sorted(one, key=lambda dead: dead.number))) for one in found.values()]
    return sorted(groups, key=lambda group: (-len(group.letters), group.last.feed, group.letters[0].number))


def _bare(text: str) -> str:
    return _VARYING.sub("#", _QUOTED.sub("#", text))
