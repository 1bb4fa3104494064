"""Everything that a city can send, and where to: one object behind files and the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.emergency.planning import Unit
from models.emergency.resources.shift import Shift, duty_spans
from models.emergency.resources.site import Depot, Hospital, Shelter, Site, Station
from networks.sentence import Sentence


@dataclass(frozen=True)
class Crew:
    """A vehicle with its people at a station, on some shifts.

    Attributes:
        unit_id: Its name; several entries of one name have shifts that do not meet.
        station_id: Where it is based then.
        kind: Class of vehicle, a name of `models.routing.vehicles`.
        skills: What its people can do, e.g. ("als", "diving").
        people: How many they are.
        shifts: When; empty: always.
        turnout_s: From order to wheels rolling; None: the run's default.
        source: Who says so.
    """

    unit_id: str
    station_id: str
    kind: str
    skills: tuple[str, ...] = ()
    people: int = 2
    shifts: tuple[Shift, ...] = ()
    turnout_s: float | None = None
    source: str = ""


@dataclass(frozen=True)
class Resources:
    """What can be sent, and where to.

    Attributes:
        stations, standby, depots, shelters, hospitals: By their ids' order in the file or on the map.
        crews: The roster.
        notes: What of this is guessed or missing, in both languages.
    """

    stations: tuple[Station, ...]
    crews: tuple[Crew, ...]
    standby: tuple[Site, ...] = ()
    depots: tuple[Depot, ...] = ()
    shelters: tuple[Shelter, ...] = ()
    hospitals: tuple[Hospital, ...] = ()
    notes: tuple[Sentence, ...] = ()

    def units(self, begin: datetime, length_s: float, *, kinds: Sequence[str] = ()) -> tuple[Unit, ...]:
        """The crews that are on duty at some time of a run, at their stations; their duty in the run's seconds.

        Args:
            begin: When the run begins, by the local clock.
            length_s: How long it is.
            kinds: Classes of vehicles; all by default.
        """
        base, found = {one.site_id: one for one in self.stations}, []
        for crew in self.crews:
            spans = duty_spans(crew.shifts, begin, length_s)
            if not spans or (kinds and crew.kind not in kinds):
                continue
            station = base[crew.station_id]
            found.append(
                Unit(
                    crew.unit_id, crew.kind, station.edge_id, station.name or station.site_id,
                    station_id=station.site_id, skills=crew.skills, duty_s=spans, turnout_s=crew.turnout_s,
                    mutual_aid=station.mutual_aid, request_s=station.request_s,
                )
            )  # fmt: skip
        return tuple(found)
