"""Where the city lies, as warnings say where they hold: by geometry, and by codes of areas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import City
    from twin.feeds import Situation

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Here:
    """Where the city is.

    A warning concerns it when one of its areas does; an area does when one of its polygons or circles touches the box,
    or one of its codes is kin to one of ours (CAP 1.2, section 3.2.4: an area is the union of all that describes it).
    An area that is only named, or only coded while nobody said which codes are ours, cannot be judged, and a warning
    with such an area concerns the city, however its other areas are drawn: nobody is left without for want of a code.

    Attributes:
        box: West, south, east, north (degrees); None: the city has no place on the globe.
        codes: Codes of areas that the city lies in, as services write them: 310115, UUC003, 048453, FI1B1.
    """

    box: Box | None = None
    codes: tuple[str, ...] = ()

    @classmethod
    def of(cls, city: City, codes: tuple[str, ...] = ()) -> Here:
        """Where a city is."""
        if not city.georeferenced:
            return cls(None, codes)
        from pyproj import Transformer

        degrees = Transformer.from_crs(city.crs, "EPSG:4326", always_xy=True)
        west, south, east, north = degrees.transform_bounds(*city.bounds)
        return cls((float(west), float(south), float(east), float(north)), codes)

    def concerns(self, one: Situation) -> bool:
        """It holds here, as far as anybody can tell."""
        if one.area is not None and self._touched(one.area):
            return True
        areas = _areas(one)
        return any(self._coded(area) for area in areas) if areas else one.area is None

    def unknown(self, one: Situation) -> Sentence | None:
        """Why it counts although nobody can tell whether it holds here; None: one can."""
        codes = sorted({code for area in _areas(one) if not area.drawn for _, code in area.codes})
        if not codes or self.codes or (one.area is not None and self._touched(one.area)):
            return None
        named = ", ".join(codes[:3])
        return say(
            f"a warning names its area by codes alone ({named}) and counts; say which are ours: --area-code",
            f"预警仅以区域代码（{named}）说明范围，按影响本市处理；请用--area-code指明本市代码",
        )

    def _coded(self, area: _Area) -> bool:
        """An area whose geometry, if it has any, is elsewhere."""
        if any(kin(name, code, ours) for name, code in area.codes for ours in self.codes):
            return True
        return not area.drawn and not (area.codes and self.codes)

    def _touched(self, area: Mapping[str, Any]) -> bool:
        if self.box is None:
            return True
        from shapely import box, make_valid
        from shapely.errors import ShapelyError
        from shapely.geometry import shape

        try:
            return bool(make_valid(shape(area)).intersects(box(*self.box)))
        except (ShapelyError, ValueError, TypeError, KeyError, IndexError):  # no geometry that anybody could judge
            return True


def kin(name: str, code: str, ours: str) -> bool:
    """Two codes of areas are the same area, or one lies in the other, as far as their numbering tells that.

    Args:
        name: Which numbering, as the warning calls it: SAME (FIPS of the USA: 0SSCCC, 000 for a whole state), NUTS...
            (each letter more is a part), else.
        code: As the warning has it.
        ours: As the city has it. Codes of digits alone, six or more, are those of GB/T 2260: pairs of
            digits from province to town, 00 for all of it.
    """
    one, other = code.strip().casefold(), ours.strip().casefold()
    if one == other or not one or not other:
        return one == other and bool(one)
    scheme = name.casefold()
    if scheme == "same" and len(one) == len(other) == 6:
        return one[1:3] == other[1:3] and "000" in (one[3:], other[3:])
    if scheme.startswith("nuts"):
        return one.startswith(other) or other.startswith(one)
    if scheme != "same" and one.isdigit() and other.isdigit() and min(len(one), len(other)) >= 6:
        short, long = sorted((_pairs(one), _pairs(other)), key=len)
        return bool(short) and long.startswith(short)
    return False


def _pairs(code: str) -> str:
    """Without its last pairs of noughts."""
    while code.endswith("00") and len(code) % 2 == 0:
        code = code[:-2]
    return code


@dataclass(frozen=True, slots=True)
class _Area:
    """One area of a warning: whether it has a geometry, and numbering and code of each of its codes."""

    drawn: bool
    codes: tuple[tuple[str, str], ...]


def _areas(one: Situation) -> list[_Area]:
    """What a warning's areas say; one that does not say whether it is drawn is, where the warning has a geometry."""
    told = one.details.get("areas")
    areas = [area for area in told if isinstance(area, Mapping)] if isinstance(told, list) else []
    return [_Area(bool(area.get("drawn", one.area is not None)), tuple(_codes(area))) for area in areas]


def _codes(area: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    geocodes = area.get("geocodes")
    for name, codes in geocodes.items() if isinstance(geocodes, Mapping) else ():
        yield from ((str(name), str(code)) for code in codes)
