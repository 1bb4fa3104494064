"""Small signalled junctions as SUMO networks, made by netconvert."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from networks import sumo_home

Road = tuple[str, str, int]
"""(from, to, lanes): both ways, each with so many lanes."""

STAR = {"c": (0.0, 0.0), "n": (0.0, 200.0), "e": (200.0, 0.0), "s": (0.0, -200.0), "w": (-200.0, 0.0)}


def crossing_net(
    folder: Path,
    nodes: Mapping[str, tuple[float, float]],
    roads: Sequence[Road],
    *options: str,
    lights: Mapping[str, str] | None = None,
    one_way: Sequence[Road] = (),
    speed_mps: float = 13.89,
    kind: str = "highway.secondary",
    connections: Sequence[tuple[str, str, int, int]] = (),
) -> Path:
    """A network whose nodes in `lights` (node -> controller) are signalled; edges are named `from` + `to`."""
    folder.mkdir(parents=True, exist_ok=True)
    lights = {"c": "c"} if lights is None else lights
    rows = [
        f'<node id="{n}" x="{x}" y="{y}" '
        + (f'type="traffic_light" tl="{lights[n]}"/>' if n in lights else 'type="priority"/>')
        for n, (x, y) in nodes.items()
    ]
    both = [*((a, b, lanes) for a, b, lanes in roads), *((b, a, lanes) for a, b, lanes in roads), *one_way]
    edges = [
        f'<edge id="{a}{b}" from="{a}" to="{b}" numLanes="{lanes}" speed="{speed_mps}" type="{kind}"/>'
        for a, b, lanes in both
    ]
    (folder / "x.nod.xml").write_text(f"<nodes>{''.join(rows)}</nodes>")
    (folder / "x.edg.xml").write_text(f"<edges>{''.join(edges)}</edges>")
    links = [f'<connection from="{a}" to="{b}" fromLane="{i}" toLane="{j}"/>' for a, b, i, j in connections]
    (folder / "x.con.xml").write_text(f"<connections>{''.join(links)}</connections>")
    home = sumo_home()
    command = [
        str(home / "bin" / "netconvert"),
        "-n",
        "x.nod.xml",
        "-e",
        "x.edg.xml",
        "-x",
        "x.con.xml",
        "-o",
        "x.net.xml",
    ]
    command += ["--no-turnarounds", "--no-warnings", "--xml-validation=never", *options]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={**os.environ, "SUMO_HOME": str(home)})
    return folder / "x.net.xml"


def wide_arms(folder: Path, *options: str, left_hand: bool = False) -> Path:
    """Four arms of three lanes each, one of them for turns over the oncoming lanes alone."""
    connections = []
    for n, arm in enumerate("nesw"):
        near, far = (
            ("nesw"[(n + 1) % 4], "nesw"[(n + 3) % 4]) if left_hand else ("nesw"[(n + 3) % 4], "nesw"[(n + 1) % 4])
        )
        opposite = "nesw"[(n + 2) % 4]
        to = [(near, 0, 0), (opposite, 0, 0), (opposite, 1, 1), (far, 2, 2)]
        connections += [(f"{arm}c", f"c{end}", lane, target) for end, lane, target in to]
    roads = [(arm, "c", 3) for arm in "nesw"]
    side = ("--lefthand", "true" if left_hand else "false")
    return crossing_net(folder, STAR, roads, *options, *side, connections=connections)


def four_arms(folder: Path, *options: str, lanes: int = 1, speed_mps: float = 13.89) -> Path:
    """Four arms of 200 m around `c`; edges nc, cn, ec, ..."""
    roads = [(arm, "c", lanes) for arm in "nesw"]
    return crossing_net(folder, STAR, roads, *options, speed_mps=speed_mps)


def dual_carriageway(folder: Path) -> Path:
    """A two-way road from s to n over two one-way carriageways 15 m apart, east `a`, west `b`; one controller."""
    nodes = {
        "s": (0.0, -200.0),
        "a": (0.0, 0.0),
        "b": (0.0, 25.0),
        "n": (0.0, 225.0),
        "aw": (-200.0, 0.0),
        "ae": (200.0, 0.0),
        "bw": (-200.0, 25.0),
        "be": (200.0, 25.0),
    }
    through = [("aw", "a", 2), ("a", "ae", 2), ("be", "b", 2), ("b", "bw", 2)]
    return crossing_net(
        folder, nodes, [("s", "a", 1), ("a", "b", 1), ("b", "n", 1)], lights={"a": "dual", "b": "dual"}, one_way=through
    )
