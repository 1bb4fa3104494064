"""One crossroads with sidewalks: 60 cars, a coach, a bicycle and two people on foot."""

from __future__ import annotations

import subprocess
from pathlib import Path

from networks import sumo_home

TYPES = """<additional><vType id="bike" vClass="bicycle"/><vType id="coach" vClass="coach"/><vType
id="lorry" vClass="truck"/><vType id="plain"/><vTypeDistribution id="d"><vType id="van" vClass="delivery"/>
</vTypeDistribution></additional>"""
CONFIG = """<configuration><input><net-file value="g.net.xml"/><route-files value="r.rou.xml"/>
<additional-files value="types.add.xml"/></input><time><begin value="0"/><end value="400"/></time></configuration>"""


def write_town(folder: Path) -> Path:
    """Write the case and give its .sumocfg."""
    command = [sumo_home() / "bin" / "netgenerate", "--grid", "--grid.number", "1", "--grid.attach-length", "120"]
    command += ["--default-junction-type", "traffic_light", "--no-turnarounds", "--sidewalks.guess"]
    command += ["--sidewalks.guess.min-speed", "0", "--crossings.guess", "--output-file", folder / "g.net.xml"]
    subprocess.run(command, check=True, capture_output=True)
    ways = ("left0A0 A0right0", "bottom0A0 A0top0")
    rows = [f'<vehicle id="c{n}" depart="{4 * n}"><route edges="{ways[n % 2]}"/></vehicle>' for n in range(60)]
    rows.insert(3, f'<vehicle id="bus" type="coach" depart="9"><route edges="{ways[0]}"/></vehicle>')
    rows.insert(4, f'<vehicle id="b" type="bike" depart="10"><route edges="{ways[0]}"/></vehicle>')
    walks = [
        f'<person id="p{n}" depart="{n}"><walk from="left0A0" to="A0top0" departPos="60"/></person>' for n in (241, 242)
    ]
    (folder / "r.rou.xml").write_text("<routes>\n" + "\n".join([*rows, *walks]) + "\n</routes>\n")
    (folder / "types.add.xml").write_text(TYPES)
    (folder / "run.sumocfg").write_text(CONFIG)
    return folder / "run.sumocfg"
