"""What else adds water to the ground or takes it: the soil, levels at the border, structures, pipes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.flood.forcing.curve_number import CurveNumber
    from models.flood.forcing.green_ampt import GreenAmpt
    from models.flood.forcing.soils import Soil, curve_number_named, soil_named

_WHERE: dict[str, str] = {
    "CurveNumber": "curve_number",
    "GreenAmpt": "green_ampt",
    "Soil": "soils",
    "curve_number_named": "soils",
    "soil_named": "soils",
}

__all__ = ["CurveNumber", "GreenAmpt", "Soil", "curve_number_named", "soil_named"]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"models.flood.forcing.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
