"""What probes and a trip table tell beside counts: a share of the truth's routes, and its trips with errors."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from benchmarks.calibration.towns import Town
from models.streams import stream
from networks.safe_xml import read_xml

SHARE, NOISE = 0.05, 0.5
"""Share of vehicles that are probes, and standard deviation of the logarithm of each entry of the trip table."""


@dataclass(frozen=True)
class Told:
    """Routes of the probes, and trips in the hour between edges."""

    routes: list[list[str]]
    trips_h: dict[tuple[str, str], float]


def told(town: Town, seed: int) -> Told:
    """Draw probes among the truth's cars, and a trip table with errors."""
    assert town.truth
    buses = {line.split('"', 1)[0] for file in town.buses for line in file.read_text(encoding="utf-8").split(' id="')}
    routes = [
        route[-1].attrib["edges"].split()
        for vehicle in read_xml(town.folder / "truth" / "vehroutes.xml").iter("vehicle")
        if vehicle.attrib["id"] not in buses and (route := list(vehicle.iter("route")))
    ]
    chosen = stream(seed, "probes").random(len(routes)) < SHARE
    pairs = Counter((route[0], route[-1]) for route in routes)
    errors = np.exp(NOISE * stream(seed, "trip table").standard_normal(len(pairs)))
    table = {pair: pairs[pair] * float(error) for pair, error in zip(sorted(pairs), errors, strict=True)}
    return Told([route for route, one in zip(routes, chosen, strict=True) if one], table)
