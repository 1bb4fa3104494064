"""Networks of a few streets, made by netconvert in a moment."""

from __future__ import annotations

import subprocess
from pathlib import Path

from networks import sumo_home


def line_net(folder: Path, *, lanes: tuple[int, ...] = (1, 1, 1), length_m: float = 300.0) -> Path:
    """Streets e0, e1, ... one behind the other, 50 km/h, no signals."""
    spots = "".join(f'<node id="n{i}" x="{i * length_m}" y="0"/>' for i in range(len(lanes) + 1))
    streets = "".join(
        f'<edge id="e{i}" from="n{i}" to="n{i + 1}" numLanes="{n}" speed="13.9"/>' for i, n in enumerate(lanes)
    )
    return _made(folder, spots, streets)


def fork_net(folder: Path) -> Path:
    """Street `in` parts into `left` and `right`; `side` joins `right`, which goes on as `out`."""
    spots = "".join(
        f'<node id="{name}" x="{x}" y="{y}"/>'
        for name, x, y in (
            ("a", 0, 0), ("b", 300, 0), ("l", 600, 200), ("r", 600, -200), ("s", 300, -400), ("z", 900, -200),
        )
    )  # fmt: skip
    streets = "".join(
        f'<edge id="{name}" from="{begin}" to="{end}" numLanes="1" speed="13.9"/>'
        for name, begin, end in (
            ("in", "a", "b"), ("left", "b", "l"), ("right", "b", "r"), ("side", "s", "r"), ("out", "r", "z"),
        )
    )  # fmt: skip
    return _made(folder, spots, streets)


def demand_file(folder: Path, vehicles: list[tuple[float, str]], name: str = "demand.rou.xml") -> Path:
    """Vehicles by departure and the edges of their route."""
    lines = [
        f'<vehicle id="v{i}" depart="{depart_s}"><route edges="{edges}"/></vehicle>'
        for i, (depart_s, edges) in enumerate(sorted(vehicles))
    ]
    file = folder / name
    file.write_text("<routes>" + "".join(lines) + "</routes>", encoding="utf-8")
    return file


def _made(folder: Path, spots: str, streets: str) -> Path:
    nodes, edges, net = folder / "made.nod.xml", folder / "made.edg.xml", folder / "made.net.xml"
    nodes.write_text(f"<nodes>{spots}</nodes>", encoding="utf-8")
    edges.write_text(f"<edges>{streets}</edges>", encoding="utf-8")
    command = [str(sumo_home() / "bin" / "netconvert"), "-n", str(nodes), "-e", str(edges), "-o", str(net)]
    subprocess.run(command, check=True, capture_output=True)
    return net
