"""A street with three signals and crossings on foot, as a SUMO network with the plans of its controllers."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from models.emergency.greenwave import Rhythm, rhythm_of
from networks import Controller, Layout, RuleTable, SignalPlan, read_layouts, read_rules, rule_controller, sumo_home
from networks.signals.controllers.assembling import assemble_plan

SIGNALS = ("a", "b", "c")
_AT = {"w": (0, 0), "a": (300, 0), "b": (600, 0), "c": (900, 0), "e": (1200, 0)}


def street_net(folder: Path, *options: str) -> Path:
    """The network in `folder`: a street from w over a, b and c to e, with a side road at each signal."""
    folder.mkdir(parents=True, exist_ok=True)
    nodes = {**_AT, **{f"{side}{s}": (_AT[s][0], y) for s in SIGNALS for side, y in (("n", 250), ("s", -250))}}
    kinds = {name: "traffic_light" if name in SIGNALS else "priority" for name in nodes}
    rows = [f'<node id="{n}" x="{x}" y="{y}" type="{kinds[n]}"/>' for n, (x, y) in nodes.items()]
    pairs = [("w", "a"), ("a", "b"), ("b", "c"), ("c", "e")]
    pairs += [(s, f"{side}{s}") for s in SIGNALS for side in "ns"]
    roads = [
        f'<edge id="{p}{q}" from="{p}" to="{q}" numLanes="2" speed="13.89" type="highway.secondary"/>'
        for one, other in pairs
        for p, q in ((one, other), (other, one))
    ]
    (folder / "x.nod.xml").write_text(f"<nodes>{''.join(rows)}</nodes>")
    (folder / "x.edg.xml").write_text(f"<edges>{''.join(roads)}</edges>")
    command = [str(sumo_home() / "bin" / "netconvert"), "-n", "x.nod.xml", "-e", "x.edg.xml", "-o", "x.net.xml"]
    command += ["--no-turnarounds", "--no-warnings", "--xml-validation=never", *options]
    subprocess.run(
        command, cwd=folder, check=True, capture_output=True, env={**os.environ, "SUMO_HOME": str(sumo_home())}
    )
    return folder / "x.net.xml"


@cache
def signal(walked: bool = True) -> tuple[Layout, Controller, RuleTable, SignalPlan, Rhythm]:
    """Signal b: its ground, controller, rules, plan with fixed times, and rhythm; with people on foot or without."""
    with TemporaryDirectory() as folder:
        extra = ("--crossings.guess", "--sidewalks.guess") if walked else ()
        layout = read_layouts(street_net(Path(folder), *extra))["b"]
    table = read_rules("rilsa")
    controller = rule_controller(layout, table)
    plan = assemble_plan(controller, [one.min_green_s + 12.0 for one in controller.stages])
    return layout, controller, table, plan, rhythm_of(plan, controller, layout, table)
