"""The watch: what is usual, what a blocked lane does, and a twin in which suspicions are tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from calibration.counting import Counts
from calibration.incidents.errors import Errors
from calibration.incidents.expected import Expected, Floats
from calibration.incidents.reach import Reach
from calibration.incidents.suspicion import Suspicion
from calibration.incidents.trying import Changes, Seen, Try
from calibration.incidents.verdict import Verdict
from calibration.incidents.weighing import Closure, Weight, weigh
from models.sumo.changes import LaneBlocked

SURE = 0.8
"""Probability from which an incident is told."""
WORTH = 0.05
"""Probability of a blocked lane, by what such lanes do anywhere, from which the twin is asked."""
BACK_S = 2700.0
"""So far back it is weighed what sensors said, at most: what was before that says little about now."""
AROUND = 0.5
"""Share of drivers who look for another way where nobody gets through (guess)."""
AT_SHARE = 0.7
"""Where on the edge the twin puts what blocks it; nobody knows (guess)."""


Blocks = dict[str, tuple[str, tuple[int, ...], Changes]]
"""What was tried, by name: (edge, lanes, changes)."""


@dataclass(frozen=True, slots=True)
class Street:
    """What the twin has to know of an edge to block it: its length in m, and its lanes for cars by number."""

    length_m: float
    lanes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """What is watched, and how.

    Attributes:
        expected: A usual day (S, T) in the periods of the counts.
        reach: What a blocked lane does to the sensors.
        streets: Of each edge that may be blocked.
        threshold: Of a sum of evidence (`threshold_for`).
        attempt: The twin.
        errors: Of the sensors on usual days.
        tries: Copies of the twin for a suspicion, at most.
        back_s: So far back the twin can try a blocked lane, at most; one that began earlier does what it did at last.
    """

    expected: Expected
    reach: Reach
    streets: Mapping[str, Street]
    threshold: float
    attempt: Try
    errors: Errors
    tries: int = 5
    back_s: float = BACK_S

    def judged(self, found: list[Suspicion], counts: Counts, speeds_mps: Floats, liars: list[int]) -> Verdict:
        """Weigh what is suspected after the last period; where a blocked lane is no mere chance, the twin tries it."""
        at = counts.vehicles.shape[1] - 1
        period_s, now_s = counts.period_s, counts.begin_s + (at + 1) * counts.period_s
        first = max(0, round((found[0].since_s - counts.begin_s) / period_s) - 1, at + 1 - round(BACK_S / period_s))
        since_s = counts.begin_s + first * period_s
        part = slice(first, at + 1)
        known = [one for one in found if self.streets.get(one.edge, Street(0.0, ())).lanes]

        def weighed(blocks: Blocks, answers: Mapping[str, Seen]) -> list[Weight]:
            return weigh(
                part_of(self.expected, part), (counts.vehicles[:, part], speeds_mps[:, part]),
                self._weighed(known, blocks, answers), answers.get(""), self.reach, period_s, liars, self.errors,
            )  # fmt: skip

        weights = weighed({}, {})
        places = [one for one in weights if one.kind == "blocked"]
        blocks: Blocks = {}
        if sum(one.probability for one in places) >= WORTH:
            blocks = self._blocks([one.name for one in places])
            asked = {"": (), **{name: todo for name, (_, _, todo) in blocks.items()}}
            answers = self.attempt(asked, max(since_s, now_s - self.back_s), now_s)
            weights = weighed(blocks, {name: _lasting(seen, at + 1 - first) for name, seen in answers.items()})
        untried: Blocks = {one.edge: (one.edge, self.streets[one.edge].lanes[:1], ()) for one in known}
        return self._told(weights, {**untried, **blocks}, found, counts, since_s, now_s)

    def _blocks(self, edges: list[str]) -> Blocks:
        """(edge, lanes, changes) by name: one lane, and all of them, of each edge, the likeliest edges first."""
        out: Blocks = {}
        for edge in edges:
            lanes_of = self.streets[edge].lanes
            for lanes in dict.fromkeys([lanes_of[:1], lanes_of]):
                if len(out) < self.tries:
                    out[f"{edge}:{','.join(map(str, lanes))}"] = (edge, lanes, self.blocks(edge, lanes))
        return out

    def _weighed(
        self, found: list[Suspicion], blocks: Blocks, answers: Mapping[str, Seen]
    ) -> dict[str, Closure]:  # fmt: skip
        """All that are suspected, each as likely beforehand as it has traffic; what the twin tried says more."""
        driven = {one.edge: self._driven_share(one.edge) for one in found}
        tried = {name: edge for name, (edge, _, _) in blocks.items() if name in answers}
        ways = Counter(tried.values())
        told = {name: Closure(edge, driven[edge] / ways[edge], answers[name]) for name, edge in tried.items()}
        return told | {edge: Closure(edge, share) for edge, share in driven.items() if edge not in ways}

    def _driven_share(self, edge: str) -> float:
        """Vehicle-kilometres on an edge, of those of the town."""
        reach = self.reach
        lengths = np.array([self.streets[one].length_m if one in self.streets else 0.0 for one in reach.edges])
        driven = lengths * reach.flow
        return float(driven[reach.edges.index(edge)] / max(driven.sum(), 1e-9))

    def blocks(self, edge: str, lanes: Iterable[int]) -> Changes:
        """What blocks these lanes in the twin."""
        at_m = AT_SHARE * self.streets[edge].length_m
        around = AROUND if set(lanes) >= set(self.streets[edge].lanes) else 0.0
        return tuple(LaneBlocked(f"{edge}_{lane}", at_m, around=around) for lane in lanes)

    def _told(
        self, weights: list[Weight], closures: Blocks, found: list[Suspicion], counts: Counts, since_s: float,
        now_s: float,
    ) -> Verdict:  # fmt: skip
        kinds: dict[str, float] = {}
        places: dict[str, float] = {}
        for one in weights:
            kinds[one.kind] = kinds.get(one.kind, 0.0) + one.probability
            if one.kind == "blocked":
                edge = closures[one.name][0]
                places[edge] = places.get(edge, 0.0) + one.probability
        ranked = tuple(sorted(places.items(), key=lambda pair: -pair[1]))
        blank = Verdict("nothing", "", (), "", since_s, now_s, kinds.get("nothing", 0.0), ranked,
                        kinds=tuple(sorted(kinds.items(), key=lambda pair: -pair[1])))  # fmt: skip
        if kinds.get("blocked", 0.0) >= SURE:
            edge = ranked[0][0]
            best = next(one for one in weights if one.kind == "blocked" and closures[one.name][0] == edge)
            rests = next(one.sensors for one in found if one.edge == edge)
            named = tuple(counts.sensors[row] for row in rests)
            since_s += best.late * counts.period_s
            return replace(blank, kind="incident", edge=edge, lanes=closures[best.name][1], since_s=since_s,
                           probability=kinds["blocked"], rests_on=named)  # fmt: skip
        kind = max(kinds, key=lambda name: kinds[name])
        if kinds[kind] < SURE:
            return replace(blank, kind="open", probability=kinds.get("blocked", 0.0))
        best = next(one for one in weights if one.kind == kind)
        if kind == "sensor":
            return replace(blank, kind=kind, sensor=counts.sensors[int(best.name)], probability=kinds[kind])
        if kind == "demand":
            return replace(blank, kind=kind, edge=best.name, level=best.level, probability=kinds[kind])
        return blank


def _lasting(seen: Seen, periods: int) -> Seen:
    """What was tried for some periods, as if its last went on."""
    flow, speed = (np.pad(one, ((0, 0), (0, periods - one.shape[1])), mode="edge") for one in seen)
    return flow, speed


def part_of(expected: Expected, part: slice) -> Expected:
    return Expected(
        expected.flow[:, part], expected.flow_sd[:, part], expected.log_speed[:, part], expected.log_speed_sd[:, part]
    )
