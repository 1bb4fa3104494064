"""New splits from a ring plan, laid into the stages of a timing whose changes stay second by second."""

from __future__ import annotations

from dataclasses import replace

from networks.timing.ring_plan import RingPhase, RingPlan
from networks.timing.timed_stage import TimedStage
from networks.timing.timing import Timing

_SAME_S = 1e-4


def resplit(timing: Timing, now: RingPlan, then: RingPlan) -> Timing | None:
    """The timing with the greens and the offset of another ring plan; None where more than these differ.

    Rings tell one yellow and one red for each phase. Where only greens and offset are new, the timing's own changes,
    in which groups end and begin at seconds of their own, are safer than what rings show.

    Args:
        timing: What runs.
        now: Its ring plan, by `rings_of`.
        then: The ring plan with other figures.
    """
    if [_kept(phase) for phase in now.phases] != [_kept(phase) for phase in then.phases]:
        return None
    if (now.constant, now.interrupted, now.control) != (then.constant, then.interrupted, then.control):
        return None
    begins = timing.begins_s()
    local = {name: (begin + timing.offset_s - now.offset_s) % timing.cycle_s for name, begin in begins.items()}
    local = {name: 0.0 if timing.cycle_s - begin < _SAME_S else begin for name, begin in local.items()}
    stages, moment = dict[str, TimedStage](), 0.0
    for stage in sorted(timing.stages, key=lambda one: local[one.name]):
        end = local[stage.name] + stage.green_s
        ends = {round(_end(then, phase), 4) for phase in now.phases if abs(_end(now, phase) - end) < _SAME_S}
        if len(ends) != 1 or (green := ends.pop() - moment) < _SAME_S:
            return None
        stages[stage.name] = _limited(stage.lasting(green), stage, local[stage.name], now, then)
        moment += stages[stage.name].split_s
    if abs(moment - then.cycle_s) > _SAME_S:
        return None
    new = replace(timing, stages=tuple(stages[stage.name] for stage in timing.stages), source=then.source)
    first = min(local, key=lambda name: local[name])
    return replace(new, offset_s=round((then.offset_s - new.begins_s()[first]) % new.cycle_s, 6))


def _kept(phase: RingPhase) -> tuple[object, ...]:
    """What may not differ, times in tenths of milliseconds."""
    times = (round(phase.yellow_s / _SAME_S), round(phase.red_s / _SAME_S))
    return (phase.number, phase.place, phase.protected, phase.permitted, *times)


def _end(rings: RingPlan, phase: RingPhase) -> float:
    """Local second at which the green of the phase of this number ends."""
    own = next(one for one in rings.phases if one.number == phase.number)
    return rings.begins_s()[own.number] + own.green_s


def _limited(longer: TimedStage, stage: TimedStage, begin: float, now: RingPlan, then: RingPlan) -> TimedStage:
    """The stage with new limits, where a phase has just its green and says others than today."""
    for old in now.phases:
        new = next(one for one in then.phases if one.number == old.number)
        alone = abs(now.begins_s()[old.number] - begin) < _SAME_S and abs(old.green_s - stage.green_s) < _SAME_S
        if alone and (old.least_s, old.most_s) != (new.least_s, new.most_s) and len(stage.greens) == 1:
            step = replace(longer.greens[0], least_s=new.least_s, most_s=new.most_s)
            return replace(longer, greens=(step,))
    return longer
