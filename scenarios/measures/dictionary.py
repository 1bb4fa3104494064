"""The published dictionary: what a measure is, and how a room of measures becomes a table that everybody reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from networks.sentence import Sentence, say

if TYPE_CHECKING:
    import pandas as pd

Function = Callable[[Any, "Tables"], float | None]
OWN = say("This project's own definition", "本项目自定义")


@dataclass(frozen=True)
class Tables:
    """What a measure may look at.

    Attributes:
        tables: `edges`, `trips`, `walkers`, `links`, `crowding`, `calls` by name; see docs/reference.md.
        facts: `warm_up_s` (where measuring begins) and `end_s`, on the tables' clock; `interval_s` of the edge table;
            `validity` (what the watchdog saw, at least `teleports`).
    """

    tables: Mapping[str, pd.DataFrame]
    facts: Mapping[str, Any]

    def measured(self, name: str, column: str) -> pd.DataFrame:
        """The rows of a table whose time in `column` is after the warm-up."""
        table = self.tables[name]
        return table[table[column] >= self.facts["warm_up_s"]]

    def has(self, needs: Mapping[str, tuple[str, ...]]) -> bool:
        """Every table that is needed is there with its columns."""
        return all(name in self.tables and set(wanted) <= set(self.tables[name]) for name, wanted in needs.items())


@dataclass(frozen=True)
class Measure:
    """What is compared.

    Attributes:
        name: As in files and options.
        title: Short, for tables and plots.
        unit: SI, or counted things.
        better: Which direction is better.
        definition: One or two sentences.
        source: Standard or paper; or that it is our own.
        needs: Tables and their columns; without them a run does not have this measure.
        fn: `fn(city, tables)` gives its value, or None where it means nothing. `city` is a City or `NetRoads`.
    """

    name: str
    title: Sentence
    unit: str
    better: Literal["lower", "higher"]
    definition: Sentence
    source: Sentence
    needs: Mapping[str, tuple[str, ...]]
    fn: Function


MEASURES: dict[str, Measure] = {}
"""Every measure by name, in the order in which they are shown."""


def measure(
    title: Sentence,
    unit: str,
    better: Literal["lower", "higher"],
    definition: Sentence,
    *,
    needs: Mapping[str, tuple[str, ...]],
    source: Sentence = OWN,
) -> Callable[[Function], Function]:
    """Enter a function into the dictionary under its own name."""

    def register(fn: Function) -> Function:
        name = fn.__name__
        MEASURES[name] = Measure(name, title, unit, better, definition, source, dict(needs), fn)
        return fn

    return register


def evaluate(city: Any, tables: Tables) -> dict[str, float]:
    """Every measure that means something for these tables, by name; one whose columns are not there is left out.

    Args:
        city: A `City`, or `NetRoads` for a run of somebody's own SUMO files.
        tables: Tables and facts of one run.
    """
    there = {name: one for name, one in MEASURES.items() if tables.has(one.needs)}
    values = {name: one.fn(city, tables) for name, one in there.items()}
    return {name: float(value) for name, value in values.items() if value is not None and np.isfinite(value)}
