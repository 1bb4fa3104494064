"""Growth factors by class of user and year, from a table with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.assignment import UserClass
from networks.errors import BadInput
from networks.imports.table_text import read_rows
from networks.text_file import read_text
from networks.yaml_lines import compose, refuse_twins, told

EVERYONE = "all"


class Factor(BaseModel):
    """By how much the trips of a class have grown in a year; class `all` stands for those not named."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    year: Annotated[int, Field(ge=1900, le=2200)]
    user_class: Annotated[str, Field(alias="class", min_length=1)]
    factor: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    source: Annotated[str, Field(min_length=1)]


class _FactorsText(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    factors: tuple[Factor, ...]


@dataclass(frozen=True)
class Grown:
    """The factor of a class in a year, and whose figure it is."""

    user_class: str
    factor: float
    source: str
    between: bool


def read_growth(file: Path) -> tuple[Factor, ...]:
    """Read growth factors: CSV with the columns year, class, factor, source, or YAML with them under `factors:`.

    Raises:
        BadInput: Names the line: a factor without year, class or source, negative, no number, or there twice.
    """
    file = Path(file)
    factors = _from_yaml(file) if file.suffix.lower() in (".yaml", ".yml") else _from_csv(file)
    if not factors:
        raise BadInput("it holds no factors", file=file)
    seen: set[tuple[int, str]] = set()
    for one in factors:
        if (one.year, one.user_class) in seen:
            raise BadInput(f"the factor of {one.user_class} in {one.year} is there twice", file=file)
        seen.add((one.year, one.user_class))
    return factors


def _from_yaml(file: Path) -> tuple[Factor, ...]:
    text = read_text(file)
    root = compose(text, file, BadInput, "growth factors", remedy="see docs/how-to.md, Assign traffic")
    refuse_twins(root, file, BadInput)
    try:
        return _FactorsText.model_validate(yaml.safe_load(text)).factors
    except ValidationError as error:
        raise told(error, root, file, BadInput, noun="growth factors", tags=(), remedy="mend that line") from error


def _from_csv(file: Path) -> tuple[Factor, ...]:
    header, rows = read_rows(file)
    names = [name.lower() for name in header]
    lacking = {"year", "class", "factor", "source"} - set(names)
    if lacking:
        raise BadInput(
            f"the column {min(lacking)} is missing",
            file=file,
            place="line 1",
            expected="columns year,class,factor,source: whose figure it is must be said",
        )
    found = []
    for line, cells in rows:
        row = {
            name: cell
            for name, cell in zip(names, cells, strict=True)
            if name in Factor.model_fields or name == "class"
        }
        try:
            found.append(Factor.model_validate(row))
        except ValidationError as error:
            item = error.errors()[0]
            field = ".".join(str(part) for part in item["loc"])
            raise BadInput(
                f"{field}: {item['msg']}, found {item['input']!r}", file=file, place=f"line {line}"
            ) from error
    return tuple(found)


def growth_in(factors: Iterable[Factor], classes: Iterable[str], year: int, file: Path) -> dict[str, Grown]:
    """The factor of each class in a year, linear between the years that are stated.

    Raises:
        BadInput: A class has no factors, or the year lies before or after all of its years.
    """
    found = {}
    for name in classes:
        own = sorted((f for f in factors if f.user_class == name), key=lambda f: f.year)
        own = own or sorted((f for f in factors if f.user_class == EVERYONE), key=lambda f: f.year)
        if not own:
            raise BadInput(
                f"it has no growth factor for the class {name}", file=file, expected=f"rows of {name}, or of {EVERYONE}"
            )
        if not own[0].year <= year <= own[-1].year:
            raise BadInput(
                f"it says nothing of {name} in {year}",
                file=file,
                expected=f"a year from {own[0].year} to {own[-1].year}",
                remedy="state the base year with factor 1, and the last year that you ask for",
            )
        after = next(f for f in own if f.year >= year)
        before = next(f for f in reversed(own) if f.year <= year)
        span = after.year - before.year
        share = (year - before.year) / span if span else 0.0
        value = before.factor + share * (after.factor - before.factor)
        source = after.source if before.source == after.source else f"{before.source}; {after.source}"
        found[name] = Grown(name, value, source, span > 0)
    return found


def grown(classes: Iterable[UserClass], growth: Mapping[str, Grown]) -> tuple[UserClass, ...]:
    """The classes with their trips times their factors."""
    return tuple(replace(one, trips=one.trips * growth[one.name].factor) for one in classes)


def told_of(growth: Mapping[str, Grown], year: int) -> str:
    """`car x 1.12 (national forecast 2024)` for each class."""
    parts = [
        f"{one.user_class} x {one.factor:.4g} ({one.source}{', between stated years' if one.between else ''})"
        for one in growth.values()
    ]
    return f"trips grown to {year}: " + ", ".join(parts)
