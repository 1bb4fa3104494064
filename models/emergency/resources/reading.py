"""`resources.yaml`: stations, rosters, depots, shelters and hospitals from a file, each mistake with its line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from models.emergency.resources.resources import Crew, Resources
from models.emergency.resources.shift import DAYS, Shift, minute_of, week_of
from models.emergency.resources.site import Depot, Hospital, Shelter, Site, Station
from models.emergency.resources.text import PlacedText, ResourcesText, UnitText
from models.routing import vehicles
from networks.errors import BadInput
from networks.places.nearest_road import NearestRoad
from networks.text_file import read_text
from networks.yaml_lines import compose, line_of, refuse_twins, told

if TYPE_CHECKING:
    from networks import City

_REMEDY = "mend that line; see docs/how-to.md, Rescue services"


def read_resources(file: Path | str, city: City) -> Resources:
    """Read and check a resources file against a city.

    Raises:
        BadInput: It is missing, no YAML, a field is unknown or impossible; a place lies outside the city or in water;
            a unit has no station, an unknown class, or is in two places at once. Told with the line.
    """
    file = Path(file)
    text = read_text(file, expected="resources in YAML")
    root = compose(text, file, BadInput, "resources", remedy="see docs/how-to.md, Rescue services")
    refuse_twins(root, file, BadInput)
    try:
        said = ResourcesText.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        raise told(error, root, file, BadInput, noun="resources", tags=(), remedy=_REMEDY) from error
    reader = _Reader(file, root, city)
    stations = reader.sites("stations", said.stations, Station, ("mutual_aid", "request_s"))
    return Resources(
        stations,
        reader.crews(said.units, {one.site_id for one in stations}),
        reader.sites("standby", said.standby, Site, ()),
        reader.sites("depots", said.depots, Depot, ("materials",)),
        reader.sites("shelters", said.shelters, Shelter, ("places",)),
        reader.sites("hospitals", said.hospitals, Hospital, ("beds", "specialities")),
    )


class _Reader:
    def __init__(self, file: Path, root: yaml.Node, city: City) -> None:
        self._file, self._root, self._roads = file, root, NearestRoad(city, "emergency")

    def sites(self, field: str, entries: Any, kind: type[Any], more: tuple[str, ...]) -> tuple[Any, ...]:
        found: dict[str, Any] = {}
        for index, entry in enumerate(entries):
            place = self._line(field, index)
            if entry.id in found:
                raise BadInput(f"{entry.id} is there twice among the {field}", file=self._file, place=place)
            extra = {name: _frozen(getattr(entry, name)) for name in more}
            found[entry.id] = kind(entry.id, entry.name, *self._where(entry, place), entry.source, **extra)
        return tuple(found.values())

    def crews(self, entries: list[UnitText], stations: set[str]) -> tuple[Crew, ...]:
        crews: list[Crew] = []
        for index, entry in enumerate(entries):
            place = self._line("units", index)
            if entry.station not in stations:
                what, known = f"unit {entry.id}: there is no station {entry.station}", ", ".join(sorted(stations))
                raise BadInput(what, file=self._file, place=place, expected=known or "a station in this file")
            if entry.kind not in vehicles():
                what = f"unit {entry.id}: there is no class of vehicles {entry.kind}"
                raise BadInput(what, file=self._file, place=place, expected=", ".join(vehicles()))
            crew = _crew(entry)
            for other, before in enumerate(crews):
                self._not_in_two_places(crew, before, place, self._line("units", other))
            crews.append(crew)
        return tuple(crews)

    def _not_in_two_places(self, crew: Crew, before: Crew, place: str, other: str) -> None:
        if crew.unit_id != before.unit_id:
            return
        both = week_of(crew.shifts) & week_of(before.shifts)
        if not both.any():
            return
        minute = int(both.argmax())
        when = f"{DAYS[minute // 1440]} {minute % 1440 // 60:02d}:{minute % 60:02d}"
        where = f"at {before.station_id} ({other}) and at {crew.station_id}"
        if before.station_id == crew.station_id:
            where = f"twice at {crew.station_id} (also {other})"
        raise BadInput(
            f"unit {crew.unit_id} is in two places: from {when} on duty {where}",
            file=self._file,
            place=place,
            expected="shifts of one unit that do not meet",
            remedy="give one of them other hours, or another id",
        )

    def _where(self, entry: PlacedText, place: str) -> tuple[float, float, str, float]:
        try:
            if entry.edge is not None:
                x, y = self._roads.middle(entry.edge)
                return x, y, entry.edge, 0.0
            assert entry.at is not None
            x, y = self._roads.plane(*entry.at)
            water = self._roads.water(x, y)
            if water:
                what = f"{entry.at[0]:g}, {entry.at[1]:g} lies in the water ({water})"
                raise BadInput(what, expected="a place on land", remedy="move it, or give edge: ID")
        except BadInput as error:
            what = f"{entry.id}: {error.what}"
            raise BadInput(
                what, file=self._file, place=place, expected=error.expected, remedy=error.remedy or _REMEDY
            ) from error
        return x, y, *self._roads.to(x, y)

    def _line(self, field: str, index: int) -> str:
        return f"line {line_of(self._root, (field, index))}"


def _crew(entry: UnitText) -> Crew:
    shifts = tuple(Shift(minute_of(one.begin), minute_of(one.end), tuple(one.days)) for one in entry.shifts)
    return Crew(
        entry.id, entry.station, entry.kind, tuple(entry.skills), entry.crew, shifts, entry.turnout_s, entry.source
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
