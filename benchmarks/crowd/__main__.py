"""Agent-steps for each CPU second: ours beside Mesa agents as objects, our plain model and SUMO's pedestrians.

    python -m benchmarks.crowd [--agents 100000 1000000] [--city cities/helsinki] [--day 1000000] [--alternatives 5]

All but SUMO walk on the same graph to the same 64 goals in steps of one second, with speed falling with density
(Weidmann 1993). Objects, the plain model (NumPy) and SUMO are measured on fewer people or for less time; compilation,
reading and routing are not counted.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from benchmarks.crowd import alternatives, day, objects, striping
from benchmarks.crowd.towns import GOALS, plans_on, town
from models.crowd.city import CityCrowd, PlainCity
from networks import City, WalkGraph

FIGURES = "measured elsewhere on 64,861 nodes: objects 0.67-1.36 M, striping 0.49 M, arrays with Numba 46-139 M"
GOAL = {100_000: 100, 1_000_000: 80}


def ours(graph: WalkGraph, people: int, seconds: int) -> tuple[float, CityCrowd]:
    """Agent-steps for each CPU second over `seconds` steps."""
    CityCrowd(graph, plans_on(graph, 100)).walk(20)  # compiles
    crowd = CityCrowd(graph, plans_on(graph, people))
    crowd.walk(1)
    begin, before = time.process_time(), crowd.agent_steps
    crowd.walk(seconds)
    return (crowd.agent_steps - before) / (time.process_time() - begin), crowd


def plain(graph: WalkGraph, people: int, seconds: int) -> float:
    """The same of the model that looks at everything in every step."""
    crowd = CityCrowd(graph, plans_on(graph, people))
    goal = crowd.routes.destination(crowd.plans.destination_node)
    city = PlainCity(
        crowd.plans, goal, crowd.streets, crowd.routes.next_link, crowd.routes.goal_node, crowd.thresholds, 60
    )
    begin = time.process_time()
    city.walk(0, seconds)
    return people * seconds / (time.process_time() - begin)


def told(name: str, rate: float, note: str = "") -> None:
    """One line."""
    print(f"  {name:28} {rate / 1e6:8.3f} M agent-steps a CPU second  {note}", flush=True)


def main() -> None:
    """Measure and print the ratios."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--agents", type=int, nargs="+", default=[100_000, 1_000_000])
    arguments.add_argument("--side", type=int, default=250, help="nodes along each side of the grid town")
    arguments.add_argument("--city", type=Path, help="a City folder instead of the grid town")
    arguments.add_argument("--seconds", type=int, default=300)
    arguments.add_argument("--day", type=int, default=0, metavar="PEOPLE", help="time a day of so many visitors")
    arguments.add_argument(
        "--alternatives", type=int, default=0, metavar="N", help="time so many ways to run that day on two cores (1-5)"
    )
    given = arguments.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    if given.alternatives:
        alternatives.main(given.day or 1_000_000, given.alternatives)
        return
    if given.day:
        for name, value in day.measure(given.day).items():
            print(f"  {name:20} {value:,.1f}")
        return
    graph = City.open(given.city).walk_graph() if given.city else town(given.side)
    print(f"{len(graph.node_x)} nodes, {len(graph.length_m)} links, {GOALS} goals, steps of 1 s")
    rates = {}
    for people in given.agents:
        rates[people], crowd = ours(graph, people, given.seconds)
        each = crowd.walkers.bytes_each + sum(column.nbytes for column in vars(crowd.plans).values()) / people
        told(
            f"ours, {people}", rates[people], f"goal {GOAL.get(people, 80)} M; {each:.0f} bytes an agent, its plan too"
        )
    fewer = min(given.agents)
    peers = {"Mesa objects": objects.measure(CityCrowd(graph, plans_on(graph, fewer)), 60)}
    told("Mesa objects", peers["Mesa objects"])
    peers["NumPy"] = plain(graph, fewer, 10)
    told("plain model (NumPy)", peers["NumPy"])
    peers["SUMO striping"] = striping.measure()
    told("SUMO striping, 3000", peers["SUMO striping"])
    for people, rate in rates.items():
        print(f"  ours, {people}: " + ", ".join(f"{rate / peer:.0f} x {name}" for name, peer in peers.items()))
    print(f"  {FIGURES}; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
