"""Ranks doubts by how many trips they touch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from networks.doubts import Doubt
from networks.quality.load import Load


def ranked(doubts: Iterable[Doubt], load: Load) -> list[Doubt]:
    """The doubts with their influence scaled by the share of trips that meet them, the most influential first.

    A doubt comes with how wrong it may make the trips that meet it, 0 to 1. It meets the trips of the edges, junctions
    and signals that it names in `net`; where the network knows none of them, those of the roads within 40 m. What
    names neither a thing on the map nor one in the network is about the whole city and keeps its influence.
    """
    scaled = []
    for doubt in doubts:
        met = load.of(doubt.net)
        if met is None:
            met = load.near(doubt.x, doubt.y) if doubt.osm or doubt.net else 1.0
        scaled.append(replace(doubt, influence=min(1.0, max(0.0, doubt.influence)) * met))
    return sorted(scaled, key=lambda d: (-d.influence, d.kind, d.osm, d.net))
