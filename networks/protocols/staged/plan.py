"""A plan as stages of groups with late starts and early ends: what Chinese controllers and platforms speak of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from networks.errors import BadInput
from networks.timing.timing import Control

NO_ARM = 9
"""Traffic from no arm, or from several."""


@dataclass(frozen=True)
class StagedGroup:
    """Lamps that always show the same.

    Attributes:
        number: From 1 on.
        name: Its name at the controller.
        group: The signal group of the network that it belongs to; "" where none does.
        kind: vehicle, pedestrian, bicycle or tram.
        links: The links that it drives, sorted.
        yellow_s: Behind each of its greens.
        red_amber_s: Before each of its greens.
        least_s: Least green.
        flashing_s: Last seconds of green that flash.
        arm: Where its traffic comes from: 1 north, clockwise to 8 northwest.
        turn: s, l or r where all of its traffic goes that way.
    """

    number: int
    name: str
    group: str
    kind: str
    links: tuple[int, ...]
    yellow_s: float = 0.0
    red_amber_s: float = 0.0
    least_s: float = 0.0
    flashing_s: float = 0.0
    arm: int = NO_ARM
    turn: str = ""


@dataclass(frozen=True)
class Served:
    """A green of a group within a stage.

    Attributes:
        group: Its number.
        late_s: It begins so long after the stage.
        early_s: It ends so long before the stage does. Where it lasts to the stage's end, and the next stage serves the
            group from its begin on, the group stays green.
    """

    group: int
    late_s: float = 0.0
    early_s: float = 0.0


@dataclass(frozen=True)
class StagedStage:
    """A stage: it lasts until the next begins, so the change to the next is part of it.

    Attributes:
        number: From 1 on.
        name: Its name.
        seconds: How long it lasts.
        served: Who is green in it, by group number.
        shorter_s, longer_s: How much shorter and longer its green may be where traffic decides.
    """

    number: int
    name: str
    seconds: float
    served: tuple[Served, ...]
    shorter_s: float = 0.0
    longer_s: float = 0.0


def limited_as(other: StagedStage, stage: StagedStage) -> StagedStage:
    """A stage with the shortest and longest lengths of another."""
    if not other.shorter_s and not other.longer_s:
        return stage
    shorter = stage.seconds - other.seconds + other.shorter_s
    longer = other.seconds + other.longer_s - stage.seconds
    return replace(stage, shorter_s=max(0.0, round(shorter, 6)), longer_s=max(0.0, round(longer, 6)))


@dataclass(frozen=True)
class StagedPlan:
    """One programme of one signal.

    Attributes:
        tls_id: The signal.
        program_id: The programme.
        control: How the lengths of greens are decided.
        offset_s: The first stage begins this long after a multiple of the cycle.
        groups: By number.
        stages: In their order.
    """

    tls_id: str
    program_id: str
    control: Control
    offset_s: float
    groups: tuple[StagedGroup, ...]
    stages: tuple[StagedStage, ...]

    @property
    def cycle_s(self) -> float:
        """Sum of the stages."""
        return round(sum(stage.seconds for stage in self.stages), 6)

    def greens(self) -> dict[int, list[tuple[float, float]]]:
        """Group -> (begin, end) of each green in seconds after the first stage's begin, ends perhaps in the next cycle.

        A group that is always green has (0, cycle).

        Raises:
            BadInput: A green would end before it begins, or a stage names a group that is not there.
        """
        cycle, found = self.cycle_s, dict[int, list[tuple[float, float]]]()
        for group in self.groups:
            runs = list[tuple[float, float]]()
            now = 0.0
            for stage in self.stages:
                for one in stage.served:
                    if one.group == group.number:
                        begin, end = round(now + one.late_s, 6), round(now + stage.seconds - one.early_s, 6)
                        if end <= begin:
                            raise self.wrong(f"stage {stage.number}: the green of group {group.number} has no length")
                        joins = runs and runs[-1][1] == begin
                        runs = [*runs[:-1], (runs[-1][0], end)] if joins else [*runs, (begin, end)]
                now = round(now + stage.seconds, 6)
            if len(runs) > 1 and runs[0][0] == 0.0 and runs[-1][1] == cycle:
                runs = [*runs[1:-1], (runs[-1][0], cycle + runs[0][1])]
            found[group.number] = runs
        strange = {one.group for stage in self.stages for one in stage.served} - found.keys()
        if strange:
            raise self.wrong(f"a stage serves group {min(strange)}, which is not there")
        return found

    def wrong(self, what: str) -> BadInput:
        """An error about this plan."""
        return BadInput(
            what,
            place=f"signal {self.tls_id}, programme {self.program_id}",
            expected="stages whose greens fit into them",
        )
