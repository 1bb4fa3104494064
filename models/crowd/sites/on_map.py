"""What the map knows of sites: the default where nobody wrote a sites file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.crowd.sites.alarms import AlarmLevels
from models.crowd.sites.site import Sites, Stay, VisitSite
from models.crowd.sites.spaces import site_kinds
from models.crowd.sites.walk_places import FAR_M, WalkPlaces
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import City

_LEFT_OUT = ("hotel", "hostel", "motel", "guest_house", "information", "artwork")
"""Kinds of the layer `attractions` that people start from or pass by."""


def sites_on_map(city: City) -> Sites:
    """Attractions of OpenStreetMap; stays and draws are guesses, gates and hours not known, and the notes say so."""
    places = WalkPlaces(city)
    rows = city.layer("attractions").sort_values("osm_id").itertuples()
    found = [site_of(row, places) for row in rows if row.kind not in _LEFT_OUT]
    near = [one for one in found if one.off_walk_m <= FAR_M]
    return Sites(tuple(near), AlarmLevels(), _notes(near, [one for one in found if one.off_walk_m > FAR_M]))


def site_of(row: Any, places: WalkPlaces) -> VisitSite:
    """A row of the layer `attractions` as a site."""
    point = row.geometry.representative_point()
    kind, osm_id = site_kinds().get(str(row.kind)), str(row.osm_id)
    area = float(row.area_m2) or None
    stay = Stay(kind.stay_median_s, kind.stay_sigma, kind.source) if kind else None
    return VisitSite(
        osm_id, str(row.name), str(row.kind), float(point.x), float(point.y), *places.to(point.x, point.y),
        area, kind.space if kind else "", None, (), stay, (), None, float(row.weight), f"OpenStreetMap {osm_id}",
    )  # fmt: skip


def _notes(near: list[VisitSite], far: list[VisitSite]) -> tuple[Sentence, ...]:
    lacking = sum(one.area_m2 is None or not one.space for one in near)
    notes = [
        say(
            f"{len(near)} sites are those of OpenStreetMap; stays and draws are guessed, gates, hours and approved "
            "capacities are not known",
            f"{len(near)}个景点取自OpenStreetMap；停留时间与吸引力为估计，出入口、开放时间与核定承载量未知",
        )
    ]
    if lacking:
        notes.append(
            say(
                f"{lacking} of them have no area on the map, or no table has ground for a person there: no capacity",
                f"其中{lacking}个在地图上无面积，或无人均面积指标：承载量未知",
            )
        )
    notes += [
        say(
            f"{one.name or one.site_id} is left out: the nearest way for walkers is {one.off_walk_m:.0f} m away",
            f"{one.name or one.site_id}未计入：最近步行道在{one.off_walk_m:.0f}米外",
        )
        for one in far
    ]
    return tuple(notes)
