"""Looks at a city with every check, and ranks every doubt."""

from __future__ import annotations

from dataclasses import dataclass

from networks.doubts import Doubt
from networks.quality.check import Check
from networks.quality.data import data_checks
from networks.quality.evidence import Evidence
from networks.quality.ground import ground_checks
from networks.quality.guessed_places import place_doubts
from networks.quality.guessed_roads import left_out, road_doubts
from networks.quality.load import Load, estimate_load
from networks.quality.naming import with_streets
from networks.quality.places import place_checks
from networks.quality.ranking import ranked
from networks.quality.roads import covered, road_checks
from networks.quality.signals import signal_checks
from networks.quality.walking import walking_checks


@dataclass(frozen=True)
class Inspection:
    """What was found.

    Attributes:
        checks: Every check of `RULES`, by family.
        doubts: Those of the build and those found here, the most influential first.
        load: The trips by which they are ranked.
    """

    checks: tuple[Check, ...]
    doubts: tuple[Doubt, ...]
    load: Load


def inspect(evidence: Evidence) -> Inspection:
    """Check a city and rank what is doubtful in it; the same evidence gives the same inspection."""
    load = estimate_load(evidence.net, evidence.layer("zones"), evidence.gateways_into, evidence.gateways_out)
    cover = covered(evidence.source, evidence.xy, evidence.net) if evidence.source else ()
    checks = [
        *road_checks(evidence, cover),
        *signal_checks(evidence, load),
        *walking_checks(evidence),
        *place_checks(evidence),
        *ground_checks(evidence),
        *data_checks(evidence),
    ]
    names = {row["edge_id"]: row["name"] for row in evidence.layer("edges")}
    built = with_streets(evidence.doubts, evidence.net, names)
    doubts = ranked([*built, *road_doubts(evidence, load)], load)
    doubts += [*left_out(evidence, cover), *place_doubts(evidence, load)]
    doubts.sort(key=lambda d: (-d.influence, d.kind, d.osm, d.net))
    return Inspection(tuple(checks), tuple(doubts), load)
