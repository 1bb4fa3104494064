"""Members by pysteps instead of ours, where somebody has installed it: `pip install citytwin[nowcast]`.

Source: Pulkkinen et al. 2019, Pysteps (doi:10.5194/gmd-12-4185-2019); BSD-3. Settings: its STEPS with six levels,
non-parametric noise, an incremental mask and perturbed motion, from the last three frames.
"""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import numpy as np

from models.flood.rain.forecast.decibels import DRY_DB, WET_MM_H, from_db, to_db
from networks.errors import BadInput


def pysteps_members(
    rates_mm_h: np.ndarray, *, members: int, leads: int, seed: int, pixel_km: float, step_min: float
) -> np.ndarray:
    """(members, leads, rows, cols) rain (mm/h) as pysteps forecasts it; NaN where it does not know.

    Args:
        rates_mm_h: (3, rows, cols) the last frames (mm/h); NaN, which pysteps cannot take, counts as dry.
        members: How many; pysteps wants two or more.
        leads: Steps ahead.
        seed: Of its draws.
        pixel_km: Size of a pixel (km).
        step_min: The frames' period (min).

    Raises:
        BadInput: pysteps is not installed, there are fewer than three frames, or fewer than two members.
    """
    if len(rates_mm_h) < 3 or members < 2:
        raise BadInput(f"{len(rates_mm_h)} frames, {members} members", expected="pysteps wants three, and two or more")
    with redirect_stdout(io.StringIO()):
        try:
            from pysteps.motion.lucaskanade import dense_lucaskanade
            from pysteps.nowcasts import steps
        except ImportError as error:
            remedy = "pip install citytwin[nowcast], or leave --engine out"
            raise BadInput("pysteps is not installed", place="--engine", remedy=remedy) from error
        levels = to_db(np.nan_to_num(rates_mm_h.astype(np.float64)))
        cast = steps.forecast(
            levels,
            dense_lucaskanade(levels),
            leads,
            n_ens_members=members,
            precip_thr=10 * np.log10(WET_MM_H),
            kmperpixel=pixel_km,
            timestep=step_min,
            seed=seed,
        )
    return np.asarray(np.where(np.isnan(cast), np.nan, from_db(np.maximum(cast, DRY_DB))), np.float32)
