"""Daily visitors of Jiuzhaigou, forecast from rolling origins: ours beside the naive forecasts and statsmodels.

    python -m benchmarks.visitors [--peer PYTHON]

PYTHON is one whose environment has statsmodels (ETS with damped trend and a week, on the logarithm and not; Theta).
Goal: a smaller mean absolute error than the seasonal-naive forecast at every horizon.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from calibration.visits import forecast_visits, read_history, score

DATA = Path(os.environ.get("CITYTWIN_DATA", Path(__file__).parents[2] / "shared" / "data"))
HORIZONS, FIRST, STEP = 28, 120, 5
SHOWN = (1, 3, 7, 14, 21, 28)
PEER = """
import sys, warnings
import numpy as np
warnings.simplefilter("ignore")
from statsmodels.tsa.holtwinters import ExponentialSmoothing
from statsmodels.tsa.forecasting.theta import ThetaModel
import pandas as pd
counts = np.load(sys.argv[1]); origins = np.load(sys.argv[2]); steps = int(sys.argv[3])
def ets(y):
    model = ExponentialSmoothing(y, trend="add", damped_trend=True, seasonal="add", seasonal_periods=7)
    return np.asarray(model.fit().forecast(steps))
def theta(y):
    days = pd.Series(y, index=pd.date_range("2020-04-01", periods=len(y)))
    return np.asarray(ThetaModel(days, period=7).fit().forecast(steps))
ways = {"ETS": ets, "ETS of logarithms": lambda y: np.exp(ets(np.log(y))), "Theta": theta}
out = {name: [way(counts[: origin + 1]) for origin in origins] for name, way in ways.items()}
np.savez(sys.argv[4], **out)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", type=Path, help="a Python with statsmodels")
    peer = parser.parse_args().peer
    file = DATA / "crowd/visitors/Jiuzhaigou_data.csv"
    if not file.is_file():
        sys.exit(f"no {file}: CITYTWIN_DATA names the folder of real data")
    history = read_history(file, column="tourist")
    began = time.process_time()
    found = forecast_visits(history, HORIZONS)
    spent, counts = time.process_time() - began, history.visitors
    origins = np.arange(FIRST, len(counts) - HORIZONS, STEP)
    came = np.stack([counts[at + 1 : at + 1 + HORIZONS] for at in origins])
    said = {"ours": found.rolled.median[origins], "last count": np.repeat(counts[origins][:, None], HORIZONS, axis=1)}
    said["seasonal naive"] = np.stack([counts[at - 6 : at + 1][np.arange(HORIZONS) % 7] for at in origins])
    if peer is not None:
        said |= _peer(peer, counts, origins)
    print(
        f"mean absolute error, {len(origins)} origins every {STEP} days; all {len(counts)} origins: {spent:.2f} CPU s"
    )
    print(f"{'days ahead':<20}" + "".join(f"{one:>8}" for one in SHOWN) + f"{'mean':>8}")
    for name, one in said.items():
        errors = np.abs(one - came).mean(axis=0)
        print(f"{name:<20}" + "".join(f"{errors[at - 1]:8.0f}" for at in SHOWN) + f"{errors.mean():8.0f}")
    skill = score(found, horizons=range(1, HORIZONS + 1))
    beaten = sum(one.mae < one.mae_seasonal for one in skill)
    held = [np.mean([one.held[level] for one in skill]) for level in (0, 1)]
    print(f"every day as origin: seasonal naive is beaten at {beaten} of {len(skill)} horizons")
    print(f"80 % intervals hold {100 * held[0]:.0f} %, 90 % intervals {100 * held[1]:.0f} %")
    print(f"load {os.getloadavg()[0]:.1f}")


def _peer(python: Path, counts: np.ndarray, origins: np.ndarray) -> dict[str, np.ndarray]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        np.save(place / "counts.npy", counts)
        np.save(place / "origins.npy", origins)
        given = [str(place / "counts.npy"), str(place / "origins.npy"), str(HORIZONS), str(place / "out.npz")]
        own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        subprocess.run([str(python), "-c", PEER, *given], check=True, env=own)
        with np.load(place / "out.npz") as told:
            return {name: told[name] for name in told.files}


if __name__ == "__main__":
    main()
