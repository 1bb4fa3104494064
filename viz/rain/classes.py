"""Colours of rain and of its chance, in classes: darker is more, for every kind of eye."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from viz.palette import Rgb


@dataclass(frozen=True)
class Classes:
    """Values in classes.

    Attributes:
        name: Its key in the catalogue.
        steps: Where each class begins, increasing; below the first a pixel stays clear.
        colours: One of each class.
    """

    name: str
    steps: tuple[float, ...]
    colours: tuple[Rgb, ...]

    def of(self, values: np.ndarray) -> np.ndarray:
        """(...) class of each value: 0 clear, 1 the first, ...; one beyond the last where it is unknown (NaN)."""
        found = np.searchsorted(np.array(self.steps) * (1 - 1e-6), np.nan_to_num(values), side="right")
        return np.where(np.isnan(values), len(self.steps) + 1, found).astype(np.uint8)


RAIN = Classes(
    "rain.scale_rain",
    (0.1, 0.5, 1, 2, 5, 10, 20, 50),
    (
        (205, 224, 241),
        (158, 196, 228),
        (106, 164, 212),
        (54, 124, 184),
        (16, 82, 148),
        (106, 40, 140),
        (142, 12, 92),
        (66, 0, 36),
    ),
)
CHANCE = Classes(
    "rain.scale_chance",
    (0.1, 0.3, 0.5, 0.7, 0.9),
    ((252, 207, 160), (251, 135, 97), (229, 80, 100), (183, 55, 121), (94, 20, 110)),
)
UNKNOWN: Rgb = (196, 196, 196)
