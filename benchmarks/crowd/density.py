"""Voronoi density of the laboratory's bottlenecks: ours beside PedPy, frame by frame, each in its own Python.

    python -m benchmarks.crowd.density ../shared/data --peer PEDPY/bin/python [--table docs/validation]

CPU seconds without reading and importing; the largest difference of density on the measuring field (persons/m2).
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.kept_table import keep_table, table_option
from models.crowd.hotspot.density import density_pm2, own_ground
from models.crowd.validation.laboratory import RUNS, Run, read_run
from networks.sentence import say
from twin.validation import Row

EQUAL_PM2 = 1e-9
"""Two codes that compute one definition differ by rounding alone."""
FIXED = say(
    "Runs, measuring fields and the frame a second are fixed; PedPy computes the same frames in a Python of its own.",
    "实验、测量区与每秒一帧均已固定；PedPy在其自身的Python环境中计算相同的帧。",
)

PEER = """
import sys, time
import numpy as np, pandas as pd, pedpy, shapely
table = np.load(sys.argv[1])
rows = {"id": table["person"], "frame": table["frame"], "x": table["xy"][:, 0], "y": table["xy"][:, 1]}
begin = time.process_time()
tracks = pedpy.TrajectoryData(pd.DataFrame(rows), frame_rate=1.0)
ground, field = (shapely.from_wkt(str(table[name])) for name in ("area", "field"))
cells = pedpy.compute_individual_voronoi_polygons(traj_data=tracks, walkable_area=pedpy.WalkableArea(ground))
found, _ = pedpy.compute_voronoi_density(
    individual_voronoi_data=cells, measurement_area=pedpy.MeasurementArea(field)
)
took = time.process_time() - begin
found = found.reset_index()
np.savez(sys.argv[2], frame=found["frame"], density=found["density"], took=took, version=pedpy.__version__)
"""


def compare(run: Run, data: Path, peer: Path) -> tuple[str, Row]:
    """One line for a run, and its row: a frame a second, and every one of them compared."""
    tracks = read_run(run, data)
    stride = int(run.frames_ps)
    kept = tracks.frame % stride == 0
    frame, person, xy = tracks.frame[kept] // stride, tracks.person[kept], tracks.xy_m[kept]
    numbers = np.unique(frame)
    begin = time.process_time()
    ours = [density_pm2(own_ground(xy[frame == number], run.area), [run.field])[0] for number in numbers]
    took = time.process_time() - begin
    with tempfile.TemporaryDirectory() as folder:
        given, answer = Path(folder) / "given.npz", Path(folder) / "answer.npz"
        np.savez(given, frame=frame, person=person, xy=xy, area=run.area.wkt, field=run.field.wkt)
        subprocess.run([str(peer), "-c", PEER, str(given), str(answer)], check=True)
        theirs = np.load(answer)
        both, mine, other = np.intersect1d(numbers, theirs["frame"], return_indices=True)
        apart = np.abs(np.asarray(ours)[mine] - theirs["density"][other]).max()
        case = f"bottleneck {run.name}, PedPy {theirs['version']}"
        row = Row(case, "verification", "largest difference (persons/m2)", float(apart), EQUAL_PM2, n=len(both))
        return (
            f"{run.name:<8} {len(both):>4} frames  ours {took:.2f} CPU s  PedPy {theirs['version']} "
            f"{float(theirs['took']):.2f} CPU s  largest difference {apart:.1e} persons/m2"
        ), row


def main() -> None:
    """Read the arguments and print a line a run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with crowd/pedpy")
    parser.add_argument("--peer", type=Path, required=True, help="Python that has PedPy")
    table_option(parser)
    given, rows = parser.parse_args(), list[Row]()
    for name in ("narrow", "wide"):
        told, row = compare(RUNS[name], given.data, given.peer)
        print(told, flush=True)
        rows.append(row)
    keep_table(given.table, "density", rows, fixed=FIXED, data=[given.data / "crowd" / "pedpy"])


if __name__ == "__main__":
    main()
