"""Force-offs and permissive periods of a coordinated signal, from its splits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from networks.errors import BadInput
from networks.timing.coordination import Coordination, ReferencePoint
from networks.timing.timing import Control, Timing


def coordinated(
    timing: Timing, stages: Collection[str], *, reference: ReferencePoint = ReferencePoint.BEGIN_OF_GREEN
) -> Timing:
    """The timing with its coordination: the local clock begins at the reference point of the first stage of `stages`.

    A force-off is the local second at which a stage's split ends its green. The permissive period of a stage opens when
    the coordinated stage may yield (the end of its split's green) and closes when the stage could no longer have its
    least green before its force-off (FHWA, Traffic Signal Timing Manual, 2008, chapter 6 on coordination; secondary
    source, clause unverified).

    Raises:
        BadInput: A stage is not in the timing, or none is named.
    """
    names = [stage.name for stage in timing.stages]
    if not stages or (strange := sorted(set(stages) - set(names))):
        raise BadInput(
            f"there is no stage {', '.join(strange)}" if stages else "no stage to coordinate is named",
            place=f"signal {timing.tls_id}, programme {timing.program_id}",
            expected=f"some of its stages: {', '.join(names)}",
        )
    first = next(stage for stage in timing.stages if stage.name in stages)
    own = tuple(stage.name for stage in timing.stages if stage.name in stages)
    zero = reference_s(timing, reference, first.name)
    begins, cycle = timing.begins_s(), timing.cycle_s
    ends = {stage.name: (begins[stage.name] + stage.green_s - zero) % cycle for stage in timing.stages}
    yields = ends[own[-1]]
    windows = {
        stage.name: (yields, yields + max(0.0, (ends[stage.name] - yields) % cycle - stage.least_s))
        for stage in timing.stages
        if stage.name not in own
    }
    told = Coordination(own, reference, first.name, ends, windows)
    return replace(timing, control=Control.COORDINATED, coordination=told)


def reference_s(timing: Timing, reference: ReferencePoint, stage: str) -> float:
    """Second of the cycle at which the reference point of a stage lies; 0 for the begin of the cycle.

    Raises:
        KeyError: The timing has no such stage.
    """
    if reference is ReferencePoint.BEGIN_OF_CYCLE:
        return 0.0
    begin = timing.begins_s()[stage]
    found = next(one for one in timing.stages if one.name == stage)
    later = {
        ReferencePoint.BEGIN_OF_GREEN: 0.0,
        ReferencePoint.BEGIN_OF_YELLOW: found.green_s,
        ReferencePoint.BEGIN_OF_RED: found.green_s + found.yellow_s,
    }[reference]
    return (begin + later) % timing.cycle_s


def offset_at(timing: Timing, reference: ReferencePoint, stage: str) -> float:
    """The offset told at a reference point: seconds after a multiple of the cycle at which it comes."""
    return (timing.offset_s + reference_s(timing, reference, stage)) % timing.cycle_s
