"""A town's streets in the pixels of a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from networks.roads.net_file import Net

SIDE = 900.0
_TALLEST, _RIM = 1.1, 0.94


@dataclass(frozen=True)
class TownPlane:
    """Where metres lie in the picture.

    Attributes:
        low: South-west corner, m.
        scale: Pixels of a metre.
        aside: Pixels left free at the left and below.
        tall: Height of the picture, pixels.
    """

    low: np.ndarray
    scale: float
    aside: np.ndarray
    tall: float

    @classmethod
    def of(cls, net: Net) -> TownPlane:
        """The plane that holds a whole network."""
        points = np.array([xy for edge in net.edges for xy in edge.shape])
        low, high = points.min(axis=0), points.max(axis=0)
        wide, tall = np.maximum(high - low, 1.0)
        scale = min(SIDE / wide, SIDE * _TALLEST / tall) * _RIM
        box = np.array([SIDE, max(0.35 * SIDE, tall * scale / _RIM)])
        return cls(low, float(scale), (box - scale * np.array([wide, tall])) / 2, float(box[1]))

    @property
    def view(self) -> str:
        """The view box."""
        return f"0 0 {SIDE:.0f} {self.tall:.0f}"

    def place(self, xy: Sequence[Sequence[float]]) -> np.ndarray:
        """Pixels of points in metres (N, 2)."""
        at = (np.asarray(xy, dtype=float) - self.low) * self.scale + self.aside
        return np.column_stack([at[:, 0], self.tall - at[:, 1]])

    def streets(self, shapes: Iterable[Sequence[Sequence[float]]]) -> str:
        """All streets as one thin path."""
        lines = ("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in self.place(shape)) for shape in shapes)
        return f'<path class="cal-street" d="{"".join(lines)}"/>'

    @staticmethod
    def middle(shape: Sequence[Sequence[float]]) -> tuple[float, float]:
        """The point halfway along a line."""
        line = np.asarray(shape, dtype=float)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        return tuple(float(np.interp(along[-1] / 2, along, line[:, axis])) for axis in (0, 1))  # type: ignore[return-value]
