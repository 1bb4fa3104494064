"""16 x Bologna through `twin run` on a warm local Ray beside two raw `sumo` processes that work through the same 16.

`CITYTWIN_DATA=... python -m benchmarks.traffic.ensembles [--seeds 16] [--end 3600] [--rounds 1] [--trips-only]`

Both sides alternate, so that what else the machine does hits both. Raw is SUMO's own configuration with the same
outputs as XML, as its users write them. Wall times are what the goals speak of; on a busy machine the ratio of
processor seconds says more, so it stands beside them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.sumo import read_case
from networks import sumo_home
from scenarios.cases.case_run import CaseOptions, case_jobs, find_case_run
from scenarios.ensembles.executor import RayExecutor
from scenarios.results.store import Store

GOALS = {"trips": 0.95, "trips,edges,detectors": 0.90}
LOOK_UP_GOAL = 100.0
PROCESSES = 2
EDGES = '<additional><edgeData id="e" period="60" file="{folder}/edges{seed}.xml" excludeEmpty="true"/></additional>'


@dataclass(frozen=True)
class Took:
    """One side: wall and processor seconds."""

    wall_s: float
    cpu_s: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=16)
    parser.add_argument("--end", type=float, default=3600.0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--trips-only", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as place, RayExecutor(workers=PROCESSES) as executor:
        folder = Path(place)
        shutil.copytree(Path(os.environ["CITYTWIN_DATA"]) / "sumo" / "bologna", folder / "bologna")
        address = warm(executor)
        print(f"Bologna, 0 to {asked.end:g} s, seeds 1-{asked.seeds}, {PROCESSES} processes, {asked.rounds} rounds")
        for tables in ["trips"] if asked.trips_only else list(GOALS):
            compare(folder, address, tables, asked.seeds, asked.end, asked.rounds)


def warm(executor: RayExecutor) -> str:
    """Start Ray and its workers; gives its address. Its token is in this process's environment."""
    executor.map(time.sleep, [0.1] * PROCESSES)  # before ray is imported: it reads its settings then
    import ray

    return str(ray.get_runtime_context().gcs_address)


def compare(folder: Path, address: str, tables: str, seeds: int, end_s: float, rounds: int) -> None:
    """Alternate both sides, print the row."""
    ours: list[Took] = []
    raws: list[Took] = []
    looks: list[float] = []
    for number in range(rounds):
        store = folder / f"runs-{number}"
        for side in ((ours, raws), (raws, ours))[number % 2]:
            if side is ours:
                ours.append(twin_run(folder, store, address, tables, seeds, end_s))
            else:
                raws.append(raw(folder, tables, range(1, seeds + 1), end_s))
        looks += [twin_run(folder, store, address, tables, seeds, end_s).wall_s for _ in range(3)]
        shutil.rmtree(store)
    wall, cpu = (
        statistics.median([getattr(r, key) / getattr(o, key) for r, o in zip(raws, ours, strict=True)])
        for key in ("wall_s", "cpu_s")
    )
    print(f"tables {tables} (load {os.getloadavg()[0]:.1f})")
    for name, side in (("twin run", ours), ("raw sumo", raws)):
        walls, cpus = [f"{took.wall_s:.1f}" for took in side], [f"{took.cpu_s:.1f}" for took in side]
        print(f"  {name}: wall {' '.join(walls)} s, processor {' '.join(cpus)} s")
    print(
        f"  raw / ours: wall {wall:.3f}, processor {cpu:.3f}; goal {GOALS[tables]:.2f}: {_met(wall >= GOALS[tables])}"
    )
    faster = statistics.median(took.wall_s for took in ours) / statistics.median(looks)
    found = f"{faster:.0f}x; goal {LOOK_UP_GOAL:.0f}x: {_met(faster >= LOOK_UP_GOAL)}"
    print(f"  identical ensemble again: {statistics.median(looks):.2f} s, {found}", flush=True)


def twin_run(folder: Path, store: Path, address: str, tables: str, seeds: int, end_s: float) -> Took:
    """The command, start of Python and connection to Ray included."""
    file = folder / "bologna" / "run.sumocfg"
    words = ["run", "--sumocfg", str(file), "--seeds", f"1-{seeds}", "--end", f"{end_s:g}", "--tables", tables]
    began, before = time.perf_counter(), os.times()
    subprocess.run(
        [sys.executable, "-m", "twin.cli", *words, "--out", str(store), "--ray-address", address],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wall_s, after = time.perf_counter() - began, os.times()
    driver_s = after.children_user - before.children_user + after.children_system - before.children_system
    case = read_case(file).between(None, end_s)
    jobs = case_jobs(case, CaseOptions(tuple(tables.split(","))), range(1, seeds + 1), Store(store))
    runs = [run for job in jobs if (run := find_case_run(job))]
    assert len(runs) == seeds
    workers_s = sum(run.manifest["seconds"]["sumo_cpu"] + run.manifest["seconds"]["tables_cpu"] for run in runs)
    return Took(wall_s, driver_s + workers_s)


def raw(folder: Path, tables: str, seeds: Sequence[int], end_s: float) -> Took:
    """Two processes at a time, each taking the next seed when it is free."""
    waiting = list(reversed(seeds))
    before, began = os.times(), time.perf_counter()

    def work() -> None:
        while waiting:
            _sumo(folder, tables, waiting.pop(), end_s)

    threads = [threading.Thread(target=work) for _ in range(PROCESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = os.times()
    cpu_s = after.children_user - before.children_user + after.children_system - before.children_system
    return Took(time.perf_counter() - began, cpu_s)


def _sumo(folder: Path, tables: str, seed: int, end_s: float) -> None:
    home, out, case = sumo_home(), folder / "raw", folder / "bologna"
    out.mkdir(exist_ok=True)
    words = [home / "bin" / "sumo", "-c", case / "run.sumocfg", "--seed", seed, "--end", end_s, "--no-warnings"]
    words += ["--tripinfo-output", out / f"trips{seed}.xml", "--log", out / f"log{seed}.txt"]
    if "edges" in tables:
        (out / f"edges{seed}.add.xml").write_text(EDGES.format(folder=out, seed=seed))
        text = (case / "joined_detectors.add.xml").read_text().replace('freq="1800"', 'period="60"')
        (out / f"detectors{seed}.add.xml").write_text(text.replace("e1_output.xml", f"e1_{seed}.xml"))
        names = ("joined_bus_stops", "joined_vtypes", "joined_tls")
        files = [
            *(case / f"{name}.add.xml" for name in names),
            *(out / f"{n}{seed}.add.xml" for n in ("edges", "detectors")),
        ]
        words += ["--additional-files", ",".join(map(str, files))]
    environment = {**os.environ, "SUMO_HOME": str(home)}
    subprocess.run([str(word) for word in words], check=True, env=environment, capture_output=True)


def _met(yes: bool) -> str:
    return "met" if yes else "missed"


if __name__ == "__main__":
    main()
