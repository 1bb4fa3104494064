"""Where water goes on a terrain: pits filled, the way down from every cell, and what drains to a place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_NEIGHBOURS = ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))


@dataclass(frozen=True)
class Flow:
    """The ways of water on a grid.

    Attributes:
        filled_m: (rows, columns) float64: height (m) to which water rises before it runs off to an outlet; NaN in
            blocks and in yards that have no way out.
        down: (rows * columns,) flat index of the next cell on the way down; an outlet, a block and a yard name
            themselves.
        area_m2: (rows, columns) ground (m2) whose rain begins here: the cell's own, and that of the roofs next to it.
    """

    filled_m: np.ndarray
    down: np.ndarray
    area_m2: np.ndarray


def flow_over(
    elevation_m: np.ndarray, cell_m: float, *, outlet: np.ndarray | None = None, blocked: np.ndarray | None = None
) -> Flow:
    """Fill the pits of a terrain and find the way down.

    Water passes through the sides of cells, as in the flood model, so pits are filled to the least height on the way
    out over sides: the minimax paths of a minimum spanning tree. On the filled surface each cell drains to its steepest
    lower neighbour of eight, between flat cells along the tree.

    Args:
        elevation_m: (rows, columns) heights, m.
        cell_m: Side of a cell, m.
        outlet: (rows, columns) bool: where water leaves, e.g. the sea; the raster's border always lets it out.
        blocked: (rows, columns) bool: blocks (buildings) that water goes around; roofs drain to the nearest open cell.

    Source: depressions by minimax paths: Planchon & Darboux 2002 (doi:10.1016/S0341-8162(01)00164-3) give the same
    surface; eight directions: O'Callaghan & Mark 1984 (doi:10.1016/S0734-189X(84)80011-0).
    """
    z = np.asarray(elevation_m, dtype=np.float64)
    open_cells = np.ones(z.shape, bool) if blocked is None else ~np.asarray(blocked, bool)
    out = np.zeros(z.shape, bool) if outlet is None else np.asarray(outlet, bool).copy()
    out[[0, -1], :] = True
    out[:, [0, -1]] = True
    out &= open_cells
    filled, parent = _filled(z, open_cells, out)
    return Flow(filled, _down(filled, parent, out), _rain_area(open_cells, cell_m))


def catchments(flow: Flow, targets: np.ndarray) -> dict[int, float]:
    """Ground (m2) that drains into each target before any other: label -> area, its own cells included.

    Args:
        flow: The ways down.
        targets: (rows, columns) int: 0, or the label of the target that a cell belongs to.
    """
    labels = np.asarray(targets).ravel()
    end = flow.down.copy()
    stop = labels > 0
    end[stop] = np.flatnonzero(stop)
    while True:
        further = end[end]
        if np.array_equal(further, end):
            break
        end = further
    sums = np.bincount(labels[end], weights=flow.area_m2.ravel(), minlength=int(labels.max(initial=0)) + 1)
    return {int(label): float(sums[label]) for label in np.unique(labels[stop])}


def _filled(z: np.ndarray, open_cells: np.ndarray, out: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The filled surface, and each cell's neighbour on its lowest way out (itself at outlets; -1 without a way)."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

    count = z.size
    cell = np.arange(count, dtype=np.int32).reshape(z.shape)
    inner = open_cells & ~out
    pairs = []
    for one, other in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1, :], np.s_[1:, :])):
        joined = open_cells[one] & open_cells[other] & (inner[one] | inner[other])
        pairs.append((cell[one][joined], cell[other][joined]))
    first = np.concatenate([pair[0] for pair in pairs] + [cell[out]])
    second = np.concatenate([pair[1] for pair in pairs] + [np.full(int(out.sum()), count, np.int32)])
    height = np.append(z.ravel(), z.min())
    cost = np.maximum(height[first], height[second]) - height.min() + 1.0
    tree = minimum_spanning_tree(coo_matrix((cost, (first, second)), shape=(count + 1, count + 1)).tocsr())
    _, parent = breadth_first_order(tree, count, directed=False, return_predecessors=True)
    parent = parent[:count].astype(np.int64)
    reached = parent >= 0
    up = np.where(reached & (parent < count), parent, np.arange(count))
    level = z.ravel().copy()
    ahead = up.copy()
    while True:
        level = np.maximum(level, level[ahead])
        further = ahead[ahead]
        if np.array_equal(further, ahead):
            break
        ahead = further
    level[~reached] = np.nan
    return level.reshape(z.shape), np.where(reached, up, -1)


def _down(filled: np.ndarray, parent: np.ndarray, out: np.ndarray) -> np.ndarray:
    rows, columns = filled.shape
    cell = np.arange(filled.size).reshape(filled.shape)
    best, target = np.zeros(filled.shape), np.where(parent >= 0, parent, cell.ravel()).reshape(filled.shape)
    padded = np.pad(filled, 1, constant_values=np.nan)
    for dy, dx in _NEIGHBOURS:
        other = padded[1 + dy : 1 + dy + rows, 1 + dx : 1 + dx + columns]
        fall = (filled - other) / np.hypot(dy, dx)
        if dy and dx:  # not between two blocks that touch at a corner
            beside = padded[1 + dy : 1 + dy + rows, 1:-1], padded[1:-1, 1 + dx : 1 + dx + columns]
            fall[np.isnan(beside[0]) & np.isnan(beside[1])] = np.nan
        steeper = fall > best  # False where either is NaN
        best[steeper] = fall[steeper]
        target[steeper] = cell[steeper] + dy * columns + dx
    target[out] = cell[out]
    return np.asarray(target.ravel())


def _rain_area(open_cells: np.ndarray, cell_m: float) -> np.ndarray:
    from scipy.ndimage import distance_transform_edt

    share = open_cells.astype(np.float64)
    roofs = ~open_cells
    if roofs.any() and open_cells.any():
        row, column = distance_transform_edt(roofs, return_distances=False, return_indices=True)
        np.add.at(share, (row[roofs], column[roofs]), 1.0)
    return share * cell_m**2
