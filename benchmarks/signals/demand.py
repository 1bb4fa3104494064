"""A case with more vehicles and other departures."""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

from models.streams import stream
from models.sumo import SumoCase
from networks.safe_xml import read_xml


def changed_demand(case: SumoCase, folder: Path, factor: float, jitter_s: float, seed: int) -> SumoCase:
    """The case with each departure moved by at most `jitter_s`, and a share `factor - 1` of its vehicles twice.

    Args:
        case: Its vehicles and trips are listed one by one.
        folder: For the route files.
        factor: 1 or more, at most 2.
        jitter_s: Uniformly before or after, never before the begin of the case.
        seed: Of the stream `changed-demand`.
    """
    draw = stream(seed, "changed-demand")
    files = []
    for number, file in enumerate(case.routes):
        root = read_xml(file)
        moving = [one for one in root if one.tag in ("vehicle", "trip")]
        rest = [one for one in root if one.tag not in ("vehicle", "trip")]
        for one in list(moving):
            if draw.random() < factor - 1.0:
                twin = copy.deepcopy(one)
                twin.set("id", f"{one.get('id')}+")
                moving.append(twin)
        for one in moving:
            moved = float(one.attrib["depart"]) + float(draw.uniform(-jitter_s, jitter_s))
            one.set("depart", f"{max(moved, case.begin_s):.2f}")
        moving.sort(key=lambda one: float(one.attrib["depart"]))
        made = ET.Element(root.tag)
        made.extend([*rest, *moving])
        files.append(folder / f"{number}-{seed}.rou.xml")
        ET.ElementTree(made).write(files[-1], encoding="utf-8", xml_declaration=True)
    return replace(case, routes=tuple(files))
