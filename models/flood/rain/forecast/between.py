"""Rain between two moments: carried along its motion, so that a shower that moves fast leaves no gaps on the ground."""

from __future__ import annotations

import numpy as np

from models.flood.rain.forecast.advection import carried


def rates_between(before: np.ndarray, after: np.ndarray, motion: np.ndarray, pieces: int) -> np.ndarray:
    """Mean rates in pieces of equal length between two moments.

    In the middle of each piece both fields are brought to where the rain is then, and weighted by how near they are in
    time. Where one of them is unknown the other holds; where both are, their mean as they stand.

    Args:
        before: (rows, cols) rain (mm/h) at the first moment.
        after: The same at the second.
        motion: (2, rows, cols) pixels from the one to the other, down and to the right.
        pieces: How many.

    Returns:
        (pieces, rows, cols) rain (mm/h).

    Source: the idea is known from Nielsen, Thorndahl & Rasmussen 2014, Atmos. Res. 138, whose text was not read.
    """
    stay = (before + after) / 2
    found = np.empty((pieces, *before.shape), np.float64)
    for at in range(pieces):
        share = (at + 0.5) / pieces
        early, late = carried(before, share * motion), carried(after, (share - 1) * motion)
        both = (1 - share) * early + share * late
        found[at] = np.where(np.isnan(early), late, np.where(np.isnan(late), early, both))
    return np.where(np.isnan(found), stay, found)
