"""Which traffic drives from one signal to the next: read from the routes that were driven."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from networks import SignalLink
from networks.roads.net_file import read_net
from networks.signals.layouts.corridor import inner_lengths

Turn = tuple[str, str, str]
"""A signal, the edge before it, the edge behind it."""
Routes = Mapping[tuple[str, ...], int]
FURTHEST_M = 800.0
"""Between signals that are worth coordinating (half a mile: MUTCD 2009, 4D.01; secondary source: FHWA, Traffic Signal
Timing Manual, 2008)."""
_LEAST_SHARE = 0.05
_SHARE_OF_CORRIDOR = 0.5


@dataclass(frozen=True)
class Stream:
    """Traffic over two or more signals.

    Attributes:
        turns: One at each signal, in the order of travel.
        run_s: Travel time from the first stop line to each at the limits of speed, without any stop.
        flow_vph: Vehicles per hour that drive all of it.
    """

    turns: tuple[Turn, ...]
    run_s: tuple[float, ...]
    flow_vph: float


def find_streams(
    net_file: Path, links: Mapping[str, Sequence[SignalLink]], routes: Routes, hours: float
) -> list[Stream]:
    """Streams from one signal to the next, and over three or more of them; those with most traffic first.

    A stream that carries less than a twentieth of what the strongest carries is left out, as is one between signals
    that are further apart than `FURTHEST_M`. Longer ones are grown from a stream forwards and backwards while the next
    carries at least half as much; their flow is taken as that of the weakest part.

    Args:
        net_file: SUMO network.
        links: Of its signals, from `read_signal_links`.
        routes: How many vehicles drove each sequence of edges.
        hours: In so much time.

    Raises:
        BadInput: It is no SUMO network.
    """
    parts = _between_two(_Ground(net_file, links), routes, hours)
    strongest = max((one.flow_vph for one in parts), default=0.0)
    kept = [one for one in parts if one.flow_vph >= _LEAST_SHARE * strongest]
    return _by_flow([*kept, *_corridors(kept)])


def turn_links(links: Mapping[str, Sequence[SignalLink]]) -> dict[Turn, list[int]]:
    """Positions of each turn in the states of its signal."""
    found: dict[Turn, list[int]] = {}
    for tls, own in links.items():
        for one in own:
            found.setdefault((tls, one.from_edge, one.to_edge), []).append(one.index)
    return found


class _Ground:
    """Times and lengths of the ways over edges."""

    def __init__(self, net_file: Path, links: Mapping[str, Sequence[SignalLink]]) -> None:
        net, inner_m = read_net(net_file), inner_lengths(net_file)
        self.length_m = {edge.edge_id: edge.length_m for edge in net.edges}
        self.speed_mps = {edge.edge_id: max(edge.speed_mps, 1.0) for edge in net.edges}
        self.over_m = {(one.from_edge, one.to_edge): inner_m.get(one.via or "", 0.0) for one in net.links}
        self.signal = {(one.from_edge, one.to_edge): tls for tls, own in links.items() for one in own}

    def stops(self, route: Sequence[str]) -> list[tuple[Turn, float, float]]:
        """(turn, seconds, metres) of each signal on a route, from the end of its first edge on."""
        found, at_s, at_m = list[tuple[Turn, float, float]](), 0.0, 0.0
        for before, after in itertools.pairwise(route):
            if (tls := self.signal.get((before, after))) is not None:
                found.append(((tls, before, after), at_s, at_m))
            metres = self.over_m.get((before, after), 0.0) + self.length_m.get(after, 0.0)
            at_m += metres
            at_s += metres / self.speed_mps.get(after, 1.0)
        return found


def _between_two(ground: _Ground, routes: Routes, hours: float) -> list[Stream]:
    counted: dict[tuple[Turn, Turn], tuple[float, float]] = {}
    for route, vehicles in sorted(routes.items()):
        for (one, at_s, at_m), (other, then_s, then_m) in itertools.pairwise(ground.stops(route)):
            if one[0] != other[0] and then_m - at_m <= FURTHEST_M:
                flow, seconds = counted.get((one, other), (0.0, 0.0))
                counted[one, other] = (flow + vehicles, seconds + vehicles * (then_s - at_s))
    return _by_flow([Stream(pair, (0.0, seconds / count), count / hours) for pair, (count, seconds) in counted.items()])


def _corridors(parts: Sequence[Stream]) -> list[Stream]:
    """Chains of streams, each stream in at most one of them."""
    onward: dict[Turn, list[Stream]] = {}
    inward: dict[Turn, list[Stream]] = {}
    for one in parts:
        onward.setdefault(one.turns[0], []).append(one)
        inward.setdefault(one.turns[-1], []).append(one)
    used, found = set[Stream](), list[Stream]()
    for one in parts:
        if one in used:
            continue
        chain = [one]
        while (nxt := _next(onward.get(chain[-1].turns[-1], []), chain, used, one.flow_vph)) is not None:
            chain.append(nxt)
        while (nxt := _next(inward.get(chain[0].turns[0], []), chain, used, one.flow_vph)) is not None:
            chain.insert(0, nxt)
        used |= set(chain)
        if len(chain) > 1:
            found.append(_joined(chain))
    return found


def _next(able: Sequence[Stream], chain: Sequence[Stream], used: set[Stream], flow_vph: float) -> Stream | None:
    passed = [turn[0] for part in chain for turn in part.turns]
    for one in able:
        fresh = sum(turn[0] not in passed for turn in one.turns) == 1
        if fresh and one not in used and one.flow_vph >= _SHARE_OF_CORRIDOR * flow_vph:
            return one
    return None


def _joined(chain: Sequence[Stream]) -> Stream:
    turns, run_s = [chain[0].turns[0]], [0.0]
    for part in chain:
        turns.append(part.turns[1])
        run_s.append(run_s[-1] + part.run_s[1])
    return Stream(tuple(turns), tuple(run_s), min(part.flow_vph for part in chain))


def _by_flow(streams: Sequence[Stream]) -> list[Stream]:
    return sorted(streams, key=lambda one: (-one.flow_vph, one.turns))
