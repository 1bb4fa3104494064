"""West Lake: `CITYTWIN_DATA=... python -m benchmarks.signals.westlake [--minutes 20] [--longer 10]`.

247 signals on the east shore of West Lake. The recorded flows are few, so they are scaled until the 50 busiest signals
have a mean volume/capacity of .8 under the shipped plans: synthetic demand on a real network. One search of some
minutes on two cores beside one ten times longer, both judged on ten seeds that neither saw. Goal: the short one has at
least 90 % of the gain of the long one.
"""

from __future__ import annotations

import argparse
import itertools
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from models.sumo import SumoCase, read_case
from models.sumo.spent import end_running
from networks import SignalLink, SignalPlan, read_signal_links, read_signal_plans
from scenarios.budget.clock import Clock
from scenarios.budget.threads import ThreadExecutor
from scenarios.signals.designing.seeding import SATURATION_VPH
from scenarios.signals.searching.optimising import Answer, Wish, optimise
from scenarios.signals.searching.search import Rules

NET, FLOWS = "pb_hangzhou_hangzhou.net.xml.gz", "pb_hangzhou_0_flow.txt"
BUSIEST, FULL, GOAL = 50, 0.8, 0.9
CONFIG = """<configuration><input><net-file value={net}/><route-files value="flows.rou.xml"/></input>
<time><begin value="0"/><end value="{end}"/></time></configuration>
"""
Flow = tuple[float, float, float, tuple[str, ...]]
"""First and last departure, s; s between two; edges."""


def main() -> None:
    """Print what both searches gain."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20.0, help="of the short search")
    parser.add_argument("--longer", type=float, default=10.0, help="the long one takes so many times as long")
    parser.add_argument("--class", dest="plan_class", default="actuated")
    parser.add_argument("--rules", default="rilsa")
    parser.add_argument("--end", type=float, default=1800.0, help="s simulated")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seeds", type=int, default=10)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="citytwin-") as folder:
        case = westlake(Path(os.environ["CITYTWIN_DATA"]) / "sumo" / "hangzhou_westlake", Path(folder), asked.end)
        gains = [_gain(case, asked, minutes) for minutes in (asked.minutes, asked.minutes * asked.longer)]
    share = gains[0] / gains[1] if gains[1] > 0 else float("nan")
    print(f"gain of the short search as a share of the long one's: {share:.0%}, goal {GOAL:.0%}")


def westlake(data: Path, folder: Path, end_s: float) -> SumoCase:
    """The case with scaled flows, written to a folder."""
    flows = read_flows(data / FLOWS)
    links, plans = read_signal_links(data / NET), read_signal_plans(data / NET)
    factor = FULL / fullness(flows, links, plans)
    vehicles = sum((last - first) / every * factor for first, last, every, _ in flows)
    print(f"{len(flows)} flows, times {factor:.2f}: about {vehicles:.0f} vehicles until {flows[0][1]:g} s")
    lines = [
        f'<flow id="{n}" begin="{first:g}" end="{last:g}" period="{every / factor:.3f}" departLane="best" '
        f'departSpeed="max"><route edges="{" ".join(edges)}"/></flow>'
        for n, (first, last, every, edges) in enumerate(sorted(flows))
    ]
    (folder / "flows.rou.xml").write_text("<routes>\n" + "\n".join(lines) + "\n</routes>\n", encoding="utf-8")
    config = CONFIG.format(net=quoteattr(str((data / NET).absolute())), end=f"{end_s:g}")
    (folder / "westlake.sumocfg").write_text(config, encoding="utf-8")
    return read_case(folder / "westlake.sumocfg")


def read_flows(file: Path) -> list[Flow]:
    """The recorded flows: a line with first, last and interval, one with the number of roads, one with the roads."""
    lines = file.read_text(encoding="utf-8").splitlines()
    found = []
    for n in range(int(lines[0])):
        first, last, every = (float(word) for word in lines[1 + 3 * n].split())
        found.append((first, last, every, tuple(lines[3 + 3 * n].split())))
    return found


def fullness(
    flows: Sequence[Flow], links: Mapping[str, Sequence[SignalLink]], plans: Mapping[str, SignalPlan]
) -> float:
    """Mean over the busiest signals of the volume/capacity of their fullest lane, by the shipped greens."""
    turns: dict[tuple[str, str], float] = {}
    for _, _, every, edges in flows:
        for pair in itertools.pairwise(edges):
            turns[pair] = turns.get(pair, 0.0) + 3600.0 / every
    full = [_fullest(plans[tls], own, turns) for tls, own in links.items() if tls in plans]
    return float(np.mean(sorted(full)[-BUSIEST:]))


def _fullest(plan: SignalPlan, links: Sequence[SignalLink], turns: Mapping[tuple[str, str], float]) -> float:
    lanes: dict[tuple[str, int], float] = {}
    for link in links:
        way = (link.from_edge, link.to_edge)
        beside = sum((other.from_edge, other.to_edge) == way for other in links)
        green = sum(phase.duration_s for phase in plan.phases if phase.state[link.index] in "Gg") / plan.cycle_s
        share = turns.get(way, 0.0) / beside / SATURATION_VPH / max(green, 0.01)
        lane = (link.from_edge, link.from_lane)
        lanes[lane] = lanes.get(lane, 0.0) + share
    return max(lanes.values(), default=0.0)


def _gain(case: SumoCase, asked: argparse.Namespace, minutes: float) -> float:
    """Delay per vehicle that a search of some minutes takes away, s."""
    clock, executor = Clock(60.0 * minutes), ThreadExecutor(asked.workers, end_running)
    began = time.perf_counter()
    rules = Rules(1_000_000, over=lambda: clock.left_s(0.9) <= 0)
    seeds = tuple(range(1, asked.seeds + 1))
    answer = optimise(case, Wish(rules, asked.plan_class, asked.rules, (), seeds), executor)
    _print(answer, minutes, time.perf_counter() - began)
    return answer.gains[0].before - answer.gains[0].after


def _print(answer: Answer, minutes: float, took_s: float) -> None:
    gain = answer.gains[0]
    print(
        f"{minutes:g} min asked, {took_s / 60:.1f} min with judging: {len(answer.plans)} signals, {answer.simulations} "
        f"simulations; shipped {gain.before:.2f} s per vehicle (worst {gain.worst_before:.2f}), found {gain.after:.2f} "
        f"(worst {gain.worst_after:.2f}), {gain.share:+.1%}; rules failed: {len(answer.failing)}; "
        f"load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
