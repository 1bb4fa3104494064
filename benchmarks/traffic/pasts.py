"""Alternatives that differ from half-time on: forked from one past each, against raw `sumo` from zero.

    python -m benchmarks.traffic.pasts [--seeds 4] [--alternatives 8] [--from 1800] [--end 3600] [--raw N] [--zero 2]
                                       [--serial]

Bologna; the alternatives change one signal's long green. Ours: `run_pasts` on a warm local Ray, two workers, trips and
measures written into a store. The peer: two raw `sumo` processes working through all seeds and alternatives from zero,
the switch compiled into an additional file, trips as Parquet. --raw N measures only N of them and scales; --zero N runs
N members from zero in processes of their own and compares their tables; --serial runs ours one past after another with
two branches at a time, and so can tell its CPU seconds.
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from models.sumo import SumoCase, read_case, run_native
from scenarios import RayExecutor, Run, SerialExecutor, Store
from scenarios.cases.alternatives import Alternatives
from scenarios.cases.case_run import CaseOptions
from scenarios.cases.pasts import Past, pasts, run_past, run_pasts

GOAL = 1.5
SIGNAL = "209"
GREENS_S = (69, 45, 55, 62, 80, 90, 100, 117)
"""The long green of that signal; the first is the case's own, and changes nothing."""


def phases(case: SumoCase, green_s: float) -> list[tuple[float, str]]:
    """The signal's phases with another long green."""
    plans = next(file for file in case.additionals if "tls" in file.name)
    logic = next(one for one in ElementTree.parse(plans).iter("tlLogic") if one.get("id") == SIGNAL)
    given = [(float(phase.attrib["duration"]), phase.attrib["state"]) for phase in logic.iter("phase")]
    return [(green_s, given[0][1]), *given[1:]]


def alternatives_of(case: SumoCase, number: int) -> Alternatives:
    """As it is, and other greens."""
    told: list[dict[str, object]] = [{"name": "as-it-is"}]
    for green in GREENS_S[1:number]:
        change = {"kind": "signal_phases", "signal": SIGNAL, "phases": phases(case, green)}
        told.append({"name": f"green-{green}", "changes": [change]})
    return Alternatives.model_validate({"alternatives": told})


def raw(case: SumoCase, seeds: int, number: int, at_s: float, most: int, folder: Path) -> tuple[float, float, int]:
    """Wall and CPU seconds of two raw processes, scaled to all; and how many were run."""
    work = [(seed, green) for seed in range(1, seeds + 1) for green in GREENS_S[:number]]
    todo = work[:: max(len(work) // most, 1)][:most]

    def one(job: tuple[int, int]) -> float:
        seed, green = job
        place = folder / f"{seed}-{green}"
        place.mkdir(parents=True)
        switched = replace(case, additionals=(*case.additionals, _switch(case, green, at_s, place)))
        return run_native(switched if green != GREENS_S[0] else case, seed, place, tables=("trips",)).cpu_s

    began = time.perf_counter()
    os.environ["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=0"  # glibc's own default, as a user's `sumo` has it
    with ThreadPoolExecutor(2) as pool:
        cpu_s = sum(pool.map(one, todo))
    del os.environ["GLIBC_TUNABLES"]
    scale = len(work) / len(todo)
    return (time.perf_counter() - began) * scale, cpu_s * scale, len(todo)


def _switch(case: SumoCase, green: int, at_s: float, folder: Path) -> Path:
    rows = "".join(f'<phase duration="{s:g}" state="{state}"/>' for s, state in phases(case, green))
    file = folder / "switch.add.xml"
    file.write_text(
        f'<additional><tlLogic id="{SIGNAL}" type="static" programID="other" offset="0">{rows}</tlLogic>'
        f'<WAUT id="w" refTime="0" startProg="utopia"><wautSwitch time="{at_s:g}" to="other"/></WAUT>'
        f'<wautJunction wautID="w" junctionID="{SIGNAL}"/></additional>',
        encoding="utf-8",
    )
    return file


def ours(work: list[Past], *, serial: bool) -> tuple[float, float, list[tuple[Run, ...]]]:
    """Wall and CPU seconds (NaN on Ray), and the runs."""
    with SerialExecutor() if serial else RayExecutor(workers=2) as executor:
        executor.map(abs, [-1, -2])  # warm
        began, used = time.perf_counter(), _cpu_s()
        runs = run_pasts([replace(past, at_once=2) for past in work] if serial else work, executor)
        return time.perf_counter() - began, _cpu_s() - used if serial else float("nan"), runs


def _cpu(value: float) -> str:
    """Ray's workers do not tell what they took."""
    return "" if math.isnan(value) else f", CPU {value:.2f}"


def _cpu_s() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def equal_from_zero(past: Past, runs: tuple[Run, ...], number: int, folder: Path) -> int:
    """How many of the last members have the tables of their run from zero."""
    chosen = past.members[-number:]
    zero = run_past(replace(past, members=chosen, store_root=folder, forks=False))
    return sum(a.digests == b.digests for a, b in zip(zero, runs[-number:], strict=True))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("seeds", 4), ("alternatives", 8), ("from", 1800), ("end", 3600), ("raw", 1000), ("zero", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--serial", action="store_true")
    given = vars(parser.parse_args())
    seeds, number, at_s = given["seeds"], given["alternatives"], float(given["from"])
    case = read_case(Path(os.environ["CITYTWIN_DATA"]) / "sumo" / "bologna" / "run.sumocfg").between(0, given["end"])
    with tempfile.TemporaryDirectory(prefix="citytwin-") as scratch:
        folder = Path(scratch)
        chosen = alternatives_of(case, number)
        work = pasts(case, CaseOptions(), range(1, seeds + 1), at_s, chosen, Store(folder / "runs"))
        wall_s, cpu_s, runs = ours(work, serial=given["serial"])
        print(f"ours: {seeds} pasts x {number} alternatives: {wall_s:.1f} s{_cpu(cpu_s)}", flush=True)
        raw_wall_s, raw_cpu_s, measured = raw(case, seeds, number, at_s, given["raw"], folder / "raw")
        print(f"raw:  two processes, all from zero: {raw_wall_s:.1f} s, CPU {raw_cpu_s:.1f} s ({measured} measured)")
        print(f"ratio: wall {raw_wall_s / wall_s:.2f}{_cpu(raw_cpu_s / cpu_s)}, goal {GOAL:g}", flush=True)
        if given["zero"]:
            same = equal_from_zero(work[-1], runs[-1], given["zero"], folder / "zero")
            print(f"tables equal to the run from zero: {same} of {given['zero']}")
        again = time.perf_counter()
        with SerialExecutor() as executor:
            run_pasts(work, executor)
        print(f"the same again: {time.perf_counter() - again:.2f} s; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
