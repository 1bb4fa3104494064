"""Lengths of time on the command line: 90, 10s, 5min, 2h, 1d."""

from __future__ import annotations

import math
from typing import Any

import click

_UNITS = {"": 1.0, "s": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class Seconds(click.ParamType[float]):
    """A length of time, in seconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds of a text."""
        if isinstance(value, float):
            return value
        text = str(value).strip()
        number = text.rstrip("smindh")
        try:
            seconds = float(number) * _UNITS[text[len(number) :]]
        except (ValueError, KeyError):
            seconds = -1.0
        if not (math.isfinite(seconds) and seconds > 0.0):
            self.fail(f"{value!r} is no length of time; write it like 10s, 5min, 2h or 1d", param, ctx)
        return seconds


SECONDS = Seconds()
