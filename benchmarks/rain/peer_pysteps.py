"""pysteps' own ensemble on the frames of a file; run by pysteps' interpreter, never by ours.

    PYSTEPS_PYTHON peer_pysteps.py FRAMES.npz OUT.npz

Settings as in pysteps' own example of an ensemble nowcast of these data (threshold .1 mm/h, dry -15 dB, Lucas-Kanade,
STEPS with six levels, non-parametric noise, perturbed motion).
"""

import sys
import time

import numpy as np
from pysteps.motion.lucaskanade import dense_lucaskanade
from pysteps.nowcasts import steps

THRESHOLD_MM_H, DRY_DB = 0.1, -15.0


def main() -> None:
    """Read frames (mm/h), forecast, write members and the CPU seconds that they took."""
    with np.load(sys.argv[1]) as given:
        rates, members, leads, seed = given["rates"], int(given["members"]), int(given["leads"]), int(given["seed"])
    began = time.process_time()
    filled = np.nan_to_num(rates)
    levels = np.full(filled.shape, DRY_DB)
    wet = filled >= THRESHOLD_MM_H
    levels[wet] = 10 * np.log10(filled[wet])
    motion = dense_lucaskanade(levels)
    cast = steps.forecast(
        levels[-3:],
        motion,
        leads,
        n_ens_members=members,
        n_cascade_levels=6,
        precip_thr=10 * np.log10(THRESHOLD_MM_H),
        kmperpixel=1.0,
        timestep=5,
        noise_method="nonparametric",
        vel_pert_method="bps",
        mask_method="incremental",
        seed=seed,
    )
    rain = np.where(cast > DRY_DB, 10 ** (cast / 10), 0.0)
    rain[rain < THRESHOLD_MM_H] = 0.0
    rain[np.isnan(cast)] = np.nan
    spent = time.process_time() - began
    np.savez(sys.argv[2], members=rain, cpu_s=spent)


main()
