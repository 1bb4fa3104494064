"""Import quality beside plain netconvert and the usual options: `python -m benchmarks.networks --help`."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from benchmarks.networks.builds import TOOLS, build
from benchmarks.networks.cities import files, read_streets
from benchmarks.networks.demand import Drive, draw, drive, edge_of_point
from benchmarks.networks.measures import covered, figures, read, strong_part

PER_H_KM = 60.0
_GOALS = {
    "signals built": "",
    "nonsense signals": "",
    "nonsense share": "<= .02",
    "OSM signal nodes with one within 40 m": ">= .98",
    "strongly connected share": ">= .99",
    "lane count = tag": ">= .99",
    "drivable length kept": ">= .98",
    "edge km for cars": "",
    "edge km without a way": "",
    "CPU s of the build": "",
    "trips without a route, per 1000": "",
    "teleports per 1000 vehicles": "<= 5",
    "  each seed": "",
    "not inserted, per 1000": "",
    "still driving at the end, per 1000": "",
    "collisions per 1000": "",
    "mean time loss, s": "",
    "CPU s of a run": "",
    "vehicles/h/km at 1 % teleports": "",
}


def main() -> None:
    """Build, measure, print."""
    ask = argparse.ArgumentParser(prog="python -m benchmarks.networks", description=__doc__)
    ask.add_argument("--city", action="append", choices=list(files()), help="again for more; all by default")
    ask.add_argument("--tool", action="append", choices=TOOLS, help="again for more; all by default")
    ask.add_argument("--seeds", type=int, default=3, help="how many seeds, from 1 on")
    ask.add_argument("--density", type=float, default=PER_H_KM, help="vehicles per hour and km of direction")
    ask.add_argument("--no-demand", action="store_true", help="the figures of the networks alone")
    ask.add_argument("--density-search", action="store_true", help="also the density at which 1 %% teleport (slow)")
    ask.add_argument("--keep", type=Path, help="folder for the networks; built ones there are used again")
    ask.add_argument("--jams", type=int, default=0, help="print so many lanes where most vehicles teleport")
    options = ask.parse_args()
    for city in options.city or list(files()):
        with tempfile.TemporaryDirectory() as scratch:
            folder = options.keep / city if options.keep else Path(scratch)
            _city(city, folder, options)


def _city(city: str, folder: Path, options: argparse.Namespace) -> None:
    source = files()[city]
    streets = read_streets(source)
    tools = options.tool or list(TOOLS)
    table: dict[str, dict[str, str]] = {}
    nets, paths = {}, {}
    for tool in tools:
        ready = folder / f"{tool}.net.xml"
        again = options.keep is not None and ready.exists()
        built = None if again else build(tool, source, streets, folder)
        paths[tool] = ready
        nets[tool] = read(ready)
        table[tool] = {name: _round(value) for name, value in figures(nets[tool], streets).items()}
        table[tool]["CPU s of the build"] = f"{built.cpu_s:.1f}" if built else "(kept)"
    if not options.no_demand:
        common = np.logical_and.reduce([covered(net, streets, strong_part(net)) for net in nets.values()])
        for tool in tools:
            edges = edge_of_point(nets[tool], streets)

            def run(density: float, seed: int, tool: str = tool, edges: list[str | None] = edges) -> Drive:
                return drive(nets[tool], paths[tool], draw(streets, common, density, seed), edges, seed, folder)

            drives = [run(options.density, seed) for seed in range(1, options.seeds + 1)]
            table[tool] |= _drive_figures(drives)
            if options.density_search:
                table[tool]["vehicles/h/km at 1 % teleports"] = _density(run, options.seeds)
            if options.jams:
                _tell_jams(tool, drives, options.jams)
    print(f"\n{city}: {streets.length_m / 1000:.0f} km of street for cars, load {os.getloadavg()[0]:.1f}")
    print(" | ".join(["what", "goal", *tools]))
    for name, goal in _GOALS.items():
        if any(name in table[tool] for tool in tools):
            print(" | ".join([name, goal, *(table[tool].get(name, "") for tool in tools)]), flush=True)


def _drive_figures(drives: list[Drive]) -> dict[str, str]:
    def mean(values: list[float]) -> str:
        return _round(float(np.mean(values)))

    return {
        "trips without a route, per 1000": mean([1000 * d.unroutable / d.drawn for d in drives]),
        "teleports per 1000 vehicles": mean([d.per_thousand for d in drives]),
        "  each seed": " ".join(f"{d.teleports}/{d.inserted}" for d in drives),
        "not inserted, per 1000": mean([1000 * d.waiting / d.drawn for d in drives]),
        "still driving at the end, per 1000": mean([1000 * d.running / d.drawn for d in drives]),
        "collisions per 1000": mean([1000 * d.collisions / max(d.inserted, 1) for d in drives]),
        "mean time loss, s": mean([d.time_loss_s for d in drives]),
        "CPU s of a run": mean([d.cpu_s for d in drives]),
    }


def _density(run: object, seeds: int) -> str:
    """Bisection of the density at which 1 % of the vehicles teleport, to a tenth; the mean over the seeds."""

    def share(density: float) -> float:
        return float(np.mean([run(density, seed).per_thousand for seed in range(1, seeds + 1)]))  # type: ignore[operator]

    low, high = 0.0, PER_H_KM
    while share(high) < 10 and high < 16 * PER_H_KM:
        low, high = high, high * 2
    while high - low > 0.1 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if share(middle) < 10 else (low, middle)
    return f"{(low + high) / 2:.0f}"


def _tell_jams(tool: str, drives: list[Drive], count: int) -> None:
    causes: Counter[str] = sum((d.causes for d in drives), Counter())
    lanes: Counter[str] = sum((d.lanes for d in drives), Counter())
    print(f"{tool}: {dict(causes)}; " + ", ".join(f"{lane} {n}" for lane, n in lanes.most_common(count)))


def _round(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.3f}"


if __name__ == "__main__":
    main()
