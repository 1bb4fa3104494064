"""How much water stands in a hollow at which depth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from networks.errors import BadInput


@dataclass(frozen=True)
class StorageCurve:
    """Depth, area and volume of a hollow, from its lowest point to its brim.

    Attributes:
        depth_m: (n,) depth above the lowest point, increasing from 0; the last is the brim's.
        volume_m3: (n,) what stands there then, increasing from 0.
    """

    depth_m: np.ndarray
    volume_m3: np.ndarray

    def __post_init__(self) -> None:
        depth, volume = np.asarray(self.depth_m, np.float64), np.asarray(self.volume_m3, np.float64)
        fits = depth.ndim == 1 and depth.shape == volume.shape and len(depth) >= 2
        if not fits or not np.all(np.isfinite(depth) & np.isfinite(volume)) or depth[0] != 0 or volume[0] != 0:
            raise BadInput("a storage curve", expected="two or more pairs of depth (m) and volume (m3), the first 0, 0")
        if np.any(np.diff(depth) <= 0) or np.any(np.diff(volume) <= 0):
            raise BadInput("a storage curve whose depths or volumes do not increase", expected="more water, deeper")
        object.__setattr__(self, "depth_m", depth)
        object.__setattr__(self, "volume_m3", volume)

    @property
    def brim_m(self) -> float:
        """Depth (m) at which it runs over."""
        return float(self.depth_m[-1])

    def depth_of(self, volume_m3: ArrayLike) -> np.ndarray:
        """Depth (m) at a volume (m3), linear between the curve's points, the brim's beyond them."""
        return np.asarray(np.interp(np.asarray(volume_m3, np.float64), self.volume_m3, self.depth_m))

    def volume_of(self, depth_m: ArrayLike) -> np.ndarray:
        """Volume (m3) at a depth (m)."""
        return np.asarray(np.interp(np.asarray(depth_m, np.float64), self.depth_m, self.volume_m3))

    def area_of(self, depth_m: ArrayLike) -> np.ndarray:
        """Surface (m2) at a depth (m): the volume's slope between two points of the curve."""
        at = np.clip(np.searchsorted(self.depth_m, depth_m, side="right"), 1, len(self.depth_m) - 1)
        slope = np.diff(self.volume_m3) / np.diff(self.depth_m)
        return np.asarray(slope[at - 1])


def storage_of(ground_m: ArrayLike, cell_m: float, brim_level_m: float, *, points: int = 20) -> StorageCurve:
    """The curve of cells below a brim.

    Args:
        ground_m: (k,) height of each cell's ground (m); those at or above the brim hold nothing.
        cell_m: Side of a cell (m).
        brim_level_m: Level (m) at which the water runs over.
        points: How many points the curve gets at most.

    Raises:
        BadInput: No cell lies below the brim.
    """
    ground = np.sort(np.asarray(ground_m, np.float64).ravel())
    ground = ground[ground < brim_level_m]
    if not len(ground):
        raise BadInput("no ground lies below the brim", expected="a hollow")
    levels = np.linspace(ground[0], brim_level_m, points + 1)
    volume = np.maximum(levels[:, None] - ground[None, :], 0).sum(axis=1) * cell_m**2
    return StorageCurve(levels - ground[0], volume)
