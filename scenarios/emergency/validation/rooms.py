"""Control rooms against closed forms: Erlang's loss, one unit that waits, two units that share a city."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from models.check import Check
from models.emergency import Call, Unit
from models.emergency.dispatching import Answered, Delays, Policy, TableTravel, simulate
from models.emergency.dispatching.formulas import erlang_loss, mean_wait_s, two_units
from models.streams import stream

MANY = 12_000
AT_ONCE = Delays(0.0, 0.0, 0.0, 0.0, 0.0)
LOST = Policy(queue=False)


def rooms() -> Iterator[Check]:
    """Each a control room with calls of a Poisson process; what differs is chance, and the gates leave room for it."""
    for units, load in ((1, 0.5), (3, 2.0), (6, 4.5)):
        rng = stream(1, f"erlang {units}")
        stays = rng.exponential(100.0, MANY) if units != 3 else rng.uniform(50.0, 150.0, MANY)
        done = _answered(rng, [[0.0]], [0] * units, load / 100.0, stays, np.zeros(MANY, dtype=int), LOST)
        lost, told = float(np.mean([not one.answered for one in done.records])), erlang_loss(load, units)
        error = abs(lost / told - 1.0)
        yield Check(f"Erlang's loss, {units} units, load {load:g}", "analytic", "lost, relative", error, 0.06)
    yield from _waits()
    yield from _hypercube()


def _waits() -> Iterator[Check]:
    for spread in ("constant", "exponential"):
        rng, per_s = stream(2, spread), 0.006
        stays = np.full(MANY, 80.0) if spread == "constant" else rng.exponential(80.0, MANY)
        times = [[0.0, 20.0], [0.0, 20.0]]  # 20 s to any call, none back
        done = _answered(rng, times, [0], per_s, stays, np.ones(MANY, dtype=int), Policy())
        waited = float(np.mean([one.order_s - one.call.time_s for one in done.records]))
        error = abs(waited / mean_wait_s(per_s, stays + 20.0) - 1.0)
        yield Check(f"Pollaczek-Khinchine, {spread} stays", "analytic", "mean wait, relative", error, 0.1)


def _hypercube() -> Iterator[Check]:
    share, load = 0.7, 0.9
    rng, told = stream(3, "hypercube"), two_units(load, share)
    places = (rng.random(MANY) > share).astype(int) + 2
    times = np.zeros((4, 4))
    times[0, 2:], times[1, 2:] = (1e-3, 2e-3), (2e-3, 1e-3)  # nearest decides, yet takes no time
    done = _answered(rng, times, [0, 1], load / 100.0, rng.exponential(100.0, MANY), places, LOST)
    busy = [done.busy_s[f"u{i}", i] / done.duty_s[f"u{i}", i] for i in range(2)]
    off = max(abs(ours / theirs - 1.0) for ours, theirs in zip(busy, told.busy, strict=True))
    yield Check("Hypercube, two units", "analytic", "busy share, relative", off, 0.06)
    strayed = float(np.mean([one.unit_id == "u1" and one.call.edge_id == "p2" for one in done.records]))
    yield Check("Hypercube, two units", "analytic", "served by the other, share", abs(strayed - told.strayed), 0.015)


def _answered(
    rng: np.random.Generator, times_s: Sequence[Sequence[float]] | np.ndarray, stations: Sequence[int], per_s: float,
    stays_s: np.ndarray, places: np.ndarray, policy: Policy,
) -> Answered:  # fmt: skip
    moments = np.cumsum(rng.exponential(1.0 / per_s, MANY))
    given = zip(moments.tolist(), places.tolist(), stays_s.tolist(), strict=True)
    calls = [Call(f"c{i}", t, f"p{place}", on_scene_s=stay) for i, (t, place, stay) in enumerate(given)]
    units = [Unit(f"u{i}", "ambulance", f"p{place}") for i, place in enumerate(stations)]
    index = {f"p{i}": i for i in range(len(times_s))}
    return simulate(TableTravel(times_s), index, units, calls, policy=policy, delays=AT_ONCE)
