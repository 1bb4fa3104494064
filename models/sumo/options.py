"""What SUMO's options are called and which of them name files: read from the schema that comes with SUMO itself."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from networks import sumo_home

SYNONYMS = {
    "net": "net-file", "n": "net-file", "routes": "route-files", "r": "route-files", "additional": "additional-files",
    "a": "additional-files", "begin-time": "begin", "b": "begin", "end-time": "end", "e": "end",
    "weights": "weight-files", "w": "weight-files", "S": "seed", "v": "verbose", "l": "log",
    "tripinfo": "tripinfo-output", "summary": "summary-output", "ndump": "netstate-dump", "netstate": "netstate-dump",
    "netstate-output": "netstate-dump", "emissions-output": "emission-output", "vehroutes": "vehroute-output",
    "X": "xml-validation", "W": "no-warnings", "t": "print-options",
}  # fmt: skip
"""Other names that SUMO 1.28 takes for an option."""
_INPUTS = re.compile(r"(-files?|\.input-file|-path|\.py|\.all-distances|\.landmark-distances|^load-state)$")
_ELEMENT = re.compile(r'<xsd:element name="([^"]+)" type="(\w+)OptionType"')


@cache
def option_types() -> dict[str, str]:
    """Type (`bool`, `int`, `float`, `time`, `str`, `strArray`, `file` ...) of every option of the installed SUMO."""
    return dict(_ELEMENT.findall(_schema().read_text(encoding="utf-8")))


def _schema() -> Path:
    return sumo_home() / "data" / "xsd" / "types" / "sumoConfigurationType.xsd"


_ALONE = re.compile(r'complexType name="sumo(?:gui_only|traci_server)TopicType">.*?</xsd:complexType>', re.S)


@cache
def left_out() -> frozenset[str]:
    """Options that mean nothing to a run by itself: windows, clients to wait for, help, seeds from the clock."""
    text = _schema().read_text(encoding="utf-8")
    alone = {name for part in _ALONE.findall(text) for name, _ in _ELEMENT.findall(part)}
    return frozenset(alone | {"help", "version", "print-options", "random", "configuration-file"})


def full_name(name: str) -> str:
    """An option's own name."""
    return SYNONYMS.get(name, name)


def names_input(name: str) -> bool:
    """The option names files that SUMO reads."""
    return option_types().get(name) == "file" and not names_output(name)


def names_output(name: str) -> bool:
    """The option names a file that SUMO writes, or says how such files are written."""
    if name.startswith(("save-state", "output", "summary-output", "tripinfo-output", "edgedata", "lanedata")):
        return True
    if name in ("device.ssm.file", "device.toc.file"):
        return True
    return option_types().get(name) == "file" and _INPUTS.search(name) is None
