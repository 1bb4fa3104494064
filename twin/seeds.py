"""Seeds as people write them: `16` (so many), `1-16`, `3,5,8-10`."""

from __future__ import annotations

import click

MOST = 100_000


class Seeds(click.ParamType[int | tuple[int, ...]]):
    """An int (a number of members) or a tuple of seeds."""

    name = "SEEDS"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int | tuple[int, ...]:
        """Read them."""
        if isinstance(value, int | tuple):
            return value
        text = str(value).replace(" ", "")
        try:
            if text.isdigit():
                seeds: int | tuple[int, ...] = int(text)
                fits = 1 <= int(text) <= MOST
            else:
                seeds = tuple(seed for part in text.split(",") for seed in _range(part))
                fits = 1 <= len(seeds) <= MOST and len(set(seeds)) == len(seeds)
        except ValueError:
            fits = False
        if not fits:
            self.fail(f"{value!r} is neither a number of members (16) nor seeds (1-16, or 3,5,8-10)", param, ctx)
        return seeds


def _range(part: str) -> range:
    first, dash, last = part.partition("-")
    low, high = int(first), int(last if dash else first)
    if high - low >= MOST:
        raise ValueError
    return range(low, high + 1)
