"""Sensors drawn on a town: a fifth of its edges, with noise, and the edges that judge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.calibration.towns import Town
from calibration.counting import Counts
from calibration.proof import corridors, hold_parts
from models.streams import stream

SHARE, NOISE, HELD = 0.2, 0.05, 0.4
"""Share of edges with a sensor, relative error of a sensor, share of edges on held-out corridors."""


@dataclass(frozen=True)
class Draw:
    """One draw of sensors.

    Attributes:
        counts: What the sensors counted (whole vehicles by 15 minutes).
        cars: The same less the buses that everybody knows, for estimators that do not simulate them.
        held: Edges that judge: none of them has a sensor; under `corridors`, no edge of their corridors has one.
    """

    counts: Counts
    cars: Counts
    held: tuple[str, ...]


def draw(town: Town, rule: str, seed: int) -> Draw:
    """Draw sensors on the edges that somebody drove on.

    Each sensor errs by one factor for the whole hour (normal, NOISE), so that the error does not average out.

    Args:
        town: Where.
        rule: `edges`: all edges without a sensor judge. `corridors`: whole corridors are held out first, sensors are
            drawn from the others (still a fifth of all edges), and only the held corridors judge.
        seed: Of the draw.
    """
    truth = town.truth.counts
    driven = truth.vehicles.sum(axis=1) > 0
    edges = [edge for edge, drives in zip(truth.edges, driven, strict=True) if drives]
    wanted = round(SHARE * len(edges))
    everywhere = Counts(tuple(edges), tuple(edges), truth.begin_s, truth.period_s, truth.vehicles[driven])
    free = edges
    if rule == "corridors":
        part_of = corridors(town.net)
        parted = hold_parts(everywhere, [[part_of.get(edge, edge)] for edge in edges], rule, HELD, seed)
        free = list(parted.used)
    chosen = set(stream(seed, "sensors").choice(free, size=wanted, replace=False).tolist())
    rows = [at for at, edge in enumerate(edges) if edge in chosen]
    factors = 1 + NOISE * stream(seed, "sensor noise").standard_normal(len(edges))[rows]
    counted = np.round(np.clip(everywhere.vehicles[rows] * factors[:, None], 0, None))
    used = tuple(edges[at] for at in rows)
    held = tuple(edge for edge in edges if edge not in (free if rule == "corridors" else chosen))
    known = dict(zip(town.known.edges, town.known.vehicles, strict=True))
    cars = np.clip(counted - np.array([known[edge] for edge in used]), 0, None)
    both = [Counts(used, used, truth.begin_s, truth.period_s, vehicles) for vehicles in (counted, cars)]
    return Draw(both[0], both[1], held)
