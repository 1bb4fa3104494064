"""Checks of buildings and of the places that trips go to."""

from __future__ import annotations

from typing import Any

from shapely.geometry import LineString

from networks.quality.check import Check, Offender, found, share
from networks.quality.evidence import Evidence

REACH_M = 150.0
_STATIONS = ("rail", "subway")


def place_checks(evidence: Evidence) -> list[Check]:
    """The checks of the family `places`."""
    facilities = evidence.layer("facilities")
    hospitals = [row for row in facilities if row["kind"] == "hospital"]
    others = [row for row in facilities if row["kind"] != "hospital"] + evidence.layer("car_parks")
    return [
        _heights(evidence),
        _reachable("hospitals_reachable", hospitals, evidence),
        _reachable("places_reachable", others, evidence),
    ]


def _heights(evidence: Evidence) -> Check:
    rows = evidence.layer("buildings")
    guessed = [row for row in rows if row["height_source"] == "guessed"]
    total = sum(float(row["floor_area_m2"]) for row in rows)
    largest = sorted(guessed, key=lambda row: (-float(row["floor_area_m2"]), row["osm_id"]))
    offenders = [_offender(row, f"{row['floor_area_m2']:.0f} m²") for row in largest]
    unknown = sum(float(row["floor_area_m2"]) for row in guessed)
    return found("heights_known", share(total - unknown, total), offenders)


def _reachable(name: str, rows: list[dict[str, Any]], evidence: Evidence) -> Check:
    """Places with an edge of the network, all of whose roads connect, within 150 m of them."""
    lines = {e.edge_id: e.shape for e in evidence.net.edges}
    lost = []
    for row in rows:
        shape = lines.get(row["edge_id"])
        far = LineString(shape).distance(row["geometry"]) if shape else None
        if far is None or far > REACH_M:
            lost.append(_offender(row, f"{row.get('kind', 'car park')} {row['name']}".strip()))
    return found(name, share(len(rows) - len(lost), len(rows)), lost)


def _offender(row: dict[str, Any], words: str) -> Offender:
    point = row["geometry"].representative_point()
    return Offender(row["osm_id"], round(point.x, 3), round(point.y, 3), words)
