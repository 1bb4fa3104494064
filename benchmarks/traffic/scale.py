"""6000 edges, 860 signals and 30,000 vehicles in an hour: meso against real time, micro against raw `sumo`.

`python -m benchmarks.traffic.scale [--end 3600] [--micro-end 900] [--rounds 1]`

The net is netgenerate's grid of 39 x 39 junctions with signals at 860 of them, the demand L-shaped trips over it, both
made anew from a fixed seed. A member is the whole of ours: SUMO, tables, measures, the landing in the store. Raw is
SUMO's binary with the same trip table as XML.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import numpy as np

from models.streams import stream
from models.sumo import check_case, read_case
from networks import sumo_home
from scenarios.cases.case_run import CaseOptions, case_jobs, run_case_member
from scenarios.results.store import Store

SIDE, SIGNALS, VEHICLES, HOUR_S = 39, 860, 30_000, 3600.0
FARTHEST = 10
MESO_GOAL, MICRO_GOAL = 100.0, 1.1


def main() -> None:
    """Make the city, run both, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--end", type=float, default=HOUR_S)
    parser.add_argument("--micro-end", type=float, default=900.0)
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        folder = Path(place)
        file = make(folder)
        case = read_case(file)
        began = time.process_time()
        check_case(case)
        print(f"checked before the run in {time.process_time() - began:.1f} processor seconds")
        meso(folder, file, asked.end)
        micro(folder, file, asked.micro_end, asked.rounds)


def make(folder: Path) -> Path:
    """Write the network, the demand and a configuration."""
    nodes = [f"{_column(x)}{y}" for x in range(SIDE) for y in range(SIDE)]
    draws = stream(1, "scale")
    signals = draws.choice(nodes, SIGNALS, replace=False)
    words = f"--grid --grid.number {SIDE} --grid.length 200 --default.lanenumber 2 --no-turnarounds true --seed 1"
    words += f" --tls.set {','.join(signals)} --no-warnings -o {folder / 'city.net.xml'}"
    subprocess.run([str(sumo_home() / "bin" / "netgenerate"), *words.split()], check=True, capture_output=True)
    text = (folder / "city.net.xml").read_text()
    edges, lights = len(re.findall(r'<edge id="[A-Z]', text)), len(re.findall(r"<tlLogic ", text))
    lines = [_vehicle(i, at, draws) for i, at in enumerate(np.sort(draws.uniform(0.0, HOUR_S, VEHICLES)))]
    (folder / "city.rou.xml").write_text("<routes>\n" + "".join(lines) + "</routes>\n")
    file = folder / "city.sumocfg"
    file.write_text(
        '<configuration><net-file value="city.net.xml"/><route-files value="city.rou.xml"/>'
        f'<end value="{HOUR_S:g}"/></configuration>'
    )
    print(f"{edges} edges, {lights} signals, {VEHICLES} vehicles in {HOUR_S:g} s (load {os.getloadavg()[0]:.1f})")
    return file


def _column(x: int) -> str:
    """Netgenerate's names of more than 26 columns: AA to AZ, then BA ..."""
    return chr(65 + x // 26) + chr(65 + x % 26)


def _vehicle(number: int, at: float, draws: np.random.Generator) -> str:
    """An L over the grid, at most FARTHEST blocks each way."""
    x, y = draws.integers(0, SIDE, 2)
    to_x, to_y = (int(np.clip(v + draws.integers(-FARTHEST, FARTHEST + 1), 0, SIDE - 1)) for v in (x, y))
    if (to_x, to_y) == (x, y):
        to_x = int(x) + (1 if x == 0 else -1)
    across = [(int(i), int(y)) for i in _between(int(x), to_x)]
    corners = [*across, *((to_x, int(j)) for j in _between(int(y), to_y)[1:])]
    names = [f"{_column(i)}{j}" for i, j in corners]
    way = " ".join(a + b for a, b in pairwise(names))
    return f'<vehicle id="{number}" depart="{at:.1f}" departLane="best"><route edges="{way}"/></vehicle>\n'


def _between(first: int, last: int) -> list[int]:
    return list(range(first, last + 1) if last >= first else range(first, last - 1, -1))


def meso(folder: Path, file: Path, end_s: float) -> None:
    """One mesoscopic member against real time."""
    case = read_case(file).between(None, end_s)
    job = case_jobs(case, CaseOptions(meso=True), [1], Store(folder / "meso"))[0]
    began, before = time.perf_counter(), os.times()
    run = run_case_member(job)
    wall_s, cpu_s = time.perf_counter() - began, _cpu_since(before)
    print(
        f"meso: {end_s:g} s in {wall_s:.1f} s ({cpu_s:.1f} processor s), {end_s / wall_s:.0f}x real time "
        f"({end_s / cpu_s:.0f}x in processor time), {run.manifest['peak_mb']:.0f} MB, "
        f"{run.measures['trips_finished']:.0f} trips finished, {'valid' if run.valid else run.reasons[0]['en']}; "
        f"goal {MESO_GOAL:.0f}x: {_met(end_s / wall_s >= MESO_GOAL)} (load {os.getloadavg()[0]:.1f})",
        flush=True,
    )


def micro(folder: Path, file: Path, end_s: float, rounds: int) -> None:
    """Microscopic members and raw runs, in turn."""
    case = read_case(file).between(None, end_s)
    walls, cpus, peak = [], [], 0.0
    for seed in range(1, rounds + 1):
        job = case_jobs(case, CaseOptions(), [seed], Store(folder / "micro"))[0]
        began, before = time.perf_counter(), os.times()
        peak = max(peak, run_case_member(job).manifest["peak_mb"])
        ours = time.perf_counter() - began, _cpu_since(before)
        began, before = time.perf_counter(), os.times()
        words = ["-c", file, "--end", end_s, "--seed", seed, "--no-warnings", "--no-step-log"]
        words += ["--tripinfo-output", folder / "trips.xml"]
        home = sumo_home()
        command = [str(word) for word in (home / "bin" / "sumo", *words)]
        subprocess.run(command, check=True, env={**os.environ, "SUMO_HOME": str(home)}, capture_output=True)
        raw = time.perf_counter() - began, _cpu_since(before)
        print(f"micro, {end_s:g} s: ours {ours[0]:.1f} s ({ours[1]:.1f} processor), raw {raw[0]:.1f} s ({raw[1]:.1f})")
        walls.append(ours[0] / raw[0])
        cpus.append(ours[1] / raw[1])
    wall, cpu = statistics.median(walls), statistics.median(cpus)
    print(
        f"micro: ours / raw: wall {wall:.3f}, processor {cpu:.3f}, {peak:.0f} MB; "
        f"goal {MICRO_GOAL}: {_met(wall <= MICRO_GOAL)} (load {os.getloadavg()[0]:.1f})"
    )


def _cpu_since(before: os.times_result) -> float:
    now = os.times()
    return (
        (now.user - before.user)
        + (now.system - before.system)
        + ((now.children_user - before.children_user) + (now.children_system - before.children_system))
    )


def _met(yes: bool) -> str:
    return "met" if yes else "missed"


if __name__ == "__main__":
    main()
