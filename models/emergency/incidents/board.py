"""The orders of an incident: given, acknowledged, under way, there, done; who stays silent is replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from models.emergency.incidents.assignment import assign
from models.emergency.incidents.task import Task
from models.emergency.planning import Unit
from models.routing import Floats
from networks.errors import NotThere, Refused
from networks.sentence import Sentence, say

State = Literal["ordered", "acknowledged", "under_way", "there", "done", "withdrawn"]
NEXT: dict[State, State] = {
    "ordered": "acknowledged",
    "acknowledged": "under_way",
    "under_way": "there",
    "there": "done",
}
ACKNOWLEDGE_S = 60.0
"""An order that nobody has acknowledged by then goes to somebody else (guess)."""


@dataclass
class Order:
    """An order to one unit.

    Attributes:
        unit: Who.
        task: What.
        ordered_s: When, s of the run.
        due_s: When the unit will be there, as far as is known.
        begins_s: When it can begin: there, and the task before stands.
        deadline_s: When it should be there.
        state: How far it is.
        since_s: Since when it is so.
        silent: It was withdrawn because nobody acknowledged it.
    """

    unit: Unit
    task: Task
    ordered_s: float
    due_s: float
    begins_s: float
    deadline_s: float
    state: State = "ordered"
    since_s: float = 0.0
    silent: bool = False

    @property
    def late_s(self) -> float:
        """By how much it will miss its deadline; 0 where it does not."""
        return max(0.0, self.due_s - self.deadline_s)

    @property
    def live(self) -> bool:
        """Not withdrawn."""
        return self.state != "withdrawn"


class Board:
    """One incident's orders.

    Args:
        tasks: What is to be done.
        units: Who could.
        arrival_s: (tasks, units) s after an order at which each unit would be there, see `assign`.
        now: When the first orders are given, s of the run.

    Attributes:
        tasks, units, arrival_s: The same.
        begin_s: `now`.
        orders: All orders, also those that were withdrawn.
    """

    def __init__(self, tasks: Sequence[Task], units: Sequence[Unit], arrival_s: Floats, now: float) -> None:
        self.tasks, self.units, self.arrival_s, self.begin_s = tuple(tasks), tuple(units), arrival_s.copy(), now
        self._arrival_s = arrival_s.copy()
        self.orders: list[Order] = []
        self._fill(now)

    def report(self, unit_id: str, state: State, now: float) -> Order:
        """A unit says how far it is; states follow one another.

        Raises:
            NotThere: The unit has no order.
            Refused: The state is not the next one, or the order was withdrawn.
        """
        order = next((one for one in self.orders if one.live and one.unit.unit_id == unit_id), None)
        if order is None:
            raise self._without_order(unit_id)
        if state == "withdrawn":
            self._withdraw(order, now)
            self._fill(now)
        elif NEXT.get(order.state) != state:
            expected = NEXT.get(order.state, "nothing more")
            raise Refused(f"{unit_id} is {order.state}: it cannot be {state} next", expected=expected)
        else:
            order.state, order.since_s = state, now
            if state == "there":
                order.due_s = now
                self._begin_after()
        return order

    def silent(self, now: float) -> list[Order]:
        """Orders that nobody acknowledged in time go to others, as far as others could take them; those withdrawn.

        Where nobody else could go the order stands, and `told` says so.
        """
        spare, gone = self._spare(), list[Order]()
        for order in self._unanswered(now):
            task = next(i for i, one in enumerate(self.tasks) if one.name == order.task.name)
            able = [i for i in spare if np.isfinite(self._arrival_s[task, i])]
            if able:
                spare.remove(min(able, key=lambda i: (self._arrival_s[task, i], i)))
                gone.append(order)
        for order in gone:
            self._withdraw(order, now)
            order.silent = True
        if gone:
            self._fill(now)
        return gone

    def _unanswered(self, now: float) -> list[Order]:
        return [one for one in self.orders if one.state == "ordered" and now - one.ordered_s >= ACKNOWLEDGE_S]

    def _spare(self) -> list[int]:
        """Units without an order."""
        busy = {one.unit.unit_id for one in self.orders if one.live}
        return [i for i, unit in enumerate(self.units) if unit.unit_id not in busy]

    @property
    def missing(self) -> dict[str, int]:
        """Tasks that are short of units, and of how many."""
        short = {task.name: task.count - len(self._of(task)) for task in self.tasks}
        return {name: number for name, number in short.items() if number}

    def told(self, now: float | None = None) -> list[Sentence]:
        """What has to be said: tasks short of units, late orders; at a moment also who keeps us waiting."""
        known, said = {task.name: task for task in self.tasks}, list[Sentence]()
        for name, number in self.missing.items():
            who = known[name].classes
            said.append(
                say(
                    f"{name}: {number} more needed ({' or '.join(who)}), nobody left who could get there; "
                    "next best: ask the neighbours",
                    f"{known[name].named['zh']}：尚缺{number}个单元（{'或'.join(who)}），无可到达力量；次优：请求邻近支援",
                )
            )
        for one in self.orders:
            if one.live and one.late_s > 0:
                minutes = one.late_s / 60
                said.append(
                    say(
                        f"{one.task.name}: {one.unit.unit_id} will be {minutes:.1f} min late",
                        f"{one.task.named['zh']}：{one.unit.unit_id}将晚到{minutes:.1f}分钟",
                    )
                )
        return said if now is None else [*said, *self._waited_for(now)]

    def _waited_for(self, now: float) -> list[Sentence]:
        said = list[Sentence]()
        for task in self.tasks:
            silent = [one.unit.unit_id for one in self.orders if one.silent and one.task.name == task.name]
            if silent:
                said.append(
                    say(
                        f"{task.name}: {', '.join(silent)} did not acknowledge, others were ordered; call by voice",
                        f"{task.named['zh']}：{'、'.join(silent)}未确认，已改派；请语音联系",
                    )
                )
        for one in self._unanswered(now):
            said.append(
                say(
                    f"{one.task.name}: {one.unit.unit_id} has not acknowledged and nobody else could go; call by voice",
                    f"{one.task.named['zh']}：{one.unit.unit_id}未确认且无人可替，请语音联系",
                )
            )
        for one in self.orders:
            if one.state in ("acknowledged", "under_way") and now > one.due_s:
                minutes = (now - one.due_s) / 60
                said.append(
                    say(
                        f"{one.task.name}: {one.unit.unit_id} should have been there {minutes:.1f} min ago: ask it",
                        f"{one.task.named['zh']}：{one.unit.unit_id}应于{minutes:.1f}分钟前到达，请核实",
                    )
                )
        return said

    def _without_order(self, unit_id: str) -> NotThere | Refused:
        """Who reports without an order: one whose order was taken away is told so, and who goes instead."""
        before = next((one for one in reversed(self.orders) if one.unit.unit_id == unit_id), None)
        if before is None:
            return NotThere(f"{unit_id} has no order here", expected=", ".join(self._named()))
        instead = [one.unit.unit_id for one in self._of(before.task)]
        who = f"{', '.join(instead)} goes instead" if instead else "nobody goes instead"
        why = f"nobody acknowledged it within {ACKNOWLEDGE_S:.0f} s" if before.silent else "it withdrew"
        return Refused(
            f"the order to {unit_id} ({before.task.name}) was withdrawn: {why}; {who}",
            remedy="tell it to turn back, or order the incident anew",
        )

    def _fill(self, now: float) -> None:
        """Order units for what is still short; who has an order keeps it."""
        free = self._spare()
        open_ = [(i, task, task.count - len(self._of(task))) for i, task in enumerate(self.tasks)]
        short = [(i, task, number) for i, task, number in open_ if number > 0]
        if short and free:
            left_s = now - self.begin_s
            wanted = [_short(task, number, left_s) for _, task, number in short]
            times = self._arrival_s[np.ix_([i for i, _, _ in short], free)]
            for (i, task, _), who in zip(short, assign(wanted, times).carriers, strict=True):
                for place in who:
                    unit, spent = self.units[free[place]], float(self._arrival_s[i, free[place]])
                    due_s, deadline_s = now + spent, self.begin_s + task.deadline_s
                    self.orders.append(Order(unit, task, now, due_s, due_s, deadline_s, since_s=now))
        self._begin_after()

    def _begin_after(self) -> None:
        stands = {task.name: max((one.due_s for one in self._of(task)), default=np.inf) for task in self.tasks}
        for one in self.orders:
            one.begins_s = max(one.due_s, stands.get(one.task.after, -np.inf) if one.task.after else -np.inf)

    def _withdraw(self, order: Order, now: float) -> None:
        order.state, order.since_s = "withdrawn", now
        self._arrival_s[:, [unit.unit_id == order.unit.unit_id for unit in self.units]] = np.inf

    def _of(self, task: Task) -> list[Order]:
        return [one for one in self.orders if one.live and one.task.name == task.name]

    def _named(self) -> list[str]:
        return [one.unit.unit_id for one in self.orders if one.live] or ["nobody"]


def _short(task: Task, number: int, left_s: float) -> Task:
    """The rest of a task, its deadline as seen from now."""
    return replace(task, count=number, deadline_s=max(0.0, task.deadline_s - left_s))
