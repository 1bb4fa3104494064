"""`sites.yaml`: sites with gates, area, stay, hours and approved capacity, each mistake with its line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml
from pydantic import ValidationError

from models.crowd.sites.alarms import AlarmLevels
from models.crowd.sites.datum_fit import DatumDoubt, doubt_datum
from models.crowd.sites.on_map import hours_on_map, site_of
from models.crowd.sites.site import Approved, Gate, Sites, Stay, VisitSite
from models.crowd.sites.spaces import site_kinds, spaces
from models.crowd.sites.text import GateText, SitesText, SiteText
from models.crowd.sites.walk_places import FAR_M, WalkPlaces
from models.emergency.resources.shift import Shift, minute_of
from networks.coordinates.datums import to_wgs84
from networks.errors import BadInput
from networks.places.nearest_road import NearestRoad
from networks.sentence import Sentence, say
from networks.text_file import read_text
from networks.yaml_lines import compose, line_of, refuse_twins, told

if TYPE_CHECKING:
    from networks import City

_REMEDY = "mend that line; see docs/how-to.md, Sites"
PACKED_PM2 = 5.0
"""Approved figures that would stand closer than this are told (persons/m2)."""


def read_sites(file: Path | str, city: City) -> Sites:
    """Read and check a sites file against a city.

    Raises:
        BadInput: It is missing, no YAML, a field is unknown or impossible (an area or capacity of 0); a site lies
            outside the map, off the walk network or is not on the map; two have one name; its positions are in
            another datum than it says. Told with the line.
    """
    file = Path(file)
    text = read_text(file, expected="sites in YAML")
    root = compose(text, file, BadInput, "sites", remedy="see docs/how-to.md, Sites")
    refuse_twins(root, file, BadInput)
    try:
        said = SitesText.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        raise told(error, root, file, BadInput, noun="sites", tags=(), remedy=_REMEDY) from error
    reader = _Reader(file, root, city, said)
    notes = reader.datum_notes()
    sites = reader.sites()
    taste = said.taste.model_dump(exclude={"source"}) if said.taste else {}
    return Sites(sites, _levels(said, file, root), (*notes, *_packed(sites)), taste)


class _Reader:
    def __init__(self, file: Path, root: yaml.Node, city: City, said: SitesText) -> None:
        self._file, self._root, self._city, self._said = file, root, city, said
        self._places, self._plane = WalkPlaces(city), NearestRoad(city).plane
        self._hint: Sentence | None = None
        self._hours = hours_on_map(city)
        self._map = {str(row.osm_id): row for row in city.layer("attractions").itertuples()}

    def sites(self) -> tuple[VisitSite, ...]:
        found: dict[str, VisitSite] = {}
        for index, entry in enumerate(self._said.sites):
            try:
                if entry.id in found:
                    raise BadInput(f"{entry.id} is there twice", remedy="give each site its own id")
                found[entry.id] = self._site(entry)
            except BadInput as error:
                raise self._placed(error, index) from error
        return tuple(found.values())

    def datum_notes(self) -> tuple[Sentence, ...]:
        """Refuse positions that are in another datum by their names; tell those that may be by the ways near them."""
        entries = [one for one in self._said.sites if one.at is not None]
        if not entries or not self._city.georeferenced:
            return ()
        degrees = np.array([one.at for one in entries], dtype=float)
        names = [one.name for one in entries]
        doubt = doubt_datum(
            self._said.datum, degrees, names, self._namesakes(set(names)), self._to_plane, self._places.off_walk_m
        )
        if doubt is None:
            return ()
        if doubt.by == "names":
            raise BadInput(
                f"its positions are no {self._said.datum}: {doubt.count} sites lie {doubt.stated_m:.0f} m from their "
                f"namesakes on the map, and {doubt.other_m:.0f} m when read as {doubt.datum}",
                file=self._file, remedy=f"write datum: {doubt.datum}",
            )  # fmt: skip
        self._hint = _hint(doubt, self._said.datum)
        return (self._hint,)

    def _site(self, entry: SiteText) -> VisitSite:
        base = self._on_map(entry) if entry.osm is not None else None
        x, y, node, away = (base.x, base.y, base.node, base.off_walk_m) if base else self._where(entry.at, entry.id)
        kind = entry.kind or (base.kind if base else "")
        usual = site_kinds().get(kind)
        if entry.space and entry.space not in spaces():
            raise BadInput(f"{entry.id}: there is no space {entry.space!r}", expected=", ".join(spaces()))
        stay = Stay(usual.stay_median_s, usual.stay_sigma, usual.source) if usual else None
        if entry.stay is not None:
            stay = Stay(60.0 * entry.stay.median_min, entry.stay.sigma, entry.stay.source)
        gates = tuple(self._gate(one, entry.id) for one in entry.gates)
        if not gates and away > FAR_M:
            raise _off(entry.id, away)
        space = entry.space or (usual.space if usual and entry.m2_per_person is None else "")
        hours = tuple(Shift(minute_of(one.begin), minute_of(one.end), tuple(one.days)) for one in entry.hours)
        by_map = base is not None and not hours
        approved = entry.approved
        return VisitSite(
            entry.id, entry.name or (base.name if base else ""), kind, x, y, node, away,
            entry.area_m2 or (base.area_m2 if base else None), space, entry.m2_per_person, gates, stay,
            base.hours if base and by_map else hours,
            Approved(approved.instant, approved.daily, approved.facilities, approved.source) if approved else None,
            entry.draw if entry.draw is not None else (base.draw if base else 1.0), entry.source,
            base.hours_source if base and by_map else "",
        )  # fmt: skip

    def _gate(self, entry: GateText, site: str) -> Gate:
        x, y, node, away = self._where(entry.at, f"{site}, gate {entry.id}")
        if away > FAR_M:
            raise _off(f"{site}, gate {entry.id}", away)
        return Gate(entry.id, x, y, node, away, entry.in_per_min, entry.out_per_min)

    def _on_map(self, entry: SiteText) -> VisitSite:
        if entry.osm not in self._map:
            raise BadInput(f"{entry.id}: there is no attraction {entry.osm} on the map", remedy="give at: instead")
        return site_of(self._map[entry.osm], self._places, self._hours.get(entry.osm))

    def _where(self, at: tuple[float, float] | None, name: str) -> tuple[float, float, int, float]:
        assert at is not None
        lon, lat = (float(one) for one in to_wgs84(*at, self._said.datum))
        try:
            x, y = self._plane(lon, lat)
        except BadInput as error:
            raise BadInput(f"{name}: {error.what}", expected=error.expected, remedy=error.remedy) from error
        return x, y, *self._places.to(x, y)

    def _to_plane(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        from pyproj import Transformer

        return np.column_stack(Transformer.from_crs("EPSG:4326", self._city.crs, always_xy=True).transform(lon, lat))

    def _namesakes(self, names: set[str]) -> dict[str, np.ndarray]:
        found: dict[str, list[tuple[float, float]]] = {}
        for layer in ("attractions", "facilities", "stops"):
            for row in self._city.layer(layer).itertuples():
                if row.name and str(row.name) in names:
                    point = row.geometry.representative_point()
                    found.setdefault(str(row.name), []).append((point.x, point.y))
        return {name: np.array(places) for name, places in found.items()}

    def _placed(self, error: BadInput, index: int) -> BadInput:
        place = f"line {line_of(self._root, ('sites', index))}"
        remedy = self._hint["en"] if self._hint else error.remedy or _REMEDY
        return BadInput(error.what, file=self._file, place=place, expected=error.expected, remedy=remedy)


def _off(name: str, away_m: float) -> BadInput:
    return BadInput(
        f"{name} is off the network: the nearest way for walkers is {away_m:.0f} m away",
        expected=f"{FAR_M:g} m or less",
        remedy="check its position and the file's datum, or give a gate at a way",
    )  # fmt: skip


def _hint(doubt: DatumDoubt, stated: str) -> Sentence:
    return say(
        f"positions may be {doubt.datum}, not {stated}: the middle one of {doubt.count} lies {doubt.stated_m:.0f} m "
        f"from a way for walkers, and {doubt.other_m:.0f} m when read so",
        f"坐标可能是{doubt.datum}而非{stated}：{doubt.count}处距步行道中位数为{doubt.stated_m:.0f}米，"
        f"按{doubt.datum}读取则为{doubt.other_m:.0f}米",
    )


def _levels(said: SitesText, file: Path, root: Any) -> AlarmLevels:
    if said.alarms is None:
        return AlarmLevels()
    shares = tuple(one / 100.0 for one in said.alarms.levels)
    try:
        return AlarmLevels(shares, said.alarms.hysteresis / 100.0, said.alarms.source)
    except BadInput as error:
        place = f"line {line_of(root, ('alarms',))}"
        raise BadInput(error.what, file=file, place=place, expected=error.expected, remedy=_REMEDY) from error


def _packed(sites: tuple[VisitSite, ...]) -> list[Sentence]:
    notes = []
    for one in sites:
        if one.approved and one.approved.instant and one.area_m2:
            density = one.approved.instant / one.area_m2
            if density > PACKED_PM2:
                notes.append(
                    say(
                        f"{one.site_id}: {one.approved.instant} at once on {one.area_m2:.0f} m2 are {density:.1f} "
                        "persons/m2: the figure or the area is wrong",
                        f"{one.site_id}：{one.area_m2:.0f}平方米瞬时{one.approved.instant}人，"
                        f"即每平方米{density:.1f}人：承载量或面积有误",
                    )
                )
    return notes
