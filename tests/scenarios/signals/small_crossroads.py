"""Small cases: one crossroads with sidewalks (60 cars, a coach, a bicycle, two people on foot), and four lights."""

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


def write_grid(folder: Path) -> Path:
    """Write a case of four crossroads, A0 A1 B0 B1, with a car every 6 s along a street, every 15 s across."""
    command = [sumo_home() / "bin" / "netgenerate", "--grid", "--grid.number", "2", "--grid.length", "150"]
    command += ["--grid.attach-length", "150", "--default-junction-type", "traffic_light", "--no-turnarounds"]
    subprocess.run([*command, "--output-file", folder / "g.net.xml"], check=True, capture_output=True)
    ways = {"left0A0 A0B0 B0right0": range(0, 240, 6), "bottom1B0 B0B1 B1top1": range(3, 240, 15)}
    rows = sorted((second, way) for way, seconds in ways.items() for second in seconds)
    cars = [
        f'<vehicle id="c{n}" depart="{second}"><route edges="{way}"/></vehicle>' for n, (second, way) in enumerate(rows)
    ]
    (folder / "r.rou.xml").write_text("<routes>\n" + "\n".join(cars) + "\n</routes>\n")
    (folder / "types.add.xml").write_text("<additional/>")
    (folder / "run.sumocfg").write_text(CONFIG)
    return folder / "run.sumocfg"


def write_turn_lanes(folder: Path) -> Path:
    """Write a case of one crossroads whose left turns have lanes of their own; few turn, few come against them."""
    command = [sumo_home() / "bin" / "netgenerate", "--grid", "--grid.number", "1", "--grid.attach-length", "200"]
    command += ["--default-junction-type", "traffic_light", "--no-turnarounds", "--default.lanenumber", "2"]
    command += ["--turn-lanes", "1", "--turn-lanes.length", "60", "--output-file", folder / "g.net.xml"]
    subprocess.run(command, check=True, capture_output=True)
    ways = (("left", "right"), ("right", "left"), ("bottom", "top"), ("left", "top"))
    edges = [f"{begin}0A0 {begin}0A0.140.00 A0{end}0" for begin, end in ways]
    rows = [f'<vehicle id="c{n}" depart="{5 * n}"><route edges="{edges[n % 4]}"/></vehicle>' for n in range(60)]
    (folder / "r.rou.xml").write_text("<routes>\n" + "\n".join(rows) + "\n</routes>\n")
    (folder / "types.add.xml").write_text("<additional/>")
    (folder / "run.sumocfg").write_text(CONFIG)
    return folder / "run.sumocfg"
