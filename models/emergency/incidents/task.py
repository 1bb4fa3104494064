"""What an incident asks of whom, by when: tasks of several agencies, from a table with sources."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from networks.errors import NotThere
from networks.sentence import Sentence, say


@dataclass(frozen=True)
class Task:
    """One task.

    Attributes:
        name: What is to be done, unique within the incident.
        classes: Classes of vehicles that can do it, any of them.
        count: How many.
        material: What each must bring from a depot, "" for nothing.
        amount: How many pieces each.
        deadline_s: They should be there so long after the order.
        after: The task that must stand before this one begins, or "".
        source: Who says so.
        zh: Its name in Chinese.
        away_m: Units wait so far from the place, on their way there.
    """

    name: str
    classes: tuple[str, ...]
    count: int
    material: str
    amount: int
    deadline_s: float
    after: str
    source: str
    zh: str = ""
    away_m: float = 0.0

    @property
    def named(self) -> Sentence:
        """Its name in both languages."""
        return say(self.name, self.zh or self.name)


@cache
def incidents() -> Mapping[str, tuple[Task, ...]]:
    """Tasks by kind of incident."""
    text = files("models.emergency.incidents").joinpath("tasks.csv").read_text(encoding="utf-8")
    found: dict[str, list[Task]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["incident"], []).append(
            Task(
                row["task"], tuple(row["classes"].split()), int(row["count"]), row["material"], int(row["amount"]),
                float(row["deadline_s"]), row["after"], row["source"], row["zh"],
                float(row["away_m"]),
            )
        )  # fmt: skip
    return {name: tuple(tasks) for name, tasks in found.items()}


def tasks_of(incident: str) -> tuple[Task, ...]:
    """The tasks of a kind of incident.

    Raises:
        NotThere: It is not in the table.
    """
    if incident not in incidents():
        raise NotThere(f"there is no kind of incident {incident!r}", expected=", ".join(incidents()))
    return incidents()[incident]
