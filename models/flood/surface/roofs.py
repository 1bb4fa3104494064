"""Where the rain on roofs goes: by pipes to the drains of the street, and over full gutters to what lies beside."""

from __future__ import annotations

import numpy as np

from models.flood.constants import BUILDING, LAND, WATER

GUTTER_MM_H = 108.0
"""What gutters and downpipes carry off (mm/h): 300 l/(s ha).

DIN 1986-100 sizes them for the local rain of five minutes and five years (secondary source: the German Wikipedia,
"Dachentwässerung"), for which makers reckon 300 l/(s ha) where rain is low (secondary source: Zintek,
"Titanium-zinc in architecture", 4.1.9, after EN 12056-3). The standards' own texts were not at hand.
"""


def roof_cells(surface: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many roof cells' rain each cell gets by pipes, and how many cells' when gutters spill.

    Pipes lead to the nearest open cell from which water can go on over land: a yard that buildings close on all sides
    drains by pipe too, and what the drains cannot take comes up in the street (direct-rainfall models feed roofs to the
    pipes for the same reason; secondary source: the TUFLOW wiki, "Direct Rainfall Modelling Guidance"). What spills
    falls on the nearest open cell, in a yard too.

    Args:
        surface: (rows, cols) 0 land, 1 sea, 2 building.

    Returns:
        Two arrays of (rows, cols), float64; each sums up to the roof cells.
    """
    roofs = surface == BUILDING
    none = np.zeros(surface.shape)
    if not roofs.any():
        return none, none
    yards = closed_yards(surface)
    spilled = _nearest(roofs, roofs)
    return (_nearest(roofs, roofs | yards) if yards.any() and not (roofs | yards).all() else spilled), spilled


def closed_yards(surface: np.ndarray) -> np.ndarray:
    """(rows, cols) bool: open cells that buildings part from the sea and from the map's border."""
    from scipy.ndimage import label

    parts, count = label(surface != BUILDING)
    ends = (parts[0], parts[-1], parts[:, 0], parts[:, -1], parts[surface == WATER])
    closed = np.ones(count + 1, bool)
    closed[0] = False
    closed[np.unique(np.concatenate(ends))] = False
    return np.asarray(closed[parts])


def rain_share(surface: np.ndarray) -> np.ndarray:
    """How many cells' rain arrives in each cell below `GUTTER_MM_H`: 1 on land, and the roofs' by their pipes.

    Rain that falls on the sea is left out of the ledger; a roof that drains into the sea is booked as boundary.
    """
    return (surface == LAND) + roof_cells(surface)[0]


def _nearest(roofs: np.ndarray, shut: np.ndarray) -> np.ndarray:
    """How many roof cells have each cell as their nearest that is not shut."""
    from scipy.ndimage import distance_transform_edt

    row, col = distance_transform_edt(shut, return_distances=False, return_indices=True)
    found = np.zeros(roofs.shape)
    np.add.at(found, (row[roofs], col[roofs]), 1.0)
    return found
