"""The watch: what is usual, what a blocked lane does, and a twin in which suspicions are tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from calibration.counting import Counts
from calibration.incidents.expected import Expected, Floats
from calibration.incidents.reach import Reach
from calibration.incidents.suspicion import Suspicion
from calibration.incidents.trying import Changes, Try
from calibration.incidents.verdict import Verdict
from calibration.incidents.weighing import Weight, weigh
from models.sumo.changes import LaneBlocked

SURE = 0.8
"""Probability from which an incident is told."""
BACK_S = 2700.0
"""So far back a blocked lane is tried at most: what was before that says little about now."""
AT_SHARE = 0.7
"""Where on the edge the twin puts what blocks it; nobody knows (guess)."""


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
        tries: Copies of the twin for a suspicion, at most.
        back_s: So far back a blocked lane is tried at most.
    """

    expected: Expected
    reach: Reach
    streets: Mapping[str, Street]
    threshold: float
    attempt: Try
    tries: int = 5
    back_s: float = BACK_S

    def judged(self, found: list[Suspicion], counts: Counts, speeds_mps: Floats, liars: list[int]) -> Verdict:
        """Try what is suspected after the last period, and weigh it."""
        at = counts.vehicles.shape[1] - 1
        period_s, now_s = counts.period_s, counts.begin_s + (at + 1) * counts.period_s
        first = max(
            0, round((found[0].since_s - counts.begin_s) / period_s) - 1, at + 1 - round(self.back_s / period_s)
        )
        since_s = counts.begin_s + first * period_s
        closures = self._closures(found)
        changes = {name: todo for name, (_, _, todo) in closures.items()}
        answers = self.attempt({"": (), **changes}, since_s, now_s)
        part = slice(first, at + 1)
        tried = {name: one for name, one in answers.items() if name}
        score = {one.edge: max(one.score, 0.05) for one in found}
        weights = weigh(
            part_of(self.expected, part), (counts.vehicles[:, part], speeds_mps[:, part]), tried, answers[""],
            self.reach, liars, {name: score[closures[name][0]] for name in tried},
        )  # fmt: skip
        return self._told(weights, closures, found, counts, since_s, now_s)

    def _closures(self, found: list[Suspicion]) -> dict[str, tuple[str, tuple[int, ...], Changes]]:
        """(edge, lanes, changes) by name: one lane, and all of them, of each edge, the likeliest edges first."""
        out: dict[str, tuple[str, tuple[int, ...], Changes]] = {}
        for one in found:
            street = self.streets.get(one.edge)
            if street is None or not street.lanes:
                continue
            for lanes in dict.fromkeys([street.lanes[:1], street.lanes]):
                if len(out) < self.tries:
                    out[f"{one.edge}:{','.join(map(str, lanes))}"] = (one.edge, lanes, self.blocks(one.edge, lanes))
        return out

    def blocks(self, edge: str, lanes: Iterable[int]) -> Changes:
        """What blocks these lanes in the twin."""
        at_m = AT_SHARE * self.streets[edge].length_m
        return tuple(LaneBlocked(f"{edge}_{lane}", at_m) for lane in lanes)

    def _told(
        self, weights: list[Weight], closures: Mapping[str, tuple[str, tuple[int, ...], Changes]],
        found: list[Suspicion], counts: Counts, since_s: float, now_s: float,
    ) -> Verdict:  # fmt: skip
        kinds: dict[str, float] = {}
        places: dict[str, float] = {}
        for one in weights:
            kinds[one.kind] = kinds.get(one.kind, 0.0) + one.probability
            if one.kind == "blocked":
                edge = closures[one.name][0]
                places[edge] = places.get(edge, 0.0) + one.probability
        ranked = tuple(sorted(places.items(), key=lambda pair: -pair[1]))
        blank = Verdict("nothing", "", (), "", since_s, now_s, kinds.get("nothing", 0.0), ranked)
        if kinds.get("blocked", 0.0) >= SURE:
            edge = ranked[0][0]
            best = next(one for one in weights if one.kind == "blocked" and closures[one.name][0] == edge)
            rests = next(one.sensors for one in found if one.edge == edge)
            named = tuple(counts.sensors[row] for row in rests)
            since_s += best.late * counts.period_s
            return replace(blank, kind="incident", edge=edge, lanes=closures[best.name][1], since_s=since_s,
                           probability=kinds["blocked"], rests_on=named)  # fmt: skip
        rest = {kind: share for kind, share in kinds.items() if kind != "blocked"}
        kind = max(rest, key=lambda name: rest[name])
        best = next(one for one in weights if one.kind == kind)
        if kind == "sensor":
            return replace(blank, kind=kind, sensor=counts.sensors[int(best.name)], probability=rest[kind])
        if kind == "demand":
            return replace(blank, kind=kind, edge=best.name, level=best.level, probability=rest[kind])
        return blank


def part_of(expected: Expected, part: slice) -> Expected:
    return Expected(
        expected.flow[:, part], expected.flow_sd[:, part], expected.log_speed[:, part], expected.log_speed_sd[:, part]
    )
