"""From radar reflectivity to rain: power laws by name, each with its source."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from networks.errors import BadInput


@dataclass(frozen=True)
class PowerLaw:
    """`Z = a R ** b`, with Z in mm6/m3 and R in mm/h.

    Attributes:
        a: Coefficient.
        b: Exponent.
        source: Where the two come from.

    Raises:
        BadInput: A number that is not positive, or no source.
    """

    a: float
    b: float
    source: str

    def __post_init__(self) -> None:
        if not (np.isfinite(self.a) and self.a > 0 and np.isfinite(self.b) and self.b > 0):
            raise BadInput(f"a Z-R law with a = {self.a:g}, b = {self.b:g}", expected="two positive numbers")
        if not self.source.strip():
            raise BadInput("a Z-R law without a source", remedy="say where its coefficients come from")

    def rain_mm_h(self, dbz: np.ndarray) -> np.ndarray:
        """Rain (mm/h) of a reflectivity (dBZ); NaN stays NaN, and no echo (minus infinity) is no rain."""
        with np.errstate(over="ignore"):
            return np.asarray((10 ** (dbz / 10) / self.a) ** (1 / self.b))

    def dbz(self, rain_mm_h: np.ndarray) -> np.ndarray:
        """Reflectivity (dBZ) of rain (mm/h)."""
        with np.errstate(divide="ignore"):
            return np.asarray(10 * np.log10(self.a * rain_mm_h**self.b))


LAWS: dict[str, PowerLaw] = {
    "finland": PowerLaw(
        223.0, 1.53, "Leinonen et al. 2012 (doi:10.1175/JAMC-D-11-056.1); secondary source: pysteps' FMI settings"
    ),
    "marshall-palmer": PowerLaw(200.0, 1.6, "Marshall, Hitschfeld & Gunn 1955, Adv. Geophys. 2; by secondary sources"),
    "wsr88d": PowerLaw(
        300.0, 1.4, "WSR-88D convective default; secondary source: Fulton et al. 1998, Weather Forecast. 13"
    ),
}
"""Laws by name."""


def law_named(text: str) -> PowerLaw:
    """A law by its name, or `A,B` for coefficients of one's own.

    Raises:
        BadInput: Neither.
    """
    if text in LAWS:
        return LAWS[text]
    try:
        a, b = (float(part) for part in text.split(","))
    except ValueError:
        raise BadInput(f"no Z-R law {text!r}", expected=f"{', '.join(LAWS)}, or A,B as in 250,1.2") from None
    return PowerLaw(a, b, f"given: Z = {a:g} R^{b:g}")
