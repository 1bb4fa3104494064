"""Plans to controllers and back: read and keep, write under a free number, read back, compare, and only then switch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from networks.errors import EngineFailed, Refused, TwinError
from networks.protocols.controller_link import ControllerLink
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.staged.comparing import changes
from networks.protocols.staged.plan import StagedPlan
from networks.protocols.staged.wiring import wired_as

Keep = Callable[[Mapping[str, CrossingRecord]], None]


@dataclass(frozen=True)
class Sent:
    """What became of one crossing.

    Attributes:
        cross_id: The crossing.
        before, after: Numbers of the plans that ran and that runs.
        changes: What the plan that runs changes, a phrase each.
    """

    cross_id: str
    before: int
    after: int
    changes: list[str]


def send_plans(link: ControllerLink, plans: Mapping[str, StagedPlan], keep: Keep, most: int) -> list[Sent]:
    """Let plans run.

    First everything that runs is read and given to `keep`. Each plan goes to a number that is free, is read back and
    compared; only when all are there the crossings switch, one after the other. Where one does not switch those that
    have are switched back.

    Args:
        link: To the controllers.
        plans: By crossing.
        keep: Puts down what runs.
        most: Highest number of a plan.

    A plan that a crossing has already is not written again.

    Raises:
        Refused: A controller refuses; nothing runs that did not before.
        EngineFailed: What is read back is not what was sent, or the line is lost.
        BadInput: A plan cannot be told.
    """
    before = {name: link.read(name) for name in sorted(plans)}
    keep(before)
    after = {name: _put(link, before[name], plans[name], most) for name in sorted(plans)}
    _switch_all(link, before, after)
    return [
        Sent(name, before[name].running, after[name].running, changes(before[name].plan, plan))
        for name, plan in sorted(plans.items())
    ]


def restore_plans(link: ControllerLink, kept: Mapping[str, CrossingRecord], most: int) -> list[Sent]:
    """Let the plans run that ran when `kept` was read.

    A plan that is still there unchanged is switched to; another is written under a free number first.

    Raises:
        Refused, EngineFailed, BadInput: As `send_plans`.
    """
    now = {name: link.read(name) for name in sorted(kept)}
    after = {}
    for name, record in sorted(kept.items()):
        there = now[name].plans.get(record.running)
        same = there is not None and not changes(there, record.plan)
        after[name] = replace(now[name], running=record.running) if same else _put(link, now[name], record.plan, most)
    _switch_all(link, now, after)
    return [
        Sent(name, now[name].running, after[name].running, changes(now[name].plan, record.plan))
        for name, record in sorted(kept.items())
    ]


def _put(link: ControllerLink, record: CrossingRecord, plan: StagedPlan, most: int) -> CrossingRecord:
    """Write a plan under a free number, hold what is read back against it, and give that as if the plan ran.

    The plan is written in the controller's groups of lamps: what it shows is what it was exported with.
    """
    wired = wired_as(plan, record.groups)
    if wired is None:
        groups = ", ".join(f"{group.name} [{' '.join(map(str, group.links))}]" for group in record.groups)
        what = "the plan shows lamps differently that hang together at the controller"
        raise Refused(what, place=f"crossing {record.cross_id}", expected=f"lamps that show the same in {groups}")
    plan = wired
    for taken, there in sorted(record.plans.items(), key=lambda row: row[0] != record.running):
        if not changes(there, plan):
            return replace(record, running=taken)
    free = (number for number in range(1, most + 1) if number not in record.plans)
    number = next(free, None)
    if number is None:
        raise Refused(f"all {most} numbers of plans are taken", place=f"crossing {record.cross_id}")
    link.write(record, number, plan)
    back = link.read(record.cross_id)
    differing = changes(plan, back.plans[number]) if number in back.plans else ["it is not there"]
    if differing:
        raise EngineFailed(
            f"plan {number} is not read back as it was sent: {'; '.join(differing)}",
            place=f"crossing {record.cross_id}",
            remedy=f"plan {record.running} still runs; look at plan {number} at the controller",
        )
    return replace(back, running=number)


def _switch_all(
    link: ControllerLink, before: Mapping[str, CrossingRecord], after: Mapping[str, CrossingRecord]
) -> None:
    switched = list[str]()
    for name, record in sorted(after.items()):
        number = record.running
        if number == before[name].running:
            continue
        try:
            link.run(record, number)
            switched.append(name)
            if (running := link.read(name).running) != number:
                raise EngineFailed(f"plan {running} runs, not {number}", place=f"crossing {name}")
        except TwinError:
            for one in switched:
                link.run(before[one], before[one].running)
            raise
