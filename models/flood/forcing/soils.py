"""Soils by name: parameters of infiltration from tables that say where their values come from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from networks.errors import BadInput

_CM, _CM_H = 0.01, 0.01 / 3600


@dataclass(frozen=True)
class Soil:
    """What Green and Ampt's law asks of a soil.

    Attributes:
        conductivity_mps: Hydraulic conductivity (m/s).
        suction_m: Suction head at the wetting front (m).
        porosity: Effective porosity, the water that a dry soil can take per volume.
        source: Where the values come from; never empty.

    Raises:
        BadInput: A value that is negative, no number or not physical, or no source.
    """

    conductivity_mps: float
    suction_m: float
    porosity: float
    source: str

    def __post_init__(self) -> None:
        for name, value, most in (
            ("conductivity_mps", self.conductivity_mps, 1.0),
            ("suction_m", self.suction_m, 10.0),
            ("porosity", self.porosity, 1.0),
        ):
            if not 0 <= value <= most:
                raise BadInput(f"a soil's {name} is {value:g}", place=name, expected=f"from 0 to {most:g}")
        if not self.source.strip():
            raise BadInput("a soil without a source", place="source", remedy="name the survey, standard or paper")


def soil_named(name: str) -> Soil:
    """A texture's mean parameters, e.g. `loam`, after Rawls, Brakensiek & Miller 1983.

    Raises:
        BadInput: No such texture.
    """
    table = _table("soils")
    porosity, suction_cm, conductivity_cm_h = _row(table, "soil", name)
    return Soil(conductivity_cm_h * _CM_H, suction_cm * _CM, porosity, _told(table))


def curve_number_named(cover: str, group: str) -> tuple[float, str]:
    """The runoff curve number of a cover, e.g. `open_space_good`, on a soil group A to D, and its source (TR-55).

    Raises:
        BadInput: No such cover or group.
    """
    table = _table("curve_numbers")
    row = _row(table, "cover", cover)
    if group not in ("A", "B", "C", "D"):
        raise BadInput(f"hydrologic soil group {group!r}", place="group", expected="A, B, C or D")
    return float(row["ABCD".index(group)]), _told(table)


@cache
def _table(name: str) -> dict[str, Any]:
    text = (files("models.flood.forcing") / "tables" / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _row(table: dict[str, Any], kind: str, name: str) -> list[float]:
    if name not in table[kind]:
        raise BadInput(f"no {kind} is called {name!r}", place=kind, expected=", ".join(table[kind]))
    row: list[float] = table[kind][name]
    return row


def _told(table: dict[str, Any]) -> str:
    return " ".join(str(table["source"]).split())
