"""Faults that must be refused, and oddities that must be answered: each as a file, on a real city."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from models.check import Check
from models.emergency.dispatching import Answered, simulate
from models.emergency.resources import read_calls, read_resources
from models.routing import vehicle
from networks import City
from networks.errors import BadInput
from scenarios.emergency.journey import Roads
from scenarios.emergency.service import Service

BEGIN = datetime(2026, 1, 5, 8)
SOUND = """\
stations:
  - {id: a, edge: "EDGE", source: validation}
  - {id: b, edge: "OTHER", source: validation}
units:
  - {id: A1, station: a, class: ambulance, source: validation, shifts: [{from: "07:00", to: "19:00"}]}
  - {id: A1, station: b, class: ambulance, source: validation, shifts: [{from: "19:00", to: "07:00"}]}
hospitals:
  - {id: h, edge: "OTHER", beds: 1, specialities: [burns], source: validation}
"""
FAULTS = {
    "one unit in two places": ('from: "19:00", to: "07:00"', 'from: "18:00", to: "07:00"'),
    "one unit twice at once": ('shifts: [{from: "19:00", to: "07:00"}]', "crew: 2"),
    "an unknown class": ("station: b, class: ambulance", "station: b, class: spaceship"),
    "an unknown station": ("station: b, class", "station: nowhere, class"),
    "a station in no city": ('{id: b, edge: "OTHER"', "{id: b, at: [0.0, 0.0]"),
    "an edge that is none": ('{id: b, edge: "OTHER"', "{id: b, edge: none-such"),
    "two stations of one name": ("{id: b, edge", "{id: a, edge"),
    "a unit without a source": ('source: validation, shifts: [{from: "19', 'shifts: [{from: "19'),
    "hours that are none": ('"19:00", to: "07:00"', '"25:00", to: "07:00"'),
    "beds below none": ("beds: 1", "beds: -1"),
}
"""What is wrong -> what is replaced in SOUND, by what."""


def faults(city: City, folder: Path) -> Iterator[Check]:
    """Every fault refused with file and line; the sound roster and every call answered.

    Args:
        city: Places are in it.
        folder: For files, emptied by whoever gave it.
    """
    dry = Roads(city, vehicle("ambulance"))
    starts = [edge for edge, ok in zip(dry.graph.edge_ids, dry.graph.allowed, strict=True) if ok]
    sound = SOUND.replace("EDGE", starts[0]).replace("OTHER", starts[len(starts) // 2])
    file = folder / "resources.yaml"
    passed = 0
    for old, new in FAULTS.values():
        told = sound.replace(old.replace("OTHER", starts[len(starts) // 2]), new.replace("OTHER", starts[1]), 1)
        assert told != sound
        file.write_text(told, encoding="utf-8")
        passed += _refused(file, city)
    yield Check(
        f"Rosters, {len(FAULTS)} faults", "verification", "taken without a word", float(len(FAULTS) - passed), 0
    )
    file.write_text(sound, encoding="utf-8")
    done = _odd_calls(Service(city, read_resources(file, city), dry, BEGIN, 12.0), folder / "calls.csv")
    silent = [one for one in done.records if not one.notes and not (one.answered and one.call.call_id == "plain")]
    yield Check(
        "Odd calls, each answered or told why not", "verification", "left without a word", float(len(silent)), 0
    )


def _refused(file: Path, city: City) -> bool:
    try:
        read_resources(file, city)
    except BadInput as error:
        return error.file is not None and bool(error.place)
    return False


def _odd_calls(service: Service, file: Path) -> Answered:
    """A plain call, one in no city, one that needs what nobody has, one for another class, one while nobody is free."""
    from pyproj import Transformer

    xy = service.roads.router.turns.xy
    to_degrees = Transformer.from_crs(service.city.crs, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(*xy[service.demand.edges[0]])
    rows = ["call_id,time,lon,lat,kind,needs,speciality", f"plain,10,{lon},{lat},medical,,burns"]
    rows += ["sea,20,0.0,0.0,medical,,", f"skill,30,{lon},{lat},medical,diving,", f"fire,40,{lon},{lat},fire,,"]
    rows += [f"busy,41,{lon},{lat},medical,,burns", f"ward,8000,{lon},{lat},medical,,eyes"]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    calls = read_calls(file, service.city, service.begin)
    return simulate(
        service.live([service.index[one.edge_id] for one in calls]), service.index, service.units, calls,
        hospitals=service.resources.hospitals,
    )  # fmt: skip
