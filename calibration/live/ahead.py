"""What could come of now: alternatives from now on, in copies of the live town, the same members in each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from calibration.live.anchor import Anchor
from calibration.live.clearing import clearings
from models.sumo import Branch
from models.sumo.change import Change
from models.sumo.kinds import as_values, from_values
from models.sumo.sent import Later
from models.sumo.tallied import Tallied, Tally
from networks.sentence import Sentence

Draw = tuple[str, int]
"""An alternative, and the number of a member."""


@dataclass(frozen=True)
class Member:
    """One draw of what nobody knows.

    Attributes:
        seed: Of the draw, and of whoever asks for more of the same member.
        changes: Its vehicles, its drivers, when what blocks is gone.
    """

    seed: int
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Tried:
    """What came of it.

    Attributes:
        tallies: What each alternative cost in each member that came to its end.
        left_out: Why others are left out.
        cpu_s: Processor time.
    """

    tallies: Mapping[Draw, Tally]
    left_out: Mapping[Draw, Sentence]
    cpu_s: float


@dataclass(frozen=True)
class Futures:
    """Members of the next half hour or hour, to try alternatives in.

    Attributes:
        anchor: The warm town; it must not have moved since.
        members: Draws.
        known: What holds, and since when, in all of them.
        now_s: The moment: nothing can be done before.
        until_s: Their end.
        near: Streets that are watched on their own.
    """

    anchor: Anchor
    members: tuple[Member, ...]
    known: tuple[tuple[float, Change], ...]
    now_s: float
    until_s: float
    near: tuple[str, ...] = ()

    def tried(self, alternatives: Mapping[str, Sequence[Change]], members: Iterable[int], *, since_s: float) -> Tried:
        """Run each alternative in each of these members; what lies before now is run once for each member.

        Args:
            alternatives: Changes by name; nothing is one, too. What differs by member is not in them.
            members: Numbers of members.
            since_s: When the changes are made.
        """
        count = Tallied(self.now_s, self.until_s, self.near)
        named: dict[str, Draw] = {}
        branches = []
        for member in members:
            then = []
            for number, (name, changes) in enumerate(alternatives.items()):
                named[f"try-{member}/{number}"] = (name, member)
                made = tuple(Later(since_s, one) for one in changes)
                then.append(Branch(f"{number}", self.until_s, (count, *made)))
            branches.append(Branch(f"try-{member}", self.now_s, self.members[member].changes, then=tuple(then)))
        tallies, left_out, cpu_s = self.anchor.tallied(branches, known=self.known)
        return Tried(
            {named[one]: tally for one, tally in tallies.items()},
            {named[one]: why for one, why in left_out.items()},
            cpu_s,
        )

    def as_values(self) -> dict[str, Any]:
        """Everything but the anchor, as plain values."""
        return {
            "members": [{"seed": one.seed, "changes": list(map(as_values, one.changes))} for one in self.members],
            "known": [[since_s, as_values(one)] for since_s, one in self.known],
            "now_s": self.now_s, "until_s": self.until_s, "near": list(self.near),
        }  # fmt: skip

    @classmethod
    def from_values(cls, anchor: Anchor, values: Mapping[str, Any]) -> Futures:
        """What `as_values` told."""
        members = tuple(Member(one["seed"], tuple(map(from_values, one["changes"]))) for one in values["members"])
        known = tuple((float(since_s), from_values(one)) for since_s, one in values["known"])
        return cls(anchor, members, known, values["now_s"], values["until_s"], tuple(values["near"]))


def member_of(seed: int, changes: Sequence[Change], known: Sequence[tuple[float, Change]], now_s: float) -> Member:
    """A member: its own demand and drivers, and its own draw of when lanes are free again."""
    return Member(seed, (*changes, *clearings(known, now_s, seed)))
