"""Advice for a made-up lakeside: how many person-minutes above 3.5 persons/m2 it takes away, and what it costs.

    python -m benchmarks.crowd.advice [--people 33000] [--side 30] [--bridge 130] [--draws 5] [--minutes 30]

Goal: half of them at 97 % of the visit-hours, with 30 % of the groups following. Demand is declared synthetic.
"""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime

from benchmarks.crowd.lakeside import BRIDGE_PER_MIN, lakeside
from scenarios import SerialExecutor
from scenarios.visits.advising.advice import advise_day


def main() -> None:
    """Search, judge and print."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--people", type=int, default=33_000)
    asked.add_argument("--side", type=int, default=30, help="nodes along each side of either shore")
    asked.add_argument("--bridge", type=float, default=BRIDGE_PER_MIN, help="persons a minute that it takes")
    asked.add_argument("--draws", type=int, default=5)
    asked.add_argument("--minutes", type=float, default=30.0)
    given = asked.parse_args()
    case = lakeside(given.people, side=given.side, bridge_per_min=given.bridge)
    found = advise_day(
        case, SerialExecutor(), created=datetime.now(UTC), draws=given.draws, budget_s=60.0 * given.minutes,
        tell=lambda what, done, total: print(f"  {what}: {done} of {total}", flush=True) if done == total else None,
    )  # fmt: skip
    print(found.why["en"])
    print(f"{found.days} days of {given.people} people, {found.cpu_s:.0f} CPU s; load {os.getloadavg()[0]:.1f}")
    told = [(found.compliance, one) for one in (found.chosen or found.withdrawn, *found.weighed) if one is not None]
    for share, one in (*found.beside, *told):
        trouble, (low, high) = one.effects["trouble_h"], one.less_between
        span = f"{trouble.base:,.0f} {trouble.difference:+,.0f} h ({trouble.low:+,.0f} .. {trouble.high:+,.0f})"
        print(f"  {share:.0%} follow: {one.less:.1%} less ({low:.1%} .. {high:.1%}), {one.kept:.1%} of the visit-hours")
        print(f"    trouble {span}")
        print(f"    {one.candidate.name}")
    for key, effect in (found.chosen.effects if found.chosen else {}).items():
        print(
            f"  {key:12} {effect.base:14,.0f} {effect.difference:+14,.0f} ({effect.low:+,.0f} .. {effect.high:+,.0f})"
        )
    for candidate, effect, why in found.behind:
        print(f"  {effect.difference:+14,.0f} over {effect.n}  {candidate.name}: {why['en']}")


if __name__ == "__main__":
    main()
