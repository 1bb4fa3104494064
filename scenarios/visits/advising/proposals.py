"""What could be done about a day: single measures made for its trouble, and bundles of those that helped."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from models.crowd.city.controls import (
    Closure,
    Control,
    Gate,
    Hold,
    Line,
    OneWay,
    Parking,
    Runs,
    Shuttle,
    Signs,
    Slots,
    Stagger,
)
from models.crowd.city.controls.measures import ALWAYS
from scenarios.searches.candidate import Candidate
from scenarios.visits.advising.trouble import Trouble

if TYPE_CHECKING:
    from models.crowd.city import CityDay

Measures = tuple[Control, ...]
TOLLS_S = (600.0, 1800.0)
SLOT_S, FURTHEST_S = 900.0, 2 * 3600.0
SQUARE_M2 = 2000.0
"""Ground on which people can be held back or wait for a bus; a guess, to be measured on the spot."""
BUS_PLACES, BUS_MPS, BUS_MORE_S = 60, 6.0, 60.0
"""A bus, its speed over the straight distance with 1.3 for detours, and its stop; guesses."""
DETOUR = 1.3
LEAST_HEADWAY_S = 90.0
"""No line runs more often than that; a guess."""
AS_IT_IS: Candidate[Measures] = Candidate("as it is", "维持现状", None)


def single_measures(trouble: Trouble, model: CityDay) -> list[Candidate[Measures]]:
    """Measures to try one by one, the most usual first."""
    found = _more_runs(trouble, model)
    if trouble.links:
        found += [*_on_the_way(trouble), *_when(model), *_barriers(trouble, model), *_elsewhere(trouble, model)]
    return found + _home()


def bundles(kept: Sequence[Candidate[Measures]], most: int = 12) -> list[Candidate[Measures]]:
    """Two, three and four together of measures that helped, of different kinds, the best first."""
    found = []
    for size in (2, 3, 4):
        for several in combinations(kept, size):
            kinds = [type(one) for each in several for one in each.what or ()]
            whole = sum((each.what or () for each in several), ())
            if len({*kinds}) >= size and not _clash(several):
                names = " + ".join(each.name for each in several), " + ".join(each.zh for each in several)
                found.append(Candidate(*names, whole))
    return sorted(found, key=lambda one: -len(one.what or ()))[:most] if len(found) > most else found


def _clash(several: Sequence[Candidate[Measures]]) -> bool:
    """Whether two of them are the same kind of measure."""
    firsts = [type((each.what or (None,))[0]) for each in several]
    return len(set(firsts)) < len(firsts)


def _on_the_way(trouble: Trouble) -> list[Candidate[Measures]]:
    near, span = trouble.near, {"from_s": trouble.from_s, "until_s": trouble.until_s}
    found: list[Candidate[Measures]] = []
    for toll in TOLLS_S:
        for whole, links in ((False, (trouble.neck,)), (True, tuple(sorted({*trouble.links, trouble.neck})))):
            if whole and len(links) == 1:
                continue
            what, what_zh = ("the paths", "附近各通道") if whole else ("the narrow path", "附近窄路")
            found.append(
                Candidate(
                    f"signs away from {what} near {near}, worth {toll / 60:.0f} min of detour",
                    f"指示牌引导绕开{near}{what_zh}（可绕行{toll / 60:.0f}分钟）",
                    (Signs(links, toll, **span),),
                )
            )
    for share in (0.9, 0.7):
        for binding in (False, True):
            who, who_zh = ("stewards hold back", "工作人员分段拦截") if binding else ("ask to wait for", "劝导等候")
            rate = share * trouble.flow_ps
            found.append(
                Candidate(
                    f"{who} people for the path near {near}, {60 * rate:.0f} a minute set out",
                    f"{who_zh}：前往{near}附近通道者每分钟放行{60 * rate:.0f}人",
                    (Hold((trouble.neck,), rate, SQUARE_M2, binding, **span),),
                )
            )
    return found


def _when(model: CityDay) -> list[Candidate[Measures]]:
    arrivals = np.bincount((model.people.arrive_s // SLOT_S).astype(np.int64))
    return [
        Candidate(
            f"book arrivals: {share * arrivals.max():.0f} people in {SLOT_S / 60:.0f} min",
            f"分时预约：每{SLOT_S / 60:.0f}分钟{share * arrivals.max():.0f}人",
            (Slots(SLOT_S, max(1, int(share * arrivals.max())), FURTHEST_S),),
        )
        for share in (0.8, 0.6)
    ]


def _barriers(trouble: Trouble, model: CityDay) -> list[Candidate[Measures]]:
    near, span = trouble.near, {"from_s": trouble.from_s, "until_s": trouble.until_s}
    found: list[Candidate[Measures]] = [
        Candidate(
            f"one way over the narrow path near {near} ({'there' if heading == 0 else 'back'})",
            f"{near}附近窄路单向通行（{'去' if heading == 0 else '回'}）",
            (OneWay((trouble.neck,), (heading,), **span),),
        )
        for heading in (0, 1)
    ]
    found.append(
        Candidate(f"close the narrow path near {near}", f"封闭{near}附近窄路", (Closure((trouble.neck,), **span),))
    )
    behind = np.flatnonzero(trouble.beyond > 0.5 * max(1e-9, float(trouble.beyond.max())))
    gates = tuple(Gate(int(site), 1.0, one_out_one_in=True) for site in behind if np.isfinite(model.holds[site]))
    if gates:
        found.append(Candidate("one out, one in at the sites beyond", "瓶颈另一侧景点“出一进一”", gates))
    slow = tuple(Gate(int(site), 0.5) for site in behind)
    found.append(Candidate("half the gates of the sites beyond", "瓶颈另一侧景点开放半数闸机", slow))
    return found


def _elsewhere(trouble: Trouble, model: CityDay) -> list[Candidate[Measures]]:
    """Shuttles past the neck, and other car parks."""
    found: list[Candidate[Measures]] = []
    sites, sources, graph = model.sites, model.sources, model.graph
    weight = trouble.over * sources.people
    pull = np.exp(sites.pull) * trouble.beyond
    if weight.max() > 0 and pull.max() > 0:
        there, here = int(sources.node[int(np.argmax(weight))]), int(sites.node[int(np.argmax(pull))])
        metres = DETOUR * float(
            np.hypot(graph.node_x[there] - graph.node_x[here], graph.node_y[there] - graph.node_y[here])
        )
        ride = metres / BUS_MPS + BUS_MORE_S
        for headway in (300.0, 120.0):
            both = tuple(
                Shuttle(a, b, headway, BUS_PLACES, ride, SQUARE_M2, 0.0, ALWAYS)
                for a, b in ((there, here), (here, there))
            )
            name = sites.name[int(np.argmax(pull))]
            found.append(
                Candidate(
                    f"shuttle to {name} every {headway / 60:.0f} min",
                    f"每{headway / 60:.0f}分钟一班接驳车至{name}",
                    both,
                )
            )
    parks = [row for row, kind in enumerate(sources.kind) if kind == "car_park" and sources.people[row] > 0]
    if len(parks) > 1:
        full = max(parks, key=lambda row: (trouble.over[row] * sources.people[row], -row))
        free = min(parks, key=lambda row: (trouble.over[row], row))
        if full != free:
            found.append(
                Candidate(
                    f"guide cars from car park {full + 1} to car park {free + 1}",
                    f"引导停车：由{full + 1}号停车场改至{free + 1}号",
                    (Parking(full, free, int(sources.people[full])),),
                )
            )
    return found


def _more_runs(trouble: Trouble, model: CityDay) -> list[Candidate[Measures]]:
    """Extra runs of the lines that left people behind: each twice and three times as often, then all twice."""
    lines = [model.guide.lines[row] for row in trouble.lines]
    several: list[tuple[tuple[Line, ...], int]] = [((line,), times) for line in lines for times in (2, 3)]
    if len(lines) > 1:
        several.append((tuple(lines), 2))
    return [_runs(some, times) for some, times in several if all(one.headway_s > LEAST_HEADWAY_S for one in some)]


def _runs(lines: Sequence[Line], times: int) -> Candidate[Measures]:
    often = [max(LEAST_HEADWAY_S, line.headway_s / times) for line in lines]
    en, zh = [], []
    for line, headway in zip(lines, often, strict=True):
        rare, more = (f"{one / 60:.3g}" for one in (line.headway_s, headway))
        en.append(f"{line.name or f'source {line.source + 1}'} every {more} min instead of {rare}")
        zh.append(f"{line.name or f'{line.source + 1}号出发地'}每{more}分钟一班（原{rare}分钟）")
    what = tuple(Runs(line.source, headway) for line, headway in zip(lines, often, strict=True))
    return Candidate("extra runs home: " + ", ".join(en), "加开返程班次：" + "，".join(zh), what)


def _home() -> list[Candidate[Measures]]:
    """Leaving one after another."""
    return [
        Candidate(
            f"leave one after another over {spread / 60:.0f} min",
            f"{spread / 60:.0f}分钟内错峰离开",
            (Stagger(spread),),
        )
        for spread in (1800.0, 3600.0)
    ]
