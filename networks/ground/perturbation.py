"""Terrains as they might be: the heights plus a correlated error, so that an ensemble feels how unsure they are."""

from __future__ import annotations

import numpy as np

from networks.errors import BadInput
from networks.ground.terrain import WATER, Terrain

CORRELATION_M = 100.0
"""Distance (m) at which the correlation of the error has fallen to 1/e, where nobody measured it: a guess.

Errors of global models stay correlated over a few cells, more on plains (Hawker et al. 2018,
doi:10.1029/2018WR023279, who fit semi-variograms by land cover); no value holds for every city.
"""
_PAD = 3.0
"""Correlation lengths of margin by which the periodic field is larger than the terrain: exp(-3) is left of it."""


def error_field(shape: tuple[int, int], cell_m: float, correlation_m: float, rng: np.random.Generator) -> np.ndarray:
    """A Gaussian field of mean 0 and standard deviation 1 whose correlation at a distance d is exp(-d / correlation_m).

    Args:
        shape: Rows and columns.
        cell_m: Side of a cell, m.
        correlation_m: Correlation length, m.
        rng: A named stream; the same state gives the same field.

    Returns:
        (rows, columns) float64.

    Source: circulant embedding, Dietrich & Newsam 1997 (doi:10.1137/S1064827592240555); eigenvalues below zero, tiny
    where the margin is wide, are set to zero, and the variance is brought back to 1.
    """
    from scipy.fft import fft2, next_fast_len

    margin = int(np.ceil(_PAD * correlation_m / cell_m))
    rows, columns = (next_fast_len(n + margin) for n in shape)
    up = np.minimum(np.arange(rows), rows - np.arange(rows)) * cell_m
    across = np.minimum(np.arange(columns), columns - np.arange(columns)) * cell_m
    covariance = np.exp(-np.hypot(up[:, None], across[None, :]) / correlation_m)
    eigen = np.maximum(fft2(covariance).real, 0.0)
    eigen /= eigen.mean()
    noise = rng.standard_normal((2, rows, columns))
    field = fft2(np.sqrt(eigen / (rows * columns)) * (noise[0] + 1j * noise[1])).real
    return np.asarray(field[: shape[0], : shape[1]])


def perturbed(
    terrain: Terrain,
    rng: np.random.Generator,
    *,
    error_m: float | None = None,
    correlation_m: float | None = None,
) -> Terrain:
    """One member of an ensemble of terrains: the heights plus a correlated error; water and its shore stay.

    The error is that of the terrain with a correlation length of 100 m or the source's cell, whichever is longer.
    Water is known: towards it the error fades by the factor sqrt(1 - exp(-2 d / length)), the standard deviation that
    is left at a distance d of a point that is known, in simple kriging.

    Args:
        terrain: What the heights are thought to be.
        rng: A named stream, e.g. `models.stream(seed, "terrain")`.
        error_m: Standard deviation of the error (m); the terrain's own by default.
        correlation_m: Correlation length (m).

    Raises:
        BadInput: Nobody knows the terrain's error and none is given, or a number is not positive.
    """
    from scipy.ndimage import distance_transform_edt

    spread = terrain.vertical_error_m if error_m is None else error_m
    length = max(CORRELATION_M, terrain.source_cell_m) if correlation_m is None else correlation_m
    if not (np.isfinite(spread) and spread >= 0):
        raise BadInput(
            "the vertical error of this terrain is not known",
            place="error_m",
            expected="a root mean square error in metres",
            remedy="state it when the city is built: twin build FILE --dem TIF --dem-error 0.15",
        )
    if not (np.isfinite(length) and length > 0):
        raise BadInput(f"a correlation length of {length:g} m", place="correlation_m", expected="a positive number")
    error = spread * error_field(terrain.elevation_m.shape, terrain.cell_m, length, rng)
    wet = terrain.surface == WATER
    if wet.any():
        away = distance_transform_edt(~wet) * terrain.cell_m
        error *= np.sqrt(-np.expm1(-2.0 * away / length))
    return terrain.changed(elevation_m=(terrain.elevation_m + error).astype(np.float32))
