"""How the travellers of a case travel: the mode of each of its vehicle types."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from pathlib import Path

from models.sumo import SumoCase

MODES = ("car", "truck", "bus", "tram", "motorcycle", "bicycle", "pedestrian", "other")
"""In the order in which tables show them."""
_CLASSES = {
    "car": "passenger private taxi hov evehicle vip ignoring emergency authority army custom1 custom2",
    "truck": "truck trailer delivery",
    "bus": "bus coach",
    "tram": "tram rail rail_urban rail_electric rail_fast subway",
    "motorcycle": "motorcycle moped",
    "bicycle": "bicycle",
    "pedestrian": "pedestrian wheelchair",
}
_MODE_OF = {vclass: mode for mode, classes in _CLASSES.items() for vclass in classes.split()}
_STANDARD = {"DEFAULT_BIKETYPE": "bicycle", "DEFAULT_PEDTYPE": "pedestrian", "DEFAULT_RAILTYPE": "tram"}
_TYPE = re.compile(r"<vType\s([^>]*)>")
_ITEM = re.compile(r'(\w+)\s*=\s*"([^"]*)"')


def read_modes(*cases: SumoCase) -> dict[str, str]:
    """Mode of each vehicle type that the cases' route and additional files write down, by SUMO's vClass.

    A type without a vClass is a car, as in SUMO; so is one that no file writes down.
    """
    found = dict(_STANDARD)
    for file in (file for case in cases for file in (*case.additionals, *case.routes)):
        for items in _TYPE.findall(_text(file)):
            told = dict(_ITEM.findall(items))
            if "id" in told:
                found[told["id"]] = _MODE_OF.get(told.get("vClass", "passenger"), "other")
    return found


def mode_of(type_id: str, modes: Mapping[str, str]) -> str:
    """Mode of a traveller by the type that SUMO wrote; a type of one vehicle's own is called TYPE@VEHICLE."""
    return modes.get(type_id) or modes.get(type_id.partition("@")[0], "car")


def _text(file: Path) -> str:
    with gzip.open(file, "rt", encoding="utf-8") if file.name.endswith(".gz") else file.open(encoding="utf-8") as lines:
        return lines.read()
