"""Green, yellow and all-red of a stage, and which of its groups start late or end early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from networks.protocols.staged.plan import Served, StagedGroup, StagedPlan


@dataclass(frozen=True)
class StageSplit:
    """A stage told by its parts.

    Attributes:
        green_s: From its begin to the end of the green of those that end last.
        yellow_s: Longest yellow of those that end.
        all_red_s: What is left of the stage.
        late_s: Group -> seconds after the stage's begin at which it turns green, where not at once.
        early_s: Group -> seconds before the end of `green_s` at which it ends, where not at that moment; 0 where it
            ends then although the next stage serves it too.
    """

    green_s: float
    yellow_s: float
    all_red_s: float
    late_s: Mapping[int, float] = field(default_factory=dict)
    early_s: Mapping[int, float] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """The whole stage."""
        return round(self.green_s + self.yellow_s + self.all_red_s, 6)


def stage_splits(plan: StagedPlan) -> list[StageSplit]:
    """The parts of every stage.

    Raises:
        BadInput: A group ends after the yellow of its stage must have begun.
    """
    groups = {group.number: group for group in plan.groups}
    found = []
    for n, stage in enumerate(plan.stages):
        following = {one.group: one for one in plan.stages[(n + 1) % len(plan.stages)].served}
        ending = [one for one in stage.served if not _stays(one, following)]
        yellow = max((groups[one.group].yellow_s for one in ending), default=0.0)
        green = max((stage.seconds - one.early_s for one in ending), default=stage.seconds)
        if green + yellow > stage.seconds + 1e-6:
            green = round(stage.seconds - yellow, 6)
            later = next(one.group for one in ending if stage.seconds - one.early_s > green)
            raise plan.wrong(
                f"in stage {stage.number} group {groups[later].name} ends after the yellow of others begins"
            )
        early = {one.group: round(green - (stage.seconds - one.early_s), 6) for one in ending}
        found.append(
            StageSplit(
                round(green, 6),
                yellow,
                round(stage.seconds - green - yellow, 6),
                {one.group: one.late_s for one in stage.served if one.late_s},
                {group: seconds for group, seconds in early.items() if seconds or group in following},
            )
        )
    return found


def served_of(splits: list[StageSplit], serving: list[list[int]]) -> list[tuple[Served, ...]]:
    """Who is green in each stage, from the parts of all stages and the groups that each serves.

    A group that two stages in a row serve stays green between them, unless it ends early (by 0 s, too) or starts late.
    """
    found = []
    for n, (split, own) in enumerate(zip(splits, serving, strict=True)):
        after = (n + 1) % len(splits)
        stays = {g for g in own if g in serving[after] and g not in split.early_s and not splits[after].late_s.get(g)}
        rest = split.seconds - split.green_s
        found.append(
            tuple(
                Served(
                    group,
                    split.late_s.get(group, 0.0),
                    0.0 if group in stays else round(rest + split.early_s.get(group, 0.0), 6),
                )
                for group in sorted(own)
            )
        )
    return found


def yellows_of(groups: tuple[StagedGroup, ...], splits: list[StageSplit], serving: list[list[int]]) -> dict[int, float]:
    """Yellow of each group that has one: the shortest of the stages that it ends in; its own where it ends in none."""
    found = {}
    for group in groups:
        ends = [
            split.yellow_s
            for n, (split, own) in enumerate(zip(splits, serving, strict=True))
            if group.number in own
            and (group.number in split.early_s or group.number not in serving[(n + 1) % len(serving)])
        ]
        found[group.number] = min(ends, default=group.yellow_s) if group.yellow_s else 0.0
    return found


def _stays(one: Served, following: Mapping[int, Served]) -> bool:
    return one.early_s == 0.0 and one.group in following and following[one.group].late_s == 0.0
