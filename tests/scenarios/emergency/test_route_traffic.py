"""`twin emergency route --traffic`: the earliest arrival in slices of 5 minutes, against a search in time by hand."""

from __future__ import annotations

import heapq
import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from models.routing import Floats, vehicle
from networks import City, say
from scenarios.emergency.ends import End
from scenarios.emergency.journey import Roads
from scenarios.emergency.moment import Moment
from scenarios.emergency.traffic import Traffic
from scenarios.emergency.water import WaterAhead
from twin.cli import run

FROM, TO = "24.9384,60.1699", "24.9487,60.1677"
WHO = vehicle("pump_crew")
"""It has no blue light: traffic takes from it what it takes from others."""


def traffic(times_s: list[float], edge_s: Floats, shut: np.ndarray | None = None, begin: str = "") -> Traffic:
    closed = np.zeros(edge_s.shape, dtype=bool) if shut is None else shut
    start = datetime.fromisoformat(begin) if begin else None
    return Traffic(np.array(times_s), edge_s, closed, True, say("drawn", "drawn"), start)


def at(edge: str) -> End:
    return End(edge, 0.0, 0.0, (edge,), 0.0)


def by_hand(roads: Roads, given: Traffic, origin: int, depart_s: float) -> Floats:
    """Dijkstra in time: whoever enters between two slices needs what lies between them, and never leaves later than
    somebody who enters later.
    """
    free, turns, times = WHO.edge_s(roads.graph), roads.router.turns, given.times_s
    taken = np.maximum(free, WHO.traffic_share * given.edge_s)
    for k in range(len(times) - 2, -1, -1):
        taken[k] = np.minimum(taken[k], taken[k + 1] + times[k + 1] - times[k])
    labels, queue = np.full(len(free), np.inf), [(depart_s, origin)]
    labels[origin] = depart_s
    while queue:
        now, edge = heapq.heappop(queue)
        slot = int(np.searchsorted(times, now, side="right")) - 1
        if now > labels[edge] or (given.shut[slot, edge] and edge != origin):
            continue
        leaves = now + float(np.interp(now, times, taken[:, edge]))
        for arc in range(turns.indptr[edge], turns.indptr[edge + 1]):
            head, then = int(turns.head[arc]), leaves + float(turns.turn_s[arc])
            if then < labels[head]:
                labels[head] = then
                heapq.heappush(queue, (then, head))
    return labels


@pytest.mark.parametrize("depart_s", [0.0, 290.0, 4000.0])
@pytest.mark.parametrize("closures", [0.0, 0.04])
def test_the_way_arrives_when_a_search_in_time_by_hand_does(helsinki: City, depart_s: float, closures: float) -> None:
    plain, draw = Roads(helsinki, WHO), np.random.default_rng(int(depart_s) + 1)
    times, edges = [0.0, 300.0, 600.0, 900.0, 1200.0], plain.router.edges
    given = traffic(times, plain.edge_s * draw.uniform(1, 12, (5, edges)), draw.random((5, edges)) < closures)
    roads, ids = Roads(helsinki, WHO, traffic=given), plain.graph.edge_ids
    allowed = np.flatnonzero(plain.graph.allowed)
    found = 0
    for _ in range(2):
        origin, *ends = draw.choice(allowed, 6, replace=False).tolist()
        labels = by_hand(roads, given, origin, depart_s)
        for end in ends:
            arrives = labels[end]
            slot = int(np.searchsorted(times, min(arrives, 1e9), side="right")) - 1
            answer = roads.plan(at(ids[origin]), at(ids[end]), Moment(depart_s, None))
            if not np.isfinite(arrives) or given.shut[slot, end]:
                assert not answer.journeys and answer.reason
                continue
            assert answer.journeys[0].time_s == pytest.approx(arrives - depart_s, abs=1e-6)
            assert all(one.time_s >= answer.journeys[0].time_s - 1e-6 for one in answer.journeys)
            assert answer.dry_s == pytest.approx(answer.journeys[0].time_s)
            found += 1
    assert found >= 3


def test_a_jam_counts_at_the_moment_of_getting_there(helsinki: City) -> None:
    plain = Roads(helsinki, WHO)
    ids, draw = plain.graph.edge_ids, np.random.default_rng(5)
    allowed = np.flatnonzero(plain.graph.allowed)
    best = max(
        (plain.plan(at(ids[a]), at(ids[b]), Moment(0.0, None)) for a, b in draw.choice(allowed, (12, 2))),
        key=lambda one: len(one.journeys) and one.journeys[0].time_s,
    ).journeys[0]
    middle = best.edges[len(best.edges) // 2]
    jam = np.tile(plain.edge_s, (4, 1))
    jam[2:, plain.router.index[middle]] = 900.0  # from 600 s on, growing since 300 s
    roads = Roads(helsinki, WHO, traffic=traffic([0.0, 300.0, 600.0, 900.0], jam))
    ends = at(best.edges[0]), at(best.edges[-1])
    passed_s = float(best.entered_s[best.edges.index(middle)])
    early = roads.plan(*ends, Moment(300.0 - passed_s - 2.0, None))
    late = roads.plan(*ends, Moment(600.0 - passed_s, None))
    assert middle in early.journeys[0].edges and middle not in late.journeys[0].edges


def test_storm_and_traffic_are_read_on_one_clock(helsinki: City) -> None:
    plain = Roads(helsinki, WHO)
    slow = np.vstack([plain.edge_s, 4.0 * plain.edge_s])
    edges = plain.router.edges
    storm = datetime.fromisoformat("2026-07-17T17:10:00+03:00")
    dry = WaterAhead(np.zeros(edges), np.full(edges, np.inf), storm, 1, "car", True, np.full((1, edges), np.inf))
    given = traffic([0.0, 600.0], slow, begin="2026-07-17T17:00:00+03:00")
    roads = Roads(helsinki, WHO, traffic=given, water=dry)
    everywhere = np.zeros(edges)
    banned = np.zeros(edges, dtype=bool)
    np.testing.assert_allclose(roads.in_time.passing(banned, [])(everywhere), 4.0 * plain.edge_s)  # 600 s in traffic
    np.testing.assert_allclose(roads.in_time.passing(banned, [])(everywhere - 600.0), plain.edge_s)
    free = roads.in_time.passing(banned, [], traffic=False)(everywhere)
    np.testing.assert_allclose(free, plain.edge_s)


def test_the_command_says_whose_traffic_and_when_all_is_closed(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["emergency", "route", str(helsinki.folder), FROM, TO, "--class", "pump_crew", "--ways", "1"]
    assert run(words) == 0
    free = capsys.readouterr().out
    folder = tmp_path / "assigned"
    folder.mkdir()
    about = {"made_by": "twin assign", "city": {"name": helsinki.name, "digest": helsinki.digest}}
    (folder / "summary.json").write_text(json.dumps(about))
    rows = [f"{edge},400" for edge in helsinki.layer("edges")["edge_id"]]
    (folder / "edges.csv").write_text("edge_id,time_s\n" + "\n".join(rows) + "\n")
    assert run([*words, "--traffic", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "the assigned hour of assigned" in told and minutes(told) > 4 * minutes(free) > 0
    (folder / "summary.json").write_text(json.dumps(about | {"city": {"name": "Other", "digest": "0"}}))
    assert run([*words, "--traffic", str(folder)]) == 2
    assert "another Other" in capsys.readouterr().err
    assert run([*words, "--traffic", str(helsinki.folder)]) == 2
    assert "no traffic can be read" in capsys.readouterr().err
    plain = Roads(helsinki, WHO)
    shut = traffic([0.0], plain.edge_s[None, :], np.ones((1, plain.router.edges), dtype=bool))
    ids = plain.graph.edge_ids
    ends = at(ids[0]), at(ids[-1])
    closed = Roads(helsinki, WHO, traffic=shut).plan(*ends, Moment(0.0, None))
    if plain.plan(*ends, Moment(0.0, None)).journeys:
        assert closed.reason == "every way is closed in the traffic by then" and closed.nearest is not None


def minutes(told: str) -> float:
    line = next(line for line in told.splitlines() if line.startswith("1. "))
    return float(line.split()[1]) + float(line.split()[3]) / 60
