"""A tiny town: four lights, whose plans give half of the time to streets on which nearly nobody comes."""

from __future__ import annotations

import subprocess
from pathlib import Path

from networks import sumo_home

CASE = """<configuration><input><net-file value="grid.net.xml"/><route-files value="cars.rou.xml"/></input>
<output><tripinfo-output value="mine.xml"/></output><time><begin value="0"/><end value="{}"/></time></configuration>
"""
CAR = '<vehicle id="{0}{1}" depart="{1}" departLane="best" departSpeed="max"><route edges="{2}"/></vehicle>\n'
WAYS = {"e": "left1A1 A1B1 B1right1", "n": "bottom0A0 A0A1 A1top0", "m": "bottom1B0 B0B1 B1top1"}


def write_case(folder: Path, *, last_s: int, end_s: int) -> Path:
    """Write the case and give its .sumocfg.

    Args:
        folder: Where.
        last_s: Nobody departs after it.
        end_s: Of the simulation.
    """
    command = [sumo_home() / "bin" / "netgenerate", "--grid", "--grid.number", "2", "--grid.length", "150"]
    command += ["--grid.attach-length", "150", "--default-junction-type", "traffic_light", "--no-turnarounds"]
    subprocess.run([*command, "--output-file", folder / "grid.net.xml"], check=True, capture_output=True)
    many = [("e", second) for second in range(0, last_s, 3)]
    few = [(way, second) for way in "nm" for second in range(5, last_s, 40)]
    cars = "".join(CAR.format(way, second, WAYS[way]) for way, second in sorted([*many, *few], key=lambda one: one[1]))
    (folder / "cars.rou.xml").write_text(f"<routes>\n{cars}</routes>\n", encoding="utf-8")
    (folder / "run.sumocfg").write_text(CASE.format(end_s), encoding="utf-8")
    return folder / "run.sumocfg"
