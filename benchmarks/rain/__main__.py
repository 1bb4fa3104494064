"""CRPS and FSS of our nowcast, of persistence and of pysteps on the twelve frames of `feeds/radar`.

    python -m benchmarks.rain [--peer ~/.cache/citytwin-peers/pysteps/bin/python] [--members 20] [--places Helsinki,...]

Each place is a window of 256 x 256 km, scored on its inner 128 x 128 km where all know the rain; forecasts begin at the
frames of 16:20, 16:30 and 16:40 UTC and look as far ahead as there are frames (25 to 45 min). Without the peer:

    python3.11 -m venv ~/.cache/citytwin-peers/pysteps
    ~/.cache/citytwin-peers/pysteps/bin/pip install pysteps pyproj opencv-python-headless

The frames are of one evening of widespread rain: they say little of thunderstorms, and nothing of an hour ahead.
`--table docs/validation` writes what `twin validation` shows; ours is held to persistence.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from benchmarks.kept_table import keep_table, row_of_draws, table_option
from models.flood.rain import LAWS, RadarFrames, crps, fss, nowcast_rain, read_radar
from networks.sentence import say
from twin.validation import Row

PLACES = {"Helsinki": (24.94, 60.17), "Tampere": (23.76, 61.50), "Lahti": (25.66, 60.98), "Jyvaskyla": (25.75, 62.24)}
ORIGINS = (2, 4, 6)
REACH_M, INNER = 128_000.0, 64
THRESHOLDS, SQUARE = (0.1, 1.0, 5.0), 11
PEER = Path("~/.cache/citytwin-peers/pysteps/bin/python").expanduser()
Scores = dict[tuple[str, int], list[tuple[float, ...]]]
FIXED = say(
    "Places, moments, thresholds and the law from echo to rain are fixed; the gate is persistence in the same run.",
    "地点、时刻、阈值与雷达反射率降雨关系均已固定；限值为同次运行的持续法。",
)


def main() -> None:
    """Forecast, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", type=Path, default=PEER)
    parser.add_argument("--members", type=int, default=20)
    parser.add_argument("--places", default=",".join(PLACES))
    table_option(parser)
    told = parser.parse_args()
    home = Path(os.environ.get("CITYTWIN_DATA", "../shared/data")) / "feeds" / "radar"
    peer = told.peer if told.peer.exists() else None
    if peer is None:
        print(f"no pysteps at {told.peer}; to have it:\n{(__doc__ or '').split('peer:')[1].split('The frames')[0]}")
    scores: Scores = defaultdict(list)
    spent: dict[str, list[float]] = defaultdict(list)
    for place in told.places.split(","):
        frames = read_radar(home, LAWS["finland"], around=PLACES[place], reach_m=REACH_M)
        for origin in ORIGINS:
            _race(frames, origin, told.members, peer, scores, spent)
    _print(scores, spent, told.members)
    left_out = ["pysteps: not installed"] if peer is None else []
    left_out += [f"{place}: not asked for" for place in PLACES if place not in told.places.split(",")]
    keep_table(told.table, "rain", _rows(scores), fixed=FIXED, data=[home], left_out=left_out)


def _rows(scores: Scores) -> list[Row]:
    """CRPS and FSS of 1 mm/h of everybody at every lead; what the forecast is held to is persistence."""
    rows = []
    for (name, lead), found in scores.items():
        for at, measure, sense in ((0, "CRPS (mm/h)", "most"), (2, "FSS of 1 mm/h in 11 km", "least")):
            values = [one[at] for one in found if not np.isnan(one[at])]
            gate = float(np.nanmean([one[at] for one in scores["persistence", lead]])) if name == "ours" else None
            kind = "real" if name == "ours" else "peer"
            rows.append(row_of_draws(f"{name}, {5 * (lead + 1)} min ahead", kind, measure, values, gate, sense))
    return rows


def _race(
    frames: RadarFrames,
    origin: int,
    members: int,
    peer: Path | None,
    scores: Scores,
    spent: dict[str, list[float]],
) -> None:
    """One window and one origin: everybody's forecasts, scored lead by lead where all know the rain."""
    leads = len(frames.times) - 1 - origin
    known = frames.until(frames.times[origin])
    began = time.process_time()
    ours = nowcast_rain(known, members=members, leads=leads)
    spent["ours"].append(time.process_time() - began)
    now = frames.rate_mm_h[origin]
    casts = {
        "persistence": np.broadcast_to(now, (1, leads, *now.shape)),
        "last frame carried": ours.control_mm_h[None],
        "ours": ours.members_mm_h,
    }
    if peer is not None:
        casts["pysteps"], cpu = _pysteps(peer, known.rate_mm_h, members, leads)
        spent["pysteps"].append(cpu)
    tall, wide = now.shape
    inner = (slice(INNER, tall - INNER), slice(INNER, wide - INNER))
    for lead in range(leads):
        came = frames.rate_mm_h[origin + 1 + lead][inner]
        unknown = np.any(
            [np.isnan(cast[:, lead][(slice(None), *inner)]).any(axis=0) for cast in casts.values()], axis=0
        )
        truth = np.where(unknown, np.nan, came)
        for name, cast in casts.items():
            here = cast[:, lead][(slice(None), *inner)]
            skill = [fss(here, truth, threshold=one, pixels=SQUARE) for one in THRESHOLDS]
            seen = ~np.isnan(truth)
            spread = float(np.sqrt(np.var(here[:, seen], axis=0).mean()))
            miss = float(np.sqrt(np.mean((here[:, seen].mean(axis=0) - truth[seen]) ** 2)))
            scores[name, lead].append((crps(here, truth), *skill, spread / miss if miss else np.nan))


def _pysteps(peer: Path, rates: np.ndarray, members: int, leads: int) -> tuple[np.ndarray, float]:
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "frames.npz", Path(folder) / "members.npz"
        np.savez(given, rates=rates[-3:], members=members, leads=leads, seed=1)
        script = Path(__file__).with_name("peer_pysteps.py")
        env = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
        env |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        command = [str(peer), str(script), str(given), str(made)]
        subprocess.run(command, check=True, capture_output=True, env=env)
        with np.load(made) as answer:
            return answer["members"], float(answer["cpu_s"])


def _print(scores: Scores, spent: dict[str, list[float]], members: int) -> None:
    names = list(dict.fromkeys(name for name, _ in scores))
    leads = sorted({lead for _, lead in scores})
    print(f"{members} members, {len(scores[names[0], 0])} forecasts; load {os.getloadavg()[0]:.1f}")
    for at, what in enumerate(("CRPS, mm/h (lower is better)", *(f"FSS at {one:g} mm/h, 11 km" for one in THRESHOLDS))):
        print(f"\n{what}\n{'min':>5} " + " ".join(f"{name:>20}" for name in names))
        for lead in leads:
            row = [np.nanmean([one[at] for one in scores[name, lead]]) for name in names]
            print(f"{5 * (lead + 1):5d} " + " ".join(f"{value:20.3f}" for value in row))
    print("\nspread over error (1 is right)")
    for name in names[2:]:
        row = [np.nanmean([one[-1] for one in scores[name, lead]]) for lead in leads]
        print(f"{name:>10} " + " ".join(f"{value:.2f}" for value in row))
    for name, seconds in spent.items():
        print(f"{name}: {np.mean(seconds):.1f} CPU s a forecast")


if __name__ == "__main__":
    main()
