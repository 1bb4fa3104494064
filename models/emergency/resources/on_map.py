"""What the map knows of rescue services: the default where nobody wrote a resources file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.emergency.resources.resources import Crew, Resources
from models.emergency.resources.site import Hospital, Station
from networks.places.nearest_road import NearestRoad
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import City

AMBULANCES, ENGINES = 2, 1
"""Units at a station of the map, which does not say how many: guesses."""
_GUESSED = "guess: the map does not say how many units stand there"


def resources_on_map(city: City) -> Resources:
    """Stations and hospitals of OpenStreetMap; the units at them are guessed, and the notes say so.

    AMBULANCES at each ambulance station; where the map has none, one at each fire station, and where it has none of
    these either, one at each hospital. ENGINES at each fire station.
    """
    roads, sites = NearestRoad(city, "emergency"), dict[str, list[tuple[str, str, float, float, str, float, str]]]()
    for row in city.layer("facilities").sort_values("osm_id").itertuples():
        point = row.geometry.representative_point()
        told = (str(row.osm_id), str(row.name), float(point.x), float(point.y), *roads.to(point.x, point.y))
        sites.setdefault(str(row.kind), []).append((*told, f"OpenStreetMap {row.osm_id}"))
    fire = [Station(*one) for one in sites.get("fire_station", [])]
    own = [Station(*one) for one in sites.get("ambulance_station", [])]
    hospitals = tuple(Hospital(*one) for one in sites.get("hospital", []))
    lent = [] if own or fire else [Station(*one) for one in sites.get("hospital", [])]
    crews = [_crew(one, "ambulance", n + 1) for one in own for n in range(AMBULANCES)]
    crews += [_crew(one, "ambulance", 1) for one in (lent or fire) if not own]
    crews += [_crew(one, "fire_engine", n + 1) for one in fire for n in range(ENGINES)]
    return Resources(tuple(own + fire + lent), tuple(crews), hospitals=hospitals, notes=_notes(own, fire, hospitals))


def _crew(station: Station, kind: str, number: int) -> Crew:
    return Crew(f"{kind} {station.site_id}/{number}", station.site_id, kind, source=_GUESSED)


def _notes(own: list[Station], fire: list[Station], hospitals: tuple[Hospital, ...]) -> tuple[Sentence, ...]:
    notes = [
        say(
            "stations and hospitals are those of OpenStreetMap; how many units stand there is guessed; "
            "depots, shelters and capacities are not known",
            "消防站、急救站和医院取自OpenStreetMap；各站车辆数为估计；物资库、避难所与容量未知",
        )
    ]
    if not own:
        where = ("fire stations", "消防站") if fire else ("hospitals", "医院")
        notes.append(
            say(
                f"the map has no ambulance station: an ambulance is guessed at each of its {where[0]}",
                f"地图上没有急救站：估计每个{where[1]}有一辆救护车",
            )
        )
    if not hospitals:
        notes.append(say("the map has no hospital: patients are treated where they are", "地图上没有医院：就地救治"))
    return tuple(notes)
