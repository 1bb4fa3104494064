"""Length of every lane of a SUMO net."""

from __future__ import annotations

from pathlib import Path

from networks.safe_xml import read_xml


def read_lane_lengths(net_file: Path) -> dict[str, float]:
    """Metres by lane id, internal lanes too.

    Raises:
        BadInput: It is no SUMO network.
    """
    lanes = (lane for edge in read_xml(net_file, roots=("net",)).iter("edge") for lane in edge.iter("lane"))
    return {lane.attrib["id"]: float(lane.attrib["length"]) for lane in lanes}
