"""Figures in an action: where they stand, what they are called, and whether two actions differ in figures alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

Path = tuple[str | int, ...]


def figures(value: Any, at: Path = ()) -> Iterator[tuple[Path, float]]:
    """Every figure with its place; a figure's name is the last text of its place."""
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield from figures(child, (*at, str(key)))
    elif isinstance(value, list | tuple):
        for number, child in enumerate(value):
            yield from figures(child, (*at, number))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield at, float(value)


def name_of(at: Path) -> str:
    """What a figure is called: "duration_s" of plans.0.phases.1.duration_s."""
    return next((part for part in reversed(at) if isinstance(part, str)), "")


def words_of(at: Path) -> str:
    """A place as people write it."""
    return ".".join(str(part) for part in at)


def outside(value: Any, limits: Mapping[str, tuple[float, float]]) -> str | None:
    """The first figure out of its limits, in words; None: all lie within."""
    for at, figure in figures(value):
        low, high = limits.get(name_of(at), (figure, figure))
        if not (isfinite(figure) and low <= figure <= high):
            return f"{words_of(at)} is {figure:g}, and may be {low:g} to {high:g}"
    return None


def same_but_figures(one: Any, other: Any) -> bool:
    """Whether two values differ in figures alone; a figure stays a figure, finite and of its sign."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return set(one) == set(other) and all(same_but_figures(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(same_but_figures(a, b) for a, b in zip(one, other, strict=True))
    if _is_figure(one) and _is_figure(other):
        return isfinite(other) and (other >= 0 if one >= 0 else other <= 0)
    return type(one) is type(other) and one == other


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
