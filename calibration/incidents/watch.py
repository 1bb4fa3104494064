"""The watch: counts come in by periods, suspicions are tried in the twin, and what comes of it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from calibration.counting import Counts
from calibration.incidents.expected import Expected, Floats
from calibration.incidents.reach import Reach
from calibration.incidents.suspicion import Evidence, Suspicion, evidence_of, suspicions
from calibration.incidents.trying import Changes, Try
from calibration.incidents.verdict import Verdict
from calibration.incidents.weighing import Weight, weigh
from models.sumo.changes import LaneBlocked

SURE = 0.8
"""Probability from which an incident is told."""
AGAIN = 3
"""Periods until what was not clear is tried again."""
MORE = 1.3
"""Times the strongest sum of the last time, or a further sensor: without either nothing is asked again."""
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
    """

    expected: Expected
    reach: Reach
    streets: Mapping[str, Street]
    threshold: float
    attempt: Try
    tries: int = 5

    def verdicts(self, counts: Counts, speeds_mps: Floats, doubted: frozenset[str] = frozenset()) -> list[Verdict]:
        """Go through the counts as if they came in now, period by period.

        Each answer knows only what was seen up to its moment. A sensor that was found to lie is not asked again; an
        incident is told once, and again where its likeliest edge changes.

        Args:
            counts: What was counted, one row for each sensor (S, T).
            speeds_mps: Mean speeds (S, T); NaN gaps.
            doubted: Sensors that are known to lie, by name.
        """
        told: list[Verdict] = []
        liars = {row for row, name in enumerate(counts.sensors) if name in doubted}
        muted: set[int] = set()
        asked: set[int] = set()
        wait, heard = 0, 0.0
        for at in range(counts.vehicles.shape[1]):
            flow = counts.vehicles[:, : at + 1].copy()
            flow[sorted(liars)] = np.nan
            evidence = evidence_of(_until(self.expected, at), flow, speeds_mps[:, : at + 1], counts.period_s)
            muted = {row for row in muted if max(evidence.held[row, at], evidence.starved[row, at]) > 0}
            evidence = _without(evidence, muted)
            found = suspicions(evidence, at, self.threshold, self.reach, counts.begin_s, counts.period_s)
            wait -= 1
            now = np.fmax(evidence.held[:, at], evidence.starved[:, at])
            hits = {int(row) for row in np.flatnonzero(now > self.threshold)}
            asked &= hits
            if not found or wait > 0 or (hits <= asked and now.max() < MORE * heard):
                continue
            asked, heard = hits, float(now.max())
            verdict = self._judged(found, counts, speeds_mps, at, sorted(liars))
            told.append(verdict)
            wait = AGAIN
            if verdict.kind == "incident":
                at_edge = self.reach.edges.index(verdict.edge)
                near = self.reach.held[at_edge] + self.reach.starved[at_edge] > 0.05
                hit = np.maximum(evidence.held[:, at], evidence.starved[:, at]) > 0
                muted |= set(np.flatnonzero(near | hit).tolist())
            elif verdict.kind == "sensor":
                liars.add(counts.sensors.index(verdict.sensor))
                wait = 0
        return told

    def _judged(self, found: list[Suspicion], counts: Counts, speeds_mps: Floats, at: int, liars: list[int]) -> Verdict:
        period_s, now_s = counts.period_s, counts.begin_s + (at + 1) * counts.period_s
        first = max(0, round((found[0].since_s - counts.begin_s) / period_s) - 1, at + 1 - round(BACK_S / period_s))
        since_s = counts.begin_s + first * period_s
        closures = self._closures(found)
        changes = {name: todo for name, (_, _, todo) in closures.items()}
        answers = self.attempt({"": (), **changes}, since_s, now_s)
        part = slice(first, at + 1)
        tried = {name: one for name, one in answers.items() if name}
        score = {one.edge: max(one.score, 0.05) for one in found}
        weights = weigh(
            _part(self.expected, part), (counts.vehicles[:, part], speeds_mps[:, part]), tried, answers[""],
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
                    blocks = tuple(LaneBlocked(f"{one.edge}_{lane}", AT_SHARE * street.length_m) for lane in lanes)
                    out[f"{one.edge}:{','.join(map(str, lanes))}"] = (one.edge, lanes, blocks)
        return out

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


def _until(expected: Expected, at: int) -> Expected:
    return _part(expected, slice(0, at + 1))


def _part(expected: Expected, part: slice) -> Expected:
    return Expected(
        expected.flow[:, part], expected.flow_sd[:, part], expected.log_speed[:, part], expected.log_speed_sd[:, part]
    )


def _without(evidence: Evidence, rows: set[int]) -> Evidence:
    held, starved = evidence.held.copy(), evidence.starved.copy()
    held[sorted(rows)] = starved[sorted(rows)] = 0.0
    return Evidence(held, starved)
