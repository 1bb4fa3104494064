"""What plans are worth when some of their detectors are out of order."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from models.streams import stream
from networks import SignalLink, SignalPhase, SignalPlan
from networks.signals.equipment.loops import read_loops
from networks.signals.plans.plan import STATIC
from scenarios.signals.trying.gain import Gain, gains_of
from scenarios.signals.trying.trials import Outcome, Trials

Lane = tuple[str, int]
"""Edge, number of the lane."""
MOST_DRAWS = 5


@dataclass(frozen=True)
class FailedDetectors:
    """Plans judged with detectors out of order, drawn anew on each seed.

    Attributes:
        share: Of the detectors, out of order.
        detectors: Lanes whose detectors may hold a green.
        failed: How many of them were out of order at a time.
        today, sound, broken: Outcomes on the same seeds: of what runs today, of the plans with every detector, and with
            the failed ones.
    """

    share: float
    detectors: int
    failed: int
    today: tuple[Outcome, ...]
    sound: tuple[Outcome, ...]
    broken: tuple[Outcome, ...]

    @property
    def cost(self) -> Gain:
        """What the failures cost, all planned vehicles: from sound to broken."""
        return gains_of(self.sound, self.broken)[0]

    @property
    def kept(self) -> Gain:
        """What is gained all the same, all planned vehicles: from today to broken."""
        return gains_of(self.today, self.broken)[0]

    def as_json(self) -> dict[str, float | int | None]:
        """As JSON; delays in s per planned vehicle, infinite ones null."""
        told = {"today_s": self.kept.before, "sound_s": self.cost.before, "broken_s": self.cost.after}
        worst = {"worst_s": self.cost.worst_after}
        figures = {name: value if math.isfinite(value) else None for name, value in (told | worst).items()}
        return {"share": self.share, "detectors": self.detectors, "failed": self.failed, **figures}


def detector_lanes(plans: Mapping[str, SignalPlan], links: Mapping[str, Sequence[SignalLink]]) -> dict[str, set[Lane]]:
    """Lanes by signal whose detectors may hold a green: those that go in a phase between its least and its longest."""
    found: dict[str, set[Lane]] = {}
    for tls, plan in plans.items():
        held = [phase for phase in plan.phases if _stretches(plan, phase)]
        lanes = {
            (link.from_edge, link.from_lane) for link in links[tls] for phase in held if phase.state[link.index] in "Gg"
        }
        if lanes:
            found[tls] = lanes
    return found


def with_failed(
    plans: Mapping[str, SignalPlan],
    links: Mapping[str, Sequence[SignalLink]],
    failed: Collection[Lane],
    loops: Mapping[str, Mapping[int, Sequence[str]]] | None = None,
) -> dict[str, SignalPlan]:
    """The plans as controllers run them with failed detectors: each of their stages lasts as long as it may.

    That is the usual recall of a detector that has failed: it calls its phase, and holds it to the longest green (FHWA,
    Traffic Signal Timing Manual, 2008, on detector failure; secondary source, clause unverified). Greens that the clock
    of a coordinated plan holds stay as they are. In a plan on call a failed loop reads as one on which somebody stands:
    it calls, and holds its green to the longest for which others wait; without the names of its `loops` to the rest.
    """
    made = {}
    for tls, plan in plans.items():
        mine = [link.index for link in links[tls] if (link.from_edge, link.from_lane) in failed]
        if loops and plan.control == "on_call":
            made[tls] = _occupied(plan, {name for index in mine for name in loops[tls].get(index, ())})
            continue
        made[tls] = replace(
            plan,
            phases=tuple(
                replace(phase, duration_s=phase.max_s, min_s=phase.max_s)
                if _stretches(plan, phase) and any(phase.state[index] in "Gg" for index in mine)
                else phase
                for phase in plan.phases
            ),
        )
    return made


def judge_failed(
    trials: Trials,
    plans: Mapping[str, SignalPlan],
    share: float,
    seeds: Sequence[int],
    before: Sequence[Outcome],
    after: Sequence[Outcome],
) -> FailedDetectors | None:
    """The plans on the first of the judged seeds, a share of the detectors out of order on each.

    Args:
        trials: Of the case.
        plans: By signal.
        share: Of the detectors; rounded up. Drawn from the stream `failed-detectors`.
        seeds: Those that judge.
        before: Outcomes on them of today's plans.
        after: Outcomes on them of these plans.

    Returns:
        None where no plan listens to a detector, or none is to fail.
    """
    lanes = sorted({lane for own in detector_lanes(plans, trials.links).values() for lane in own})
    count, used = math.ceil(share * len(lanes)), list(seeds[:MOST_DRAWS])
    if not count:
        return None
    called = any(plan.control == "on_call" for plan in plans.values())
    loops = read_loops(trials.case.net) if called else None
    wanted = []
    for seed in used:
        drawn = stream(seed, "failed-detectors").choice(len(lanes), count, replace=False)
        wanted.append((with_failed(plans, trials.links, {lanes[int(n)] for n in drawn}, loops), seed))
    broken = tuple(trials.run(wanted))
    today, sound = tuple(before[: len(used)]), tuple(after[: len(used)])
    return FailedDetectors(share, len(lanes), count, today, sound, broken)


def _occupied(plan: SignalPlan, names: Collection[str]) -> SignalPlan:
    """The plan with some loops on which a vehicle stands: no time has passed since they last saw one."""
    seen = re.compile("|".join(rf"z:{re.escape(name)}(?![.\d])" for name in sorted(names)) or "(?!)")
    phases = [
        replace(phase, terms=replace(phase.terms, early_target=seen.sub("0", phase.terms.early_target)))
        for phase in plan.phases
    ]
    return replace(plan, phases=tuple(phases))


def _stretches(plan: SignalPlan, phase: SignalPhase) -> bool:
    return plan.kind != STATIC and phase.min_s < phase.max_s and not phase.terms.held
