"""What a city lacks."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from networks.errors import TwinError
from twin.doctor.finding import Finding
from viz.quality import figures

if TYPE_CHECKING:
    from networks import City

_OLD_DAYS = 365
_WANTED = {
    "buildings": ("no population and no jobs, so no demand by zone", "give a map with buildings"),
    "walk_links": ("nobody walks", "give a map with footways or streets"),
    "signals": ("nothing to time", "check the map's traffic_signals"),
    "facilities": ("no hospital, fire station or police", "add them in corrections.yaml, or give a larger map"),
    "stops": ("no public transport", "twin import gtfs CITY FEED.zip"),
    "attractions": ("no visitors", "give a map with tourism objects"),
    "car_parks": ("nowhere to park", "give a map with car parks, or add them in corrections.yaml"),
    "cameras": ("no camera to show beside an alarm", "twin import cameras CITY cameras.csv"),
}
"""Layer -> what a city without it cannot do, and what to do."""


def city_findings(folder: Path) -> list[Finding]:
    """Look at every file of the city in `folder`, then at what its layers lack."""
    from networks import City

    try:
        city = City.open(folder, verify=True)
    except TwinError as error:
        return [Finding("files", "wrong", error.what, error.remedy or "build the city again")]
    whole = Finding("files", "ok", f"{len(city.manifest['files'])}, all as they were built ({city.digest[:12]})")
    today = datetime.now(UTC).date()
    found = [whole, *_layers(city), *_terrain(city), *_guessed(city), *_sources(city, today), *_quality(city)]
    return [replace(one, todo=one.todo.replace(" CITY", f" {shlex.quote(str(folder))}")) for one in found]


def _layers(city: City) -> Iterator[Finding]:
    for layer, (loss, todo) in _WANTED.items():
        count = int(city.manifest["counts"].get(layer, 0))
        if count:
            yield Finding(layer, "ok", str(count))
        else:
            yield Finding(layer, "missing", loss, todo)
    if len(city.layer("facilities")) and "hospital" not in set(city.layer("facilities")["kind"]):
        yield Finding("hospitals", "missing", "none: ambulances have nowhere to go", _WANTED["facilities"][1])


def _terrain(city: City) -> Iterator[Finding]:
    stated = city.manifest["terrain"]
    if stated is None:
        yield Finding("terrain", "missing", "none: no flood model", "twin build FILE --dem TIF (or: --dem copernicus)")
    elif stated["screening"]:
        todo = "twin build FILE --dem TIF with cells of 5 m or less and an error below 0.3 m"
        yield Finding("terrain", "missing", f"{stated['source']['en']}: screening only", todo)
    else:
        yield Finding("terrain", "ok", stated["source"]["en"])


def _guessed(city: City) -> Iterator[Finding]:
    plans = city.layer("signals")["plan_source"]
    guessed = int((plans == "guessed").sum())
    if guessed:
        todo = "approve real plans at the desk, or build from a SUMO net that has them"
        yield Finding("signal plans", "missing", f"{guessed} of {len(plans)} guessed", todo)
    devices = city.layer("sensors")["source"]
    if len(devices) == 0 or (devices == "guessed").all():
        yield Finding(
            "sensors", "missing", f"all {len(devices)} at guessed places", "twin import sensors CITY FILE.csv"
        )
    else:
        yield Finding("sensors", "ok", f"{int((devices != 'guessed').sum())} registered")


def _sources(city: City, today: date) -> Iterator[Finding]:
    from networks import catalogue

    for one in catalogue(city.manifest):
        if one.kind != "source":
            continue
        unsaid = [word for word in ("licence", "owner") if not getattr(one, word)]
        if unsaid:
            todo = f"twin catalog CITY --describe '{one.name}' --{unsaid[0]} ..."
            yield Finding(f"dataset {one.name}", "missing", f"{' and '.join(unsaid)} unknown", todo)
        try:
            days = (today - datetime.fromisoformat(one.date.replace("Z", "+00:00")).date()).days
        except ValueError:
            continue
        if one.name == "map" and days > _OLD_DAYS:
            yield Finding("map", "missing", f"{days} days old", "twin diff CITY NEW.osm.pbf says what changed")


def _quality(city: City) -> Iterator[Finding]:
    file = city.folder / "quality.json"
    try:
        report = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        yield Finding("quality report", "missing", "none", "twin quality CITY")
        return
    failed = [check for check in report["checks"] if check["passed"] is False]
    for check in failed:
        value, threshold = figures(check)
        asked = "" if check["unit"] == "flag" else f": {value}, {check['direction'].replace('_', ' ')} {threshold}"
        todo = f"see where in {city.folder / 'quality.html'}"
        yield Finding(f"check {check['name']}", "failed", check["title"]["en"] + asked, todo)
    if not failed:
        yield Finding("quality checks", "ok", f"all {report['passed']} passed")
