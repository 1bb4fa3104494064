"""The signals of what is served, for the engineers' workspace."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from networks import City
    from twin.live.carried import Carried
    from twin.signals import SignalGround


def signals_of(city: City, sumocfg: Path | None = None, carried: Carried | None = None) -> Callable[[], SignalGround]:
    """Gives the signals when they are first asked for, and then always the same.

    Args:
        city: Whose map they stand on.
        sumocfg: The case that is followed: its network and its plans count; None: the city's own.
        carried: What receivers say that signals run since.
    """
    turn = threading.Lock()
    kept: list[SignalGround] = []

    def given() -> SignalGround:
        with turn:
            if not kept:
                kept.append(_read(city, sumocfg, carried))
        return kept[0]

    return given


def _read(city: City, sumocfg: Path | None, carried: Carried | None) -> SignalGround:
    from models.sumo import read_case
    from twin.signals import SignalGround

    if sumocfg is None:
        return SignalGround.of(city)
    case = read_case(sumocfg)
    return SignalGround.of(city, net=case.net, additionals=case.additionals, running=carried.plans if carried else dict)
