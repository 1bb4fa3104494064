"""How hard it rains for how long how often: a formula or a table by file, or a guess that says so."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from networks.errors import BadInput
from networks.sentence import Sentence, say
from networks.text_file import read_text

MM_H_PER_L_S_HA = 0.36
"""One litre per second and hectare, in mm/h."""
_EXPECTED = (
    "YAML with `source:` and `formula: {a: , c: , b: , n: }` (L/(s ha), minutes), "
    "or CSV with a line `# source: ...` and the columns duration_min, return_period_y, intensity_mm_h"
)


@dataclass(frozen=True)
class Storms:
    """Storm intensities of a place.

    The formula is q = a (1 + c lg P) / (t + b)^n, with q in L/(s ha), the return period P in years and the duration t
    in minutes: the form that Chinese drainage design uses (GB 50014). A table is interpolated linearly in the
    logarithms of duration and return period, and not beyond its ends.

    Attributes:
        source: Where the figures come from.
        guessed: True where nobody gave any for this city.
        formula: a, c, b, n; None for a table.
        durations_min, periods_y: Increasing, of a table.
        table_mm_h: (durations, periods) intensities, mm/h.
    """

    source: Sentence
    guessed: bool
    formula: tuple[float, float, float, float] | None = None
    durations_min: tuple[float, ...] = ()
    periods_y: tuple[float, ...] = ()
    table_mm_h: tuple[tuple[float, ...], ...] = ()

    def intensity_mm_h(self, return_period_y: float, duration_min: float) -> float:
        """Mean intensity (mm/h) of the storm of a duration (min) that comes once in a return period (years).

        Raises:
            BadInput: A number that is not positive, or beyond the table.
        """
        if not (return_period_y > 0 and duration_min > 0):
            raise BadInput(f"a storm of {duration_min:g} min once in {return_period_y:g} years", expected="above 0")
        if self.formula is not None:
            a, c, b, n = self.formula
            q = a * (1 + c * math.log10(return_period_y)) / (duration_min + b) ** n
            return max(0.0, q * MM_H_PER_L_S_HA)
        times, periods = np.log(self.durations_min), np.log(self.periods_y)
        t, p = math.log(duration_min), math.log(return_period_y)
        if not (times[0] - 1e-9 <= t <= times[-1] + 1e-9 and periods[0] - 1e-9 <= p <= periods[-1] + 1e-9):
            raise BadInput(
                f"the storm table does not hold {duration_min:g} min once in {return_period_y:g} years",
                expected=f"{self.durations_min[0]:g} to {self.durations_min[-1]:g} min, "
                f"{self.periods_y[0]:g} to {self.periods_y[-1]:g} years",
            )
        by_period = [np.interp(p, periods, row) for row in self.table_mm_h]
        return float(np.interp(t, times, by_period))


GUESSED = Storms(
    source=say(
        "guessed, of the size of Shanghai's formula (DB31/T 1043-2017): about 36 mm in an hour once a year, 58 mm once "
        "in five",
        "推测值，量级参照上海暴雨强度公式（DB31/T 1043-2017）：一年一遇每小时约36毫米，五年一遇约58毫米",
    ),
    guessed=True,
    formula=(1600.0, 0.846, 7.0, 0.656),
)
"""Taken where no file is given: good for an order of magnitude, for no city in particular."""


def read_storms(file: Path) -> Storms:
    """Read a city's storm intensities.

    Raises:
        BadInput: It has no source, or is not as expected; says where.
    """
    text = read_text(file, expected=_EXPECTED)
    return _from_csv(text, file) if file.suffix.lower() in (".csv", ".txt", ".tsv") else _from_yaml(text, file)


def _from_yaml(text: str, file: Path) -> Storms:
    import yaml

    try:
        said: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadInput(f"it is no YAML: {error}", file=file, expected=_EXPECTED) from error
    if not isinstance(said, dict) or not isinstance(said.get("formula"), dict):
        raise BadInput("there is no formula", file=file, place="formula", expected=_EXPECTED)
    source = said.get("source")
    if not isinstance(source, str) or not source.strip():
        raise BadInput("the storms have no source", file=file, place="source", expected="who published them, and when")
    values = []
    for key in ("a", "c", "b", "n"):
        value = said["formula"].get(key)
        if not isinstance(value, int | float) or not math.isfinite(value) or value < 0 or (key in "an" and value == 0):
            raise BadInput(f"{key} is {value!r}", file=file, place=f"formula.{key}", expected="a number above 0")
        values.append(float(value))
    a, c, b, n = values
    return Storms(say(source.strip(), source.strip()), guessed=False, formula=(a, c, b, n))


def _from_csv(text: str, file: Path) -> Storms:
    source, rows = "", []
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            words = line.lstrip("# \t")
            source = words[len("source:") :].strip() if words.lower().startswith("source:") else source
        elif line.strip():
            rows.append((number, line))
    if not source:
        raise BadInput("the storms have no source", file=file, place="line 1", expected=_EXPECTED)
    table: dict[tuple[float, float], float] = {}
    columns = ("duration_min", "return_period_y", "intensity_mm_h")
    reader = csv.DictReader(line for _, line in rows)
    if not set(columns) <= set(reader.fieldnames or ()):
        raise BadInput(f"its columns are {reader.fieldnames}", file=file, expected=_EXPECTED)
    for (number, _), row in zip(rows[1:], reader, strict=False):
        try:
            duration, period, intensity = (float(str(row[name])) for name in columns)
        except ValueError as error:
            raise BadInput(f"{error}", file=file, place=f"line {number}", expected="three numbers") from error
        if not all(math.isfinite(v) and v > 0 for v in (duration, period, intensity)):
            raise BadInput("a number that is not positive", file=file, place=f"line {number}", expected="above 0")
        table[duration, period] = intensity
    durations, periods = sorted({d for d, _ in table}), sorted({p for _, p in table})
    missing = [(d, p) for d in durations for p in periods if (d, p) not in table]
    if missing or not table:
        d, p = missing[0] if missing else (0, 0)
        raise BadInput(f"the table lacks {d:g} min once in {p:g} years", file=file, expected="every pair once")
    values = tuple(tuple(table[d, p] for p in periods) for d in durations)
    return Storms(say(source, source), False, None, tuple(durations), tuple(periods), values)
