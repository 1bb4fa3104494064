"""A watch made ready: what is usual, from days or runs, and the ways of the twin's vehicles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from calibration.flows import PathSet, probe_paths, read_roads
from calibration.incidents.adding_up import threshold_for
from calibration.incidents.errors import Errors, away_of, fitted
from calibration.incidents.expected import Expected, Floats, expected_of
from calibration.incidents.reach import Reach, reach_of
from calibration.incidents.suspicion import evidence_of
from calibration.incidents.trying import LENIENT
from calibration.incidents.watch import Street
from models.sumo import SumoCase, run_native
from networks.roads.net_file import read_net

SUSPICIONS_PER_DAY = 24.0
"""So many on usual days cost little: most are found to be chance by what sensors said, before the twin is asked."""
WAYS = "ways.xml"
_EDGES = re.compile(r'<route\b[^>]*\bedges="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual at the sensors.

    Attributes:
        expected: Mean and spread of the members (S, T).
        threshold: That sums of evidence pass as often as asked for, on days like the members.
        sums: Evidence of each member against all others (M, 2 S, T).
        errors: How far members lie from all others.
    """

    expected: Expected
    threshold: float
    sums: Floats
    errors: Errors


def usual_of(flow: Floats, speed_mps: Floats, period_s: float, suspicions_per_day: float = SUSPICIONS_PER_DAY) -> Usual:
    """What members, days or runs, say is usual.

    Args:
        flow: Counts of each member (M, S, T), three members at least.
        speed_mps: Speeds, the same shape.
        period_s: Length of a period.
        suspicions_per_day: How often explanations may be weighed in vain.

    Raises:
        ValueError: Less than three members: no one could be held against the others' spread.
    """
    if len(flow) < 3:
        raise ValueError("what is usual needs three days or runs at least")
    sums, away = [], []
    for one in range(len(flow)):
        others = expected_of(np.delete(flow, one, axis=0), np.delete(speed_mps, one, axis=0))
        sums.append(evidence_of(others, flow[one], speed_mps[one], period_s).both())
        away.append(away_of(others, flow[one], speed_mps[one]))
    usual = np.array(sums)
    threshold = threshold_for(suspicions_per_day, usual.shape[1], period_s, usual)
    return Usual(expected_of(flow, speed_mps), threshold, usual, fitted(away))


def ways_of(case: SumoCase, seed: int, folder: Path) -> tuple[PathSet, Floats]:
    """The ways that vehicles take in a run of the case, and how many took each.

    Raises:
        EngineFailed: SUMO stopped.
    """
    ways = folder.absolute() / WAYS
    said = {**LENIENT, "vehroute-output": str(ways), "vehroute-output.write-unfinished": "true"}
    extra = [word for name, value in said.items() for word in (f"--{name}", value)]
    run_native(case, seed, folder.absolute(), tables=(), extra=extra)
    roads = read_roads(case.net)
    paths = probe_paths(roads, (one.split() for one in _EDGES.findall(ways.read_text(encoding="utf-8"))))
    return paths, paths.probes


def reach_in(net_file: Path, paths: PathSet, flows: Floats, edges: Sequence[str]) -> Reach:
    """What a blocked lane on any street does to sensors on `edges`."""
    return reach_of(paths, flows, read_roads(net_file).length_m, edges)


def streets_in(net_file: Path) -> dict[str, Street]:
    """Every street that may be blocked."""
    return {
        edge.edge_id: Street(
            edge.length_m, tuple(at for at, allowed in enumerate(edge.lane_allows) if "passenger" in allowed)
        )
        for edge in read_net(net_file).edges
    }
