"""A small busy case with detectors, and alternatives that differ from minute two on."""

from __future__ import annotations

import itertools
import random
import subprocess
from pathlib import Path

from networks import sumo_home

ALTERNATIVES = """\
alternatives:
  - name: as-it-is
  - name: long-green
    changes:
      - {kind: signal_phases, signal: B1, phases: [[40, GGGGGGGGGGGGGGGG], [20, rrrrrrrrrrrrrrrr]]}
  - name: works
    changes:
      - {kind: lanes_closed, lanes: [B0B1_0], reroute: true}
      - {kind: speed_limit, edge: B1B2, speed_mps: 4}
      - {kind: new_vehicle, vehicle_id: van, route: [A0B0, B0C0], depart_s: 130}
"""
CASE = """<configuration>
<input><net-file value="grid.net.xml"/><route-files value="cars.rou.xml"/>
<additional-files value="loops.add.xml"/></input>
<time><begin value="0"/><end value="300"/></time>
</configuration>
"""


def write_case(folder: Path) -> Path:
    """A grid of 16 lights, 400 cars, one loop; 300 s."""
    command = [sumo_home() / "bin" / "netgenerate", "--grid", "--grid.number", "4", "--grid.length", "120"]
    command += ["--default-junction-type", "traffic_light", "--output-file", folder / "grid.net.xml"]
    subprocess.run(command, check=True, capture_output=True)
    draw, lines = random.Random(7), []
    for k in range(400):
        turn, row = draw.randrange(1, 3), draw.randrange(4)
        corners = [f"{column}{row}" for column in "ABCD"] if draw.random() < 0.5 else [f"B{i}" for i in range(turn + 1)]
        corners = corners if corners[0][0] == "A" else [*corners, f"C{turn}", f"D{turn}"]
        edges = " ".join(a + b for a, b in itertools.pairwise(corners))
        lines.append(f'<vehicle id="v{k}" depart="{k * 0.7:.2f}"><route edges="{edges}"/></vehicle>\n')
    (folder / "cars.rou.xml").write_text(f"<routes>\n{''.join(lines)}</routes>\n", encoding="utf-8")
    loop = '<e1Detector id="loop" lane="B1C1_0" pos="60" freq="900" file="loops.xml"/>'
    (folder / "loops.add.xml").write_text(f"<additional>{loop}</additional>\n", encoding="utf-8")
    file = folder / "run.sumocfg"
    file.write_text(CASE, encoding="utf-8")
    return file
