"""A process that holds one simulation and forks it for each call: `python -m scenarios.greenwave.process`.

An order comes pickled on standard input from `scenarios.greenwave.running`, which started it, and the answers go back
pickled on standard output, one for each call. A fork that crashes takes nothing with it but its own call.
"""

from __future__ import annotations

import math
import os
import pickle
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

from models.emergency.greenwave import Arrival, plan_handover
from models.sumo.session import Session
from networks import Corridor, corridor_along
from networks.errors import TwinError
from scenarios.greenwave.bounding import least_s
from scenarios.greenwave.choosing import fewer_tried
from scenarios.greenwave.coming import to_the_end
from scenarios.greenwave.driving import drive
from scenarios.greenwave.forking import forked
from scenarios.greenwave.judging import gaining
from scenarios.greenwave.order import BLUE, Call, Drive, Order, Told


def run(order: Order, tell: Callable[[Told], None]) -> None:
    """Simulate the case once, and fork it twice at each call."""
    for rhythm in list(order.rhythms.values())[:1]:  # compiles before anything is forked
        plan_handover(rhythm, Arrival(rhythm.plan.tls_id, tuple(range(len(rhythm.beats[0].state))), 9.0, 19.0), 0.0)
    session = Session([word for name, value in order.options.items() for word in (f"--{name}", value)])
    parent, driven_s = os.getppid(), -1.0
    try:
        for call in order.calls:
            while session.time_s < call.time_s:
                session.step()
                if os.getppid() != parent:
                    os._exit(1)  # whoever asked is gone
            if order.one_each and driven_s == call.time_s:
                tell(Told(call, (), None, None, {}, problem="another call of this time was driven"))
                continue
            told = _called(session, order, call)
            driven_s = call.time_s if told.blue is not None else driven_s
            tell(told)
    finally:
        session.close()


def _called(session: Session, order: Order, call: Call) -> Told:
    try:
        edges = tuple(session.sumo.simulation.findRoute(call.from_edge, call.to_edge, BLUE).edges)
    except session.failures as error:
        return Told(call, (), None, None, {}, problem=f"SUMO finds no way: {error}")
    if len(edges) < 2:
        return Told(
            call, edges, None, None, {}, problem=f"no way from {call.from_edge} to {call.to_edge} for blue lights"
        )
    corridor = to_the_end(Path(order.net), corridor_along(Path(order.net), edges))
    held = sum(tls in order.rhythms for tls in {stop.tls_id for stop in corridor.stops})
    if held < order.least_signals:
        return Told(call, edges, None, None, {}, problem=f"{held} signals on its way can hand over")
    wave = _driven(session, order, call, corridor, math.inf, waves=True)
    if isinstance(wave, str):
        return Told(call, edges, None, None, {}, problem=f"with signals that hand over: {wave}")
    blue = _driven(session, order, call, corridor, wave[0].end_s, waves=False)
    if isinstance(blue, str):
        return Told(call, edges, wave[0], None, wave[1], problem=f"with blue light alone: {blue}")
    least = forked(partial(least_s, session, call, corridor))
    told = Told(call, edges, wave[0], blue[0], wave[1], least_s=math.nan if isinstance(least, str) else least)
    return replace(told, fewer=_fewer(session, order, told, corridor))


def _fewer(session: Session, order: Order, told: Told, corridor: Corridor) -> tuple[tuple[tuple[str, ...], Drive], ...]:
    """Drives with some of the signals: those that were asked for, and those that a search comes to."""
    call, wave, blue = told.call, told.wave, told.blue
    assert wave is not None
    assert blue is not None

    def drive_with(kept: tuple[str, ...]) -> Drive | None:
        found = _driven(session, order, replace(call, only=kept), corridor, wave.end_s, waves=True)
        return None if isinstance(found, str) else found[0]

    asked = [gaining(corridor, wave, blue, count) for count in sorted(order.fewer)]
    found = list[tuple[tuple[str, ...], Drive]]()
    for kept in dict.fromkeys([*asked, *call.also]):
        here = tuple(tls for tls in wave.shown if tls in kept)
        if kept in call.also and len(here) == len(wave.shown):
            found.append((kept, wave))
        elif 0 < len(here) < len(wave.shown) and (drive := drive_with(here)) is not None:
            found.append((kept, drive))
    every = [(tuple(wave.shown), wave), *found]
    return (*found, *fewer_tried(corridor, blue, every, told.lanes_m, drive_with, order.search))


def _driven(
    session: Session, order: Order, call: Call, corridor: Corridor, end_s: float, *, waves: bool
) -> tuple[Drive, dict[str, float]] | str:  # fmt: skip
    rhythms = order.rhythms if waves else {}
    return forked(partial(drive, session, call, corridor, rhythms, end_s, record=order.record))


def main() -> None:
    """Answer one order."""
    answers: IO[bytes] = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what SUMO says is no answer

    def tell(one: Told | str) -> None:
        pickle.dump(one, answers)
        answers.flush()

    try:
        run(pickle.load(sys.stdin.buffer), tell)
    except TwinError as error:
        tell(str(error))
    answers.close()


if __name__ == "__main__":
    main()
