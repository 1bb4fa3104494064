"""A table of rules of one locale, with a user's own rows over it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from networks.errors import BadInput
from networks.rules.meanings import FIGURES, MEANINGS
from networks.rules.row import COMPARISONS, Row
from networks.sentence import Sentence, say
from networks.toml_file import read_toml

_TABLES = Path(__file__).with_name("tables")
LOCALES = tuple(sorted(path.stem for path in _TABLES.glob("*.toml")))
_METHODS = ("fixed", "by_speed", "kinematic", "geometry", "difference")


@dataclass(frozen=True)
class ApproachSpeed:
    """What was measured on an approach.

    Attributes:
        speed_85_mps: Speed that 85 % do not exceed; None where only the grade is known.
        grade: Rise over run, negative downhill.
    """

    speed_85_mps: float | None = None
    grade: float = 0.0


@dataclass(frozen=True)
class RuleTable:
    """Rules by name; what is not in the table is not asked.

    Attributes:
        locale: gb, ite, rilsa, uk, resco, or the name of a user's file.
        title: What it is.
        rows: By name of the rule.
        approaches: Measured speeds and grades by edge.
    """

    locale: str
    title: Sentence
    rows: Mapping[str, Row]
    approaches: Mapping[str, ApproachSpeed] = field(default_factory=dict)

    def __contains__(self, rule: str) -> bool:
        return rule in self.rows

    def value(self, rule: str, otherwise: float = 0.0) -> float:
        """Figure of a row, or what holds where the table has no such row."""
        return self.rows[rule].value if rule in self.rows else otherwise


def read_rules(name: str | Path) -> RuleTable:
    """The table of a locale, or of a user's TOML file whose rows lie over those of its `base`.

    A file holds `base = "rilsa"`, `[rules.NAME]` with value, source and so on (`apply = false` takes a row away), and
    `[approaches."EDGE"]` with `speed_85_mps` and `grade`.

    Raises:
        BadInput: There is no such locale or file, or the file says something that no table can.
    """
    if str(name) in LOCALES:
        return _read(_TABLES / f"{name}.toml", RuleTable(str(name), say("", ""), {}))
    path = Path(name)
    if not path.is_file():
        raise BadInput(
            f"there is no table of rules {str(name)!r}",
            expected=f"one of {', '.join(LOCALES)}, or a TOML file",
        )
    return _read(path, None)


def _read(path: Path, under: RuleTable | None) -> RuleTable:
    told = read_toml(path)
    odd = set(told) - {"base", "title", "rules", "approaches"}
    if odd:
        raise BadInput(f"it holds {', '.join(sorted(odd))}", file=path, expected="base, title, rules, approaches")
    own = under is None
    if under is None:
        if told.get("base") not in LOCALES:
            raise BadInput("it does not say which table it changes", file=path, expected=f"base = one of {LOCALES}")
        under = replace(read_rules(told["base"]), locale=path.stem)
    rows = dict(under.rows)
    for rule, fields in told.get("rules", {}).items():
        row = _row(path, rule, fields, rows.get(rule), own)
        if row is None:
            rows.pop(rule, None)
        else:
            rows[rule] = row
    title = told.get("title", under.title)
    approaches = {edge: _approach(path, edge, fields) for edge, fields in told.get("approaches", {}).items()}
    return RuleTable(under.locale, title, {name: rows[name] for name in MEANINGS if name in rows}, approaches)


def _row(path: Path, rule: str, fields: Any, under: Row | None, own: bool) -> Row | None:
    if rule not in MEANINGS:
        raise BadInput(f"there is no rule {rule!r}", file=path, expected=", ".join(MEANINGS))
    place = f"rules.{rule}"
    allowed = {"value", "unit", "compare", "method", "steps", "clause", "source", "read", "apply"}
    if not isinstance(fields, dict) or set(fields) - allowed:
        raise BadInput("the row has a field that no rule has", file=path, place=place, expected=", ".join(allowed))
    if fields.get("apply") is False:
        return None
    given = {key: value for key, value in fields.items() if key != "apply"}
    if own:
        given = {"clause": "", "source": f"{path.name}, the user's own", "read": "text"} | given
    steps = given.pop("steps", None)
    row = replace(under or (_like(rule) if own else Row(rule, math.nan, "s")), **given)
    if steps is not None:
        row = replace(row, steps=_steps(path, place, steps))
    elif "value" in given and under is not None and under.steps:
        row = replace(row, steps=(), method="fixed" if under.method == "by_speed" else under.method)
    value = min(value for _, value in row.steps) if row.steps and "value" not in given else row.value
    least = 0.01 if row.unit in ("m/s", "m/s2") and rule in FIGURES else 0.0
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value < math.inf:
        bound = "above zero" if least else "of zero or more"
        raise BadInput(f"{value!r} is no figure {bound}", file=path, place=f"{place}.value")
    if row.compare not in COMPARISONS or row.method not in _METHODS:
        said = f"compare = {row.compare!r}, method = {row.method!r}"
        raise BadInput(said, file=path, place=place, expected=f"{', '.join(COMPARISONS)}; {', '.join(_METHODS)}")
    return replace(row, value=float(value))


def _like(rule: str) -> Row:
    """The row of a rule in any locale that has it: its unit and how it is held against a plan."""
    tables = (_read(_TABLES / f"{locale}.toml", RuleTable(locale, say("", ""), {})) for locale in LOCALES)
    return next((table.rows[rule] for table in tables if rule in table), Row(rule, math.nan, "s"))


def _steps(path: Path, place: str, steps: Any) -> tuple[tuple[float, float], ...]:
    try:
        pairs = tuple((float(limit), float(value)) for limit, value in steps)
    except (TypeError, ValueError):
        pairs = ()
    if not pairs or list(pairs) != sorted(pairs) or not all(0 <= n < math.inf for pair in pairs for n in pair):
        raise BadInput("its steps are no pairs in ascending order", file=path, place=f"{place}.steps")
    return pairs


def _approach(path: Path, edge: str, fields: Any) -> ApproachSpeed:
    place = f'approaches."{edge}"'
    if not isinstance(fields, dict) or set(fields) - {"speed_85_mps", "grade"}:
        raise BadInput("an approach has other fields", file=path, place=place, expected="speed_85_mps, grade")
    speed, grade = fields.get("speed_85_mps"), fields.get("grade", 0.0)
    numbers = [one for one in (speed, grade) if one is not None]
    if any(isinstance(one, bool) or not isinstance(one, (int, float)) for one in numbers):
        raise BadInput("an approach holds what is no number", file=path, place=place)
    if (speed is not None and not 0 < speed <= 60) or not -0.2 <= grade <= 0.2:
        raise BadInput("nobody drives so there", file=path, place=place, expected="0 to 60 m/s, grade -0.2 to 0.2")
    return ApproachSpeed(speed, float(grade))
