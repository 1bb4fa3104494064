"""Places of the rescue services on the map: stations, stand-by points, depots, shelters, hospitals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Site:
    """Something that stands at a road.

    Attributes:
        site_id: Its name in files and tables.
        name: Its name on the map, perhaps empty.
        x, y: Where it stands, metres in the city's plane.
        edge_id: The road at it, for emergency vehicles.
        off_road_m: How far that road is.
        source: Who says so: a file's own source, or OpenStreetMap's object.
    """

    site_id: str
    name: str
    x: float
    y: float
    edge_id: str
    off_road_m: float
    source: str


@dataclass(frozen=True)
class Station(Site):
    """A base of units.

    Attributes:
        mutual_aid: A neighbour's: its units are asked where one's own do not suffice.
        request_s: What asking takes (s).
    """

    mutual_aid: bool = False
    request_s: float = 0.0


@dataclass(frozen=True)
class Depot(Site):
    """A store.

    Attributes:
        materials: How many of each, e.g. {"pump": 3, "boat": 2, "sandbag": 4000}.
    """

    materials: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Shelter(Site):
    """Where people can go.

    Attributes:
        places: For how many.
    """

    places: int = 0


@dataclass(frozen=True)
class Hospital(Site):
    """A hospital.

    Attributes:
        beds: Patients of ours that it can take at once; None where nobody said.
        specialities: What it is able to treat, e.g. ("trauma", "burns").
    """

    beds: int | None = None
    specialities: tuple[str, ...] = ()
