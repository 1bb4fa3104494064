"""A watch under way: counts come in by periods, what is suspected is tried, and what comes of it is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from calibration.counting import Counts
from calibration.incidents.expected import Floats
from calibration.incidents.recovered import recovered
from calibration.incidents.suspicion import Evidence, evidence_of, suspicions
from calibration.incidents.verdict import Verdict
from calibration.incidents.watch import Watch, part_of
from models.sumo.change import Change

AGAIN = 3
"""Periods until what was not clear is tried again."""
SOON = 2
"""The same where none of the explanations was sure."""
PLACED = 0.4
"""Probability of a place from which the twin blocks it: one of two streets in line that cannot be told apart passes."""
MORE = 1.3
"""Times the strongest sum of the last time, or a further sensor: without either nothing is asked again."""


@dataclass
class Watching:
    """A watch under way: what it knows by now.

    Attributes:
        watch: The watch.
        liars: Sensors (rows) that are not asked any more.
        standing: Incidents that were told and are not over, each with the sensors (rows) that still feel it.
        asked: Sensors (rows) whose suspicion was tried last time.
        wait: Periods until something may be tried again.
        heard: Strongest sum of evidence when something was tried last.
        anew: Period from which each of these sensors (rows) is added up anew, since an incident was over for it.
    """

    watch: Watch
    liars: set[int] = field(default_factory=set)
    standing: list[tuple[Verdict, set[int]]] = field(default_factory=list)
    asked: set[int] = field(default_factory=set)
    wait: int = 0
    heard: float = 0.0
    anew: dict[int, int] = field(default_factory=dict)

    @property
    def known(self) -> list[tuple[float, Change]]:
        """What incidents that are not over do to the streets, each since it began.

        One that is likelier elsewhere than at its likeliest place does nothing: forecasts would rest on a wrong block.
        """
        told = (one for one, _ in self.standing if dict(one.places).get(one.edge, 0.0) >= PLACED)
        return [(one.since_s, block) for one in told for block in self.watch.blocks(one.edge, one.lanes)]

    def step(self, counts: Counts, speeds_mps: Floats) -> Verdict | None:
        """One period more, the last of the counts; None where there is nothing to tell.

        Each answer knows only what was seen up to its moment. A sensor that was found to lie is not asked again; an
        incident is told once, and again where its likeliest edge changes. It is over when no sensor feels it any more
        (`recovered`).

        Args:
            counts: All that was counted so far (S, T).
            speeds_mps: Mean speeds (S, T); NaN gaps.
        """
        watch, at = self.watch, counts.vehicles.shape[1] - 1
        flow = counts.vehicles.copy()
        flow[sorted(self.liars)] = np.nan
        for row, begin in self.anew.items():
            flow[row, :begin] = np.nan
        evidence = evidence_of(part_of(watch.expected, slice(0, at + 1)), flow, speeds_mps, counts.period_s)
        self._let_go(evidence, ~np.isnan(flow), counts)
        over = {row for row, begin in self.anew.items() if begin > at}
        evidence = _without(evidence, over.union(*(rows for _, rows in self.standing)))
        found = suspicions(evidence, at, watch.threshold, watch.reach, counts.begin_s, counts.period_s)
        self.wait -= 1
        now = np.fmax(evidence.held[:, at], evidence.starved[:, at])
        hits = {int(row) for row in np.flatnonzero(now > watch.threshold)}
        self.asked &= hits
        if not found or self.wait > 0 or (hits <= self.asked and now.max() < MORE * self.heard):
            return None
        self.asked, self.heard = hits, float(now.max())
        verdict = watch.judged(found, counts, speeds_mps, sorted(self.liars))
        self.wait = AGAIN
        if verdict.kind == "open":
            self.asked, self.wait = set(), SOON
        if verdict.kind == "incident":
            self.standing.append((verdict, self._near(verdict, counts) | set(np.flatnonzero(now > 0).tolist())))
        elif verdict.kind == "sensor":
            self.liars.add(counts.sensors.index(verdict.sensor))
            self.wait = 0
        return verdict

    def _near(self, one: Verdict, counts: Counts) -> set[int]:
        """Sensors that its street reaches, and those that it was told by."""
        at_edge = self.watch.reach.edges.index(one.edge)
        near = self.watch.reach.held[at_edge] + self.watch.reach.starved[at_edge] > 0.05
        return {*np.flatnonzero(near).tolist(), *(counts.sensors.index(name) for name in one.rests_on)}

    def _let_go(self, evidence: Evidence, heard: NDArray[np.bool_], counts: Counts) -> None:
        """Incidents that no sensor feels any more are over; who felt one is added up anew from now on.

        Sensors elsewhere that were suspicious at the same time are not asked about another street, and say nothing of
        whether this one is free.
        """
        at, standing = heard.shape[1] - 1, []
        both = evidence.held, evidence.starved
        for one, rows in self.standing:
            since = max(round((one.since_s - counts.begin_s) / counts.period_s), 0)
            still, strongly, near = set[int](), False, self._near(one, counts)
            for row in sorted(rows):
                sums = max((kind[row] for kind in both), key=lambda sums: float(sums[since:].max(initial=0.0)))
                if recovered(sums, heard[row], since, at):
                    self.anew[row] = at + 1
                else:
                    still.add(row)
                    strongly |= row in near and float(sums[since:].max(initial=0.0)) > self.watch.threshold / 2
            if strongly:
                standing.append((one, still))
            else:
                self.anew |= dict.fromkeys(sorted(rows), at + 1)
        self.standing = standing


def heard_out(watch: Watch, counts: Counts, speeds_mps: Floats, doubted: frozenset[str] = frozenset()) -> list[Verdict]:
    """Go through the counts as if they came in now, period by period; see `Watching.step`.

    Args:
        watch: The watch.
        counts: What was counted, one row for each sensor (S, T).
        speeds_mps: Mean speeds (S, T); NaN gaps.
        doubted: Sensors that are known to lie, by name.
    """
    watching = Watching(watch, {row for row, name in enumerate(counts.sensors) if name in doubted})
    steps = range(1, counts.vehicles.shape[1] + 1)
    told = (watching.step(replace(counts, vehicles=counts.vehicles[:, :at]), speeds_mps[:, :at]) for at in steps)
    return [one for one in told if one is not None]


def _without(evidence: Evidence, rows: set[int]) -> Evidence:
    held, starved = evidence.held.copy(), evidence.starved.copy()
    held[sorted(rows)] = starved[sorted(rows)] = 0.0
    return Evidence(held, starved)
