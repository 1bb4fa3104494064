"""Underpasses: low places of roads where water gathers, with what the flood model must know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shapely.geometry import LineString, MultiLineString, Point

if TYPE_CHECKING:
    from networks.city import City

KINDS = ("underpass", "sag_tunnel", "dip")
"""A road that dives beneath another one, a longer tunnel that sags, a dip beneath a bridge that the terrain shows."""


@dataclass(frozen=True)
class Ramp:
    """A way down into an underpass: its length (m) and its mean grade (rise over run)."""

    length_m: float
    grade: float


@dataclass(frozen=True)
class Underpass:
    """A low place of a road.

    Attributes:
        underpass_id: `underpass_w12`, by its lowest way.
        name: Of the road, or "".
        kind: One of KINDS.
        osm: Its covered ways, by number.
        edges: Road edges that run through it, ramps included.
        lowest_m: x, y, z (m) of the road's lowest point.
        depth_m: How high water stands there before it runs off over the ground, m.
        covered_m: Length beneath the roof, m.
        ramps: Ways down; one where the other side is not on the map.
        clearance_m: Headroom, m.
        catchment_m2: Ground and roofs that drain into it, m2.
        pump_m3s: What its pumps lift, m3/s.
        profile_source: measured, guessed (from headroom and grades) or terrain (the heights show it).
        clearance_source: osm or guessed.
        catchment_source: terrain, or screening where the terrain is good for relative statements alone.
        pump_source: measured or guessed.
        line: Its axis, m; empty when read from a city (its structure has it).
        half_width_m: From the axis to the edge, m.
    """

    underpass_id: str
    name: str
    kind: str
    osm: tuple[int, ...]
    edges: tuple[str, ...]
    lowest_m: tuple[float, float, float]
    depth_m: float
    covered_m: float
    ramps: tuple[Ramp, ...]
    clearance_m: float
    catchment_m2: float
    pump_m3s: float
    profile_source: str
    clearance_source: str
    catchment_source: str
    pump_source: str
    line: LineString | MultiLineString = field(default_factory=LineString, compare=False)
    half_width_m: float = 0.0

    @property
    def osm_text(self) -> str:
        """Its ways as a Repair or a Doubt names them."""
        return " ".join(f"w{way}" for way in self.osm)


def underpass_rows(underpasses: Sequence[Underpass]) -> list[dict[str, Any]]:
    """Rows of the layer `underpasses`; the geometry is the lowest point."""
    return [
        {
            "underpass_id": one.underpass_id,
            "osm": one.osm_text,
            "name": one.name,
            "kind": one.kind,
            "edges": " ".join(one.edges),
            "lowest_m": round(one.lowest_m[2], 3),
            "depth_m": round(one.depth_m, 3),
            "covered_m": round(one.covered_m, 2),
            "ramp_lengths_m": " ".join(f"{ramp.length_m:.1f}" for ramp in one.ramps),
            "ramp_grades": " ".join(f"{ramp.grade:.4f}" for ramp in one.ramps),
            "clearance_m": round(one.clearance_m, 2),
            "catchment_m2": round(one.catchment_m2, 1),
            "pump_m3s": round(one.pump_m3s, 4),
            "profile_source": one.profile_source,
            "clearance_source": one.clearance_source,
            "catchment_source": one.catchment_source,
            "pump_source": one.pump_source,
            "geometry": Point(round(one.lowest_m[0], 3), round(one.lowest_m[1], 3)),
        }
        for one in underpasses
    ]


def read_underpasses(city: City) -> tuple[Underpass, ...]:
    """The underpasses of a city, in the layer's order."""
    return tuple(
        Underpass(
            underpass_id=str(row.underpass_id),
            name=str(row.name),
            kind=str(row.kind),
            osm=tuple(int(way[1:]) for way in str(row.osm).split()),
            edges=tuple(str(row.edges).split()),
            lowest_m=(float(row.geometry.x), float(row.geometry.y), float(row.lowest_m)),
            depth_m=float(row.depth_m),
            covered_m=float(row.covered_m),
            ramps=tuple(
                Ramp(float(length), float(grade))
                for length, grade in zip(str(row.ramp_lengths_m).split(), str(row.ramp_grades).split(), strict=True)
            ),
            clearance_m=float(row.clearance_m),
            catchment_m2=float(row.catchment_m2),
            pump_m3s=float(row.pump_m3s),
            profile_source=str(row.profile_source),
            clearance_source=str(row.clearance_source),
            catchment_source=str(row.catchment_source),
            pump_source=str(row.pump_source),
        )
        for row in city.layer("underpasses").itertuples(index=False)
    )
