"""Bands of density: what a number of people on a square metre means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from models.crowd.sites.spaces import rows_of
from networks.sentence import Sentence, say


@dataclass(frozen=True)
class DensityBand:
    """A band.

    Attributes:
        from_pm2: From so many people on a square metre on.
        colour: green, yellow, orange, red or emergency.
        meaning: In both languages.
        source: Who says so.
    """

    from_pm2: float
    colour: str
    meaning: Sentence
    source: str


@cache
def density_bands() -> tuple[DensityBand, ...]:
    """All bands, from the lowest."""
    return tuple(
        DensityBand(float(row["from_pm2"]), row["colour"], say(row["meaning_en"], row["meaning_zh"]), row["source"])
        for row in rows_of("bands.csv")
    )


def band_of(density_pm2: float) -> DensityBand:
    """The band of a density (persons/m2)."""
    return [one for one in density_bands() if density_pm2 >= one.from_pm2][-1]
