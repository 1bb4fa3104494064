"""A process that decides without end and says after each call what the desk acknowledged; tests kill it."""

from __future__ import annotations

import sys
from datetime import timedelta

from papers import NOON, closure, paper, plan

from twin import Desk


def decide_on(place: str, run: str) -> None:
    """One life: proposals, both pairs of eyes, changes, ways back and switches, one line for each that was done."""
    desk = Desk.open(place, now=lambda: NOON + timedelta(minutes=1))
    if desk.mode().name != "normal":  # the life before was killed in an emergency
        desk.switch("normal", who="Ann", why="it is over")
    for number in range(10**6):
        name, light = f"{run}-{number}", f"A{run}-{number}"
        desk.propose(closure(f"c{name}"))
        acknowledge("propose", f"c{name}")
        desk.decide(f"c{name}", "approve", who="Ann", why="x")
        acknowledge("approve, 1 of 2", f"c{name}")
        desk.decide(f"c{name}", "approve", who="Bo", why="y")
        acknowledge("approve", f"c{name}")
        alternatives = [{"name": "shorter", "action": [plan(light, (33.0, 17.0))]}]
        parts = {"action": [plan(light, (36.0, 14.0))], "before": [plan(light)], "alternatives": alternatives}
        desk.propose(paper(f"p{name}", **parts, rests_on_assets={f"signal:{light}": "before"}))
        acknowledge("propose", f"p{name}")
        desk.decide(f"p{name}", "change", who="Bo", why="z", change={"alternative": "shorter"})
        acknowledge("change", f"p{name}")
        back = desk.rollback(f"p{name}", who="Ann", why="worse")
        acknowledge("withdraw", f"p{name}")
        acknowledge("approve", back.rec_id)
        desk.switch("emergency", who="Ann", why=name)
        desk.switch("normal", who="Ann", why=name)
        acknowledge("mode normal", None)


def acknowledge(action: str, rec_id: str | None) -> None:
    print(f"{action}\t{rec_id or ''}", flush=True)


if __name__ == "__main__":
    decide_on(*sys.argv[1:3])
