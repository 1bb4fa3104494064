"""Volume over capacity of each movement at a signal, from flows and the greens that a run showed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from networks import SignalLink
from scenarios.signals.designing.seeding import SATURATION_VPH, YIELDING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Load:
    """One movement.

    Attributes:
        from_edge, to_edge: Whence and whither.
        direction: SUMO's `dir`.
        volume_vph: Vehicles per hour that want to go there.
        before, after: Volume over capacity of its busiest lane; infinite where it never has a green.
    """

    from_edge: str
    to_edge: str
    direction: str
    volume_vph: float
    before: float
    after: float


def green_shares(states: pd.DataFrame, end_s: float) -> list[float]:
    """Share of the time in which each link of a signal is green; who must give way counts 1 / YIELDING of it.

    Args:
        states: time_s, state of one signal, whenever it shows something else.
        end_s: Of the run.
    """
    if not len(states):
        return []
    times = [*states["time_s"], end_s]
    shares = [0.0] * len(states["state"].iloc[0])
    for begin, end, state in zip(times[:-1], times[1:], states["state"], strict=True):
        for link, letter in enumerate(state[: len(shares)]):
            shares[link] += max(end - begin, 0.0) * {"G": 1.0, "g": 1.0 / YIELDING}.get(letter, 0.0)
    whole = max(end_s - times[0], 1e-9)
    return [one / whole for one in shares]


def loads_of(
    links: Sequence[SignalLink],
    flows: Mapping[tuple[str, str], float],
    before: Sequence[float],
    after: Sequence[float],
) -> tuple[Load, ...]:
    """Every movement of vehicles, the fullest after the change first.

    Flows of a pair of edges are shared by its lanes; a lane is as full as its movements together.

    Args:
        links: What the signal controls.
        flows: Vehicles per hour from edge to edge.
        before: `green_shares` of the one plan.
        after: Of the other.
    """
    ways: dict[tuple[str, str], list[SignalLink]] = {}
    for link in links:
        if not link.from_edge.startswith(":") and not link.to_edge.startswith(":"):
            ways.setdefault((link.from_edge, link.to_edge), []).append(link)
    sides = [_lanes(ways, flows, shares) for shares in (before, after)]
    found = []
    for way, own in ways.items():
        if flows.get(way, 0.0) > 0:
            full = [max(side[link.from_edge, link.from_lane] for link in own) for side in sides]
            found.append(Load(*way, own[0].direction, flows[way], *full))
    return tuple(sorted(found, key=lambda one: (-one.after, one.from_edge, one.to_edge)))


def _lanes(
    ways: Mapping[tuple[str, str], Sequence[SignalLink]],
    flows: Mapping[tuple[str, str], float],
    shares: Sequence[float],
) -> dict[tuple[str, int], float]:
    full: dict[tuple[str, int], float] = {}
    for way, own in ways.items():
        volume = flows.get(way, 0.0) / len({link.from_lane for link in own})
        for lane in sorted({link.from_lane for link in own}):
            share = max(shares[link.index] for link in own if link.from_lane == lane)
            ratio = volume / (SATURATION_VPH * share) if share else float("inf") if volume else 0.0
            key = (own[0].from_edge, lane)
            full[key] = full.get(key, 0.0) + ratio
    return full
