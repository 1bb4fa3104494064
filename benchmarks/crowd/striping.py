"""SUMO's own pedestrians (the model `striping`) on a grid of streets with sidewalks, steps of one second."""

from __future__ import annotations

import random
import resource
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

from networks import sumo_home

SECONDS = 240


def _grid(home: Path, folder: Path, side: int) -> Path:
    net = folder / "grid.net.xml"
    subprocess.run(
        [str(home / "bin" / "netgenerate"), "--grid", "--grid.number", str(side), "--grid.length", "40",
         "--sidewalks.guess", "--crossings.guess", "--default.sidewalk-width", "2", "-o", str(net)],
        check=True, capture_output=True,
    )  # fmt: skip
    return net


def _people(net: Path, folder: Path, people: int) -> Path:
    edges = [e.get("id") for e in ET.parse(net).iter("edge") if not str(e.get("id")).startswith(":")]
    draw, path = random.Random(7), folder / "walks.rou.xml"
    walks = [
        f'<person id="{i}" depart="0"><personTrip from="{draw.choice(edges)}" to="{draw.choice(edges)}"/></person>'
        for i in range(people)
    ]
    path.write_text("<routes>" + "\n".join(walks) + "</routes>")
    return path


def _run(home: Path, net: Path, walks: Path, folder: Path, end: int) -> tuple[float, int]:
    """CPU seconds, and how many agent-steps were walked."""
    told = folder / f"persons{end}.xml"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [str(home / "bin" / "sumo"), "-n", str(net), "-r", str(walks), "--end", str(end), "--no-step-log",
         "--no-warnings", "--person-summary-output", str(told)],
        check=True, capture_output=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    steps = sum(int(step.get("walking", 0)) for step in ET.parse(told).iter("step"))
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, steps


def measure(people: int = 3000, side: int = 25) -> float:
    """Agent-steps for each CPU second; reading and routing are left out."""
    home = sumo_home()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        net = _grid(home, folder, side)
        walks = _people(net, folder, people)
        setup, first = _run(home, net, walks, folder, 2)
        cpu, steps = _run(home, net, walks, folder, SECONDS)
    return (steps - first) / max(1e-9, cpu - setup)
