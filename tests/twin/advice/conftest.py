"""A street with two lanes, a way round it, a signal before it, and a live town that drives there."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from calibration.counting import Counts
from calibration.flows import probe_paths, read_roads
from calibration.live import LiveTown, Rhythm, Usual
from models.sumo import SumoCase, can_fork
from networks import sumo_home
from networks.sentence import say
from twin.advice import AdviceGround
from twin.alarms import Finding
from twin.cycle import MODES, Picture, Turn

BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
NOW_S = 900.0
WAYS = (("far", "in", "main", "out"), ("side", "cross"))


@dataclass(frozen=True)
class Place:
    """The town, its ground, and a cycle about a blocked lane of `main`."""

    town: LiveTown
    ground: AdviceGround
    finding: Finding
    turn: Turn
    picture: Picture


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    if not can_fork():
        pytest.skip("this platform cannot copy a process")
    folder = tmp_path_factory.mktemp("advice")
    case = _case(folder)
    usual = Usual(
        probe_paths(read_roads(case.net), WAYS), np.repeat([[200.0], [30.0]], 12, axis=1), 0.0, 300.0
    )  # fmt: skip
    counts = Counts(("main",), ("main",), 0.0, 300.0, np.full((1, 3), 200.0))
    rhythm = Rhythm(lag_s=300.0, window_s=900.0, horizon_s=900.0, members=2, at_once=2)
    with LiveTown(case, usual, ("main",), ("main",), folder / "live", rhythm=rhythm, meso=True) as town:
        town.cycle(NOW_S, counts)
        now = BEGIN + timedelta(seconds=NOW_S)
        text = say("a lane of main is blocked", "main 一条车道受阻")
        finding = Finding("incident", "main", "II", text, now, now - timedelta(seconds=300), edges=("main",))
        turn = Turn("run-1", now, MODES["normal"], 2, 900.0, 300.0, None)
        yield Place(town, AdviceGround.of(case.net), finding, turn, Picture("run-1", now, BEGIN))


def _case(folder: Path) -> SumoCase:
    spots = (
        ("a", -700, 0, "priority"), ("b", -300, 0, "priority"), ("c", 0, 0, "traffic_light"), ("d", 300, 0, "priority"),
        ("e", 600, 0, "priority"), ("u", 150, 150, "priority"), ("n", 0, 300, "priority"), ("s", 0, -300, "priority"),
    )  # fmt: skip
    streets = (
        ("far", "a", "b", 2), ("in", "b", "c", 2), ("main", "c", "d", 2), ("out", "d", "e", 2),
        ("up", "c", "u", 1), ("down", "u", "d", 1), ("side", "n", "c", 1), ("cross", "c", "s", 1),
    )  # fmt: skip
    nodes, edges, net = folder / "made.nod.xml", folder / "made.edg.xml", folder / "made.net.xml"
    told = "".join(f'<node id="{name}" x="{x}" y="{y}" type="{kind}"/>' for name, x, y, kind in spots)
    nodes.write_text(f"<nodes>{told}</nodes>", encoding="utf-8")
    told = "".join(
        f'<edge id="{name}" from="{a}" to="{b}" numLanes="{lanes}" speed="13.9"/>' for name, a, b, lanes in streets
    )
    edges.write_text(f"<edges>{told}</edges>", encoding="utf-8")
    command = [str(sumo_home() / "bin" / "netconvert"), "-n", str(nodes), "-e", str(edges), "-o", str(net)]
    subprocess.run(command, check=True, capture_output=True)
    return SumoCase(net, net)
