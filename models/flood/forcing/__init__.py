"""What else adds water to the ground or takes it: the soil, levels at the border, structures, pipes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.flood.forcing.barrier import Barrier
    from models.flood.forcing.curve_number import CurveNumber
    from models.flood.forcing.gate import Gate, Opening
    from models.flood.forcing.green_ampt import GreenAmpt
    from models.flood.forcing.inlets import Inlet, Inlets, block_some, blocked_capacity
    from models.flood.forcing.levels import LevelBoundary, sea_as_level, side_cells
    from models.flood.forcing.pipes import PipeNetwork
    from models.flood.forcing.placed import Placed
    from models.flood.forcing.placing import place_structures
    from models.flood.forcing.pump import Pump
    from models.flood.forcing.series import Series, constant
    from models.flood.forcing.site import Site
    from models.flood.forcing.soils import Soil, curve_number_named, soil_named
    from models.flood.forcing.structures import Structures, read_structures
    from models.flood.forcing.underpass_tank import SurveyedTank, UnderpassTank

_WHERE: dict[str, str] = {
    "Barrier": "barrier",
    "CurveNumber": "curve_number",
    "Gate": "gate",
    "GreenAmpt": "green_ampt",
    "Inlet": "inlets",
    "Inlets": "inlets",
    "LevelBoundary": "levels",
    "Opening": "gate",
    "PipeNetwork": "pipes",
    "Placed": "placed",
    "Pump": "pump",
    "Series": "series",
    "Site": "site",
    "Soil": "soils",
    "Structures": "structures",
    "SurveyedTank": "underpass_tank",
    "UnderpassTank": "underpass_tank",
    "block_some": "inlets",
    "blocked_capacity": "inlets",
    "constant": "series",
    "curve_number_named": "soils",
    "place_structures": "placing",
    "read_structures": "structures",
    "sea_as_level": "levels",
    "side_cells": "levels",
    "soil_named": "soils",
}

__all__ = [
    "Barrier",
    "CurveNumber",
    "Gate",
    "GreenAmpt",
    "Inlet",
    "Inlets",
    "LevelBoundary",
    "Opening",
    "PipeNetwork",
    "Placed",
    "Pump",
    "Series",
    "Site",
    "Soil",
    "Structures",
    "SurveyedTank",
    "UnderpassTank",
    "block_some",
    "blocked_capacity",
    "constant",
    "curve_number_named",
    "place_structures",
    "read_structures",
    "sea_as_level",
    "side_cells",
    "soil_named",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"models.flood.forcing.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
