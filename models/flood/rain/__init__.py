"""Rain: in time, in space, as it was measured, and as it may fall next. Everything is loaded when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.flood.rain.design_storm import IntensityFormula, chicago_storm
    from models.flood.rain.field import Rain, RainField
    from models.flood.rain.hyetograph import Hyetograph, uniform_rain

_WHERE: dict[str, str] = {
    "Hyetograph": "hyetograph",
    "IntensityFormula": "design_storm",
    "Rain": "field",
    "RainField": "field",
    "chicago_storm": "design_storm",
    "uniform_rain": "hyetograph",
}

__all__ = ["Hyetograph", "IntensityFormula", "Rain", "RainField", "chicago_storm", "uniform_rain"]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"models.flood.rain.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
