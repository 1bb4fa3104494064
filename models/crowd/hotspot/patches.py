"""Ground cut in patches of 10 m2, on which danger is judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

PATCH_M2 = 10.0
"""Area on which density is judged (m2)."""


@dataclass(frozen=True)
class Patches:
    """A square grid over the ground; what the ground's edge leaves of one goes to a neighbour if it is under half.

    Attributes:
        shapes: The patches, disjoint; together the ground.
        corner_m: Lower left corner of the grid (m).
        side_m: Side of its squares (m).
        of_square: Patch of each square, shape (columns, rows); -1 where there is no ground.
    """

    shapes: tuple[BaseGeometry, ...]
    corner_m: tuple[float, float]
    side_m: float
    of_square: np.ndarray

    def of(self, xy_m: np.ndarray) -> np.ndarray:
        """Patch of each place, shape (n,); -1 beyond the ground."""
        column, row = ((xy_m - self.corner_m) // self.side_m).astype(np.int64).T
        columns, rows = self.of_square.shape
        there = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        return np.where(there, self.of_square[column.clip(0, columns - 1), row.clip(0, rows - 1)], -1)


def cut(area: Polygon, patch_m2: float = PATCH_M2) -> Patches:
    """Cut the ground in patches of `patch_m2`."""
    side = float(np.sqrt(patch_m2))
    left, low, right, high = area.bounds
    shape = (int((right - left) // side) + 1, int((high - low) // side) + 1)
    pieces: dict[tuple[int, int], BaseGeometry] = {}
    for column in range(shape[0]):
        for row in range(shape[1]):
            x, y = left + column * side, low + row * side
            piece = area.intersection(box(x, y, x + side, y + side))
            if piece.area > 0:
                pieces[column, row] = piece
    owner = _join_small(pieces, patch_m2 / 2)
    numbers = {square: i for i, square in enumerate(sorted(set(owner.values())))}
    of_square = np.full(shape, -1, dtype=np.int64)
    for square, own in owner.items():
        of_square[square] = numbers[own]
    shapes = [unary_union([pieces[s] for s, own in owner.items() if own == square]) for square in numbers]
    return Patches(tuple(shapes), (left, low), side, of_square)


def _join_small(pieces: dict[tuple[int, int], BaseGeometry], least_m2: float) -> dict[tuple[int, int], tuple[int, int]]:
    """Square -> the square whose patch it belongs to: itself, or the neighbour with the longest common edge."""
    owner = {square: square for square in pieces}
    for square, piece in sorted(pieces.items(), key=lambda item: item[1].area):
        if piece.area < least_m2:
            column, row = square
            beside = [(column + i, row + j) for i, j in ((1, 0), (-1, 0), (0, 1), (0, -1))]
            shared = {s: piece.intersection(pieces[s]).length for s in beside if s in pieces}
            best = max(shared, key=lambda s: shared[s], default=square)
            if shared.get(best, 0) > 0 and pieces[best].area >= piece.area and owner[best] != square:
                owner[square] = best
    return {square: _last(owner, square) for square in owner}


def _last(owner: dict[tuple[int, int], tuple[int, int]], square: tuple[int, int]) -> tuple[int, int]:
    while owner[square] != square:
        square = owner[square]
    return square
