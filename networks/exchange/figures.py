"""Numbers as text, exact to a microsecond and without a tail of noughts."""

from __future__ import annotations


def figure(value: float) -> str:
    """22.5 -> "22.5", 30.0 -> "30"."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def equal(one: float, other: float) -> bool:
    """Whether two numbers are written alike."""
    return abs(one - other) < 2e-6
