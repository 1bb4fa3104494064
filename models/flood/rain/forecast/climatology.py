"""What rain is like when nothing is known of it any more: how often a pixel sees how much."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from networks.errors import BadInput
from networks.text_file import read_text

_EXPECTED = "CSV with a line `# source: ...` and the columns probability, rain_mm_h, both increasing"


@dataclass(frozen=True)
class Climatology:
    """Quantiles of rain over pixels.

    Attributes:
        probability: (n,) increasing, from 0 to 1: the share of pixels with at most this rain.
        rain_mm_h: (n,) that rain (mm/h), never falling.
        source: Where it comes from; never empty.
    """

    probability: np.ndarray
    rain_mm_h: np.ndarray
    source: str

    def __post_init__(self) -> None:
        share, rain = self.probability, self.rain_mm_h
        if share.shape != rain.shape or len(share) < 2 or np.any(np.diff(share) <= 0) or share[0] < 0 or share[-1] > 1:
            raise BadInput("the probabilities do not increase from 0 to 1", place="probability", expected=_EXPECTED)
        if not np.all(np.isfinite(rain) & (rain >= 0)) or np.any(np.diff(rain) < 0):
            raise BadInput("the rain falls, or is negative or no number", place="rain_mm_h", expected=_EXPECTED)
        if not self.source.strip():
            raise BadInput("a climatology without a source", place="source", expected=_EXPECTED)

    def quantiles(self, count: int) -> np.ndarray:
        """(count,) rain (mm/h) of equally likely pixels, increasing."""
        return np.interp((np.arange(count) + 0.5) / count, self.probability, self.rain_mm_h)

    @classmethod
    def of_frames(cls, rates_mm_h: np.ndarray, source: str = "that of the frames themselves") -> Climatology:
        """All pixels seen in some frames, taken together: the climate of this day, for want of a longer one."""
        seen = np.sort(rates_mm_h[np.isfinite(rates_mm_h)], axis=None)
        share = np.linspace(0, 1, 2001)
        return cls(share, np.quantile(seen, share), source)


def read_climatology(file: Path) -> Climatology:
    """Read a table of quantiles.

    Raises:
        BadInput: It has no source, or is not as expected; says where.
    """
    lines = read_text(file, expected=_EXPECTED).splitlines()
    said = next((line.lstrip("# \t") for line in lines if line.lstrip("# \t").lower().startswith("source:")), "")
    rows = list(csv.reader(line for line in lines if line.strip() and not line.lstrip().startswith("#")))
    try:
        table = np.array([[float(one) for one in row[:2]] for row in rows[1:]]).reshape(-1, 2)
    except ValueError as error:
        raise BadInput(f"{error}", file=file, expected=_EXPECTED) from error
    if not rows or [one.strip() for one in rows[0][:2]] != ["probability", "rain_mm_h"]:
        raise BadInput("its columns are others", file=file, place="line 1", expected=_EXPECTED)
    try:
        return Climatology(table[:, 0], table[:, 1], said[len("source:") :].strip())
    except BadInput as error:
        raise BadInput(error.what, file=file, place=error.place, expected=_EXPECTED) from error
