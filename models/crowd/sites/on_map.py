"""What the map knows of sites: the default where nobody wrote a sites file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from models.crowd.sites.alarms import AlarmLevels
from models.crowd.sites.capacity import capacity_of
from models.crowd.sites.map_hours import MapHours, map_hours
from models.crowd.sites.site import Sites, Stay, VisitSite
from models.crowd.sites.spaces import site_kinds
from models.crowd.sites.walk_places import FAR_M, WalkPlaces
from networks.places.map_places import read_map_places
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import City

SMALL = 30
"""Fewer people at once than this by formula are told as a doubt."""
_LEFT_OUT = ("hotel", "hostel", "motel", "guest_house", "information", "artwork")
"""Kinds of the layer `attractions` that people start from or pass by."""


def sites_on_map(city: City) -> Sites:
    """Attractions of OpenStreetMap; stays and draws are guesses, gates not known, and the notes say so."""
    places, hours = WalkPlaces(city), hours_on_map(city)
    rows = city.layer("attractions").sort_values("osm_id").itertuples()
    found = [site_of(row, places, hours.get(str(row.osm_id))) for row in rows if row.kind not in _LEFT_OUT]
    near = [one for one in found if one.off_walk_m <= FAR_M]
    far = [one for one in found if one.off_walk_m > FAR_M]
    return Sites(tuple(near), AlarmLevels(), (*_notes(near, far), *_doubts(near, hours)))


def hours_on_map(city: City) -> dict[str, MapHours]:
    """What the map says of opening hours, by number on the map; nothing in a city of an older version."""
    return {osm: map_hours(one.hours) for osm, one in read_map_places(city.folder).items() if one.hours}


def site_of(row: Any, places: WalkPlaces, hours: MapHours | None = None) -> VisitSite:
    """A row of the layer `attractions` as a site, with the hours that the map gives it."""
    point = row.geometry.representative_point()
    kind, osm_id = site_kinds().get(str(row.kind)), str(row.osm_id)
    area = float(row.area_m2) or None
    stay = Stay(kind.stay_median_s, kind.stay_sigma, kind.source) if kind else None
    return VisitSite(
        osm_id, str(row.name), str(row.kind), float(point.x), float(point.y), *places.to(point.x, point.y),
        area, kind.space if kind else "", None, (), stay, hours.hours if hours else (), None, float(row.weight),
        f"OpenStreetMap {osm_id}",
        f"measured: opening_hours={hours.text} of OpenStreetMap {osm_id}" if hours and hours.understood else "",
    )  # fmt: skip


def _notes(near: list[VisitSite], far: list[VisitSite]) -> tuple[Sentence, ...]:
    timed = sum(bool(one.hours_source) for one in near)
    lacking = sum(one.area_m2 is None or not one.space for one in near)
    notes = [
        say(
            f"{len(near)} sites are those of OpenStreetMap; stays and draws are guessed, gates and approved "
            f"capacities are not known; {timed} have their opening hours from the map, the others count as always open",
            f"{len(near)}个景点取自OpenStreetMap；停留时间与吸引力为估计，出入口与核定承载量未知；"
            f"{timed}个的开放时间取自地图，其余视为全天开放",
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


def _doubts(near: list[VisitSite], hours: Mapping[str, MapHours]) -> list[Sentence]:
    """Hours that are not kept to, and capacities by a formula that was made for other ground."""
    told = [(one, hours[one.site_id]) for one in near if one.site_id in hours]
    notes = [
        say(
            f"{one.name or one.site_id}: the map's opening hours are not kept to (always open): {said.text}",
            f"{one.name or one.site_id}：未采用地图上的开放时间（视为全天开放）：{said.text}",
        )
        for one, said in told
        if not said.understood
    ]
    holidays = sum(said.understood and said.holidays for _, said in told)
    if holidays:
        notes.append(
            say(
                f"{holidays} sites have other hours on public holidays, which are not looked up",
                f"{holidays}个景点在公共假日另有开放时间，未查询",
            )
        )
    small = [one for one in near if (capacity_of(one).instant or SMALL) < SMALL]
    if small:
        names = ", ".join(one.name or one.site_id for one in small[:5])
        notes.append(
            say(
                f"{len(small)} sites hold fewer than {SMALL} people by formula ({names}): the clauses plan parks "
                "and scenic areas, at their cautious end, and are no limit of safety; give approved figures by file",
                f"{len(small)}个景点按公式计算容量不足{SMALL}人（{names}）：条款用于公园与风景区规划且取偏保守值，"
                "并非安全上限；请在景点文件中给出核定承载量",
            )
        )
    return notes
