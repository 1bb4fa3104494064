"""Earlier days of the hidden city, as its sensors told them: what a twin is given to know what is usual."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.live.planted import Planted
from benchmarks.live.street import OPTIONS
from benchmarks.live.street_case import hidden_case
from calibration.flows import simulated
from models.streams import stream


def write_usual_days(planted: Planted, folder: Path, sensors: Sequence[str], days: int) -> None:
    """Simulate days 1 to `days` without events, and write `usual-N.csv`, where they are not kept.

    Columns: sensor_id, begin (s of the day), count, speed_mps. Each sensor has its own factor, as on the day itself.
    """
    errors = np.exp(stream(planted.seed, "street sensors").normal(0.0, planted.error, len(sensors)))
    factor = dict(zip(sorted(sensors), errors, strict=True))
    for day in range(1, days + 1):
        file = folder / f"usual-{day}.csv"
        if file.is_file():
            continue
        case = hidden_case(planted, folder, day)
        run = simulated(
            case.net, case.routes, additional=case.additionals, begin_s=0.0, end_s=planted.end_s,
            period_s=planted.cycle_s, seed=planted.seed + day, options=case.options | OPTIONS,
            folder=(folder / f"run-{day}").absolute(),
        )  # fmt: skip
        row = {edge: at for at, edge in enumerate(run.counts.edges)}
        lines = ["sensor_id,begin,count,speed_mps"]
        for period in range(run.counts.vehicles.shape[1]):
            begin_s = planted.cycle_s * period
            for edge in sensors:
                count = round(run.counts.vehicles[row[edge], period] * factor[edge])
                speed = run.speed_mps[row[edge], period]
                lines.append(f"{edge},{begin_s:g},{count},{'' if np.isnan(speed) else f'{speed:.3f}'}")
        beside = file.with_suffix(".part")
        beside.write_text("\n".join(lines), encoding="utf-8")
        beside.replace(file)
        shutil.rmtree(folder / f"run-{day}", ignore_errors=True)
