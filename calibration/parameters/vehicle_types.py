"""Vehicle types of a SUMO case, taken out of its files so that others can take their places.

SUMO refuses a type that is defined twice, and no option of its command line changes one. So files that define types
are copied without them, and all types go into one additional file that is read first.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

from calibration.parameters.catalogue import KINDS
from models.sumo import SumoCase
from models.sumo.streaming import opened, read_elements
from networks.errors import BadInput
from networks.safe_xml import read_xml

DEFAULT = "DEFAULT_VEHTYPE"
CARS = ("passenger", "private", "taxi", "evehicle", "hov", "ignoring", "delivery", "custom1", "custom2", "vip")
TRUCKS = ("truck", "trailer")
GROUPS = {**dict.fromkeys(CARS, "cars"), **dict.fromkeys(TRUCKS, "trucks")}
TRUCK_USUAL = {"accel": 1.3, "decel": 4.0, "speedDev": 0.05}
"""SUMO's defaults for trucks where they differ from those of cars."""
UNMOVED = 1e-9
_TYPES = ("vType", "vTypeDistribution")
_NORMC = re.compile(r"normc?\(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class VehicleTypes:
    """All vehicle types of a case.

    Attributes:
        xml: Their elements, as one <additional>.
        vehicles: Vehicles of each group, `cars`, `trucks` and others.
        car_following: Model of all cars and trucks; each type's own without.
    """

    xml: str
    vehicles: Mapping[str, int]
    car_following: str = ""

    def usual(self, group: str, name: str) -> float:
        """Mean of a parameter over the types of a group, as they are in the case."""
        found = [_read(one, name) for one in _of_group(self._root(), group)]
        return sum(found) / len(found) if found else KINDS[name].usual

    def write(self, file: Path, values: Mapping[str, float], starts: Mapping[str, float]) -> Path:
        """Write an additional file with other values; types of a group keep their ratios to each other.

        Args:
            file: Written whole.
            values: `group name` -> value.
            starts: The same as they are in the case, means over the group.
        """
        root = self._root()
        for group in ("cars", "trucks"):
            asked = {name.split()[1]: name for name in values if name.split()[0] == group}
            for one in _of_group(root, group):
                if self.car_following:
                    one.set("carFollowModel", self.car_following)
                own = {
                    name: _moved(_read(one, name), values[full], starts[full], KINDS[name].low, KINDS[name].high)
                    for name, full in asked.items()
                    if abs(values[full] - starts[full]) > UNMOVED
                }
                _set(one, own)
        ElementTree.indent(root)
        file.write_text(ElementTree.tostring(root, encoding="unicode") + "\n", encoding="utf-8")
        return file

    def _root(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.xml)


def taken_out(case: SumoCase, folder: Path) -> tuple[SumoCase, VehicleTypes]:
    """The case without its vehicle types, in copies within `folder` where a file has any, and the types.

    Raises:
        BadInput: A file is missing or damaged, or it is no case with vehicles.
    """
    root = ElementTree.Element("additional")
    folder.mkdir(parents=True, exist_ok=True)
    additionals, routes = (
        tuple(_without(file, folder, root) for file in files) for files in (case.additionals, case.routes)
    )
    used = _used(case.routes)
    if not used:
        raise BadInput(
            "no vehicle sets out", file=case.file, expected="route files with vehicles, trips or flows",
            remedy="give the demand that twin calibrate wrote by --demand",
        )  # fmt: skip
    if used[""] and not any(one.get("id") == DEFAULT for one in root.iter("vType")):
        root.insert(0, ElementTree.Element("vType", {"id": DEFAULT, "vClass": "passenger"}))
    group_of = {one.get("id", ""): _group(next(one.iter("vType"), one)) for one in root.iter() if one.tag in _TYPES}
    vehicles = Counter[str]()
    for name, many in used.items():
        vehicles[group_of.get(name or DEFAULT, "others")] += many
    types = VehicleTypes(ElementTree.tostring(root, encoding="unicode"), dict(vehicles))
    return replace(case, additionals=additionals, routes=routes), types


def _without(file: Path, folder: Path, types: ElementTree.Element) -> Path:
    """The file itself, or a copy of it without types, which are added to `types`."""
    if not file.is_file():
        raise BadInput("there is no such file", file=file, remedy="correct the path")
    with opened(file) as stream:
        if b"<vType" not in stream.read():
            return file
    root = read_xml(file)
    for one in [child for child in root if child.tag in _TYPES]:
        root.remove(one)
        one.tail = None
        types.append(copy.deepcopy(one))
    for one in root.iter():
        for name in ("file", "href"):
            if (folder_of := file.parent / one.get(name, "")).is_file():
                one.set(name, str(folder_of.absolute()))
    place = folder / f"untyped-{len(list(folder.iterdir()))}-{file.name.removesuffix('.gz').removesuffix('.bz2')}"
    ElementTree.ElementTree(root).write(place, encoding="utf-8", xml_declaration=True)
    return place.absolute()


def _used(routes: Sequence[Path]) -> Counter[str]:
    """Vehicles by type; a flow counts as what it says that it brings, or as one."""
    found = Counter[str]()

    def start(name: str, items: Mapping[str, str], _line: int) -> None:
        if name in ("vehicle", "trip"):
            found[items.get("type", "")] += 1
        elif name == "flow":
            span_h = (float(items.get("end", 3600)) - float(items.get("begin", 0))) / 3600
            rate = float(items.get("vehsPerHour", 0) or 3600 * float(items.get("probability", 0)))
            found[items.get("type", "")] += max(1, int(float(items.get("number", 0)) or rate * span_h))

    for file in routes:
        read_elements(file, start)
    return found


def _of_group(root: ElementTree.Element, group: str) -> list[ElementTree.Element]:
    return [one for one in root.iter("vType") if _group(one) == group]


def _group(one: ElementTree.Element) -> str:
    return GROUPS.get(one.get("vClass", "passenger"), "others")


def _read(one: ElementTree.Element, name: str) -> float:
    """A parameter of a type, SUMO's default where it has none."""
    usual = KINDS[name].usual
    if _group(one) == "trucks":
        usual = TRUCK_USUAL.get(name, usual)
    if name in ("speedFactor", "speedDev"):
        drawn = _NORMC.fullmatch(one.get("speedFactor", "").strip())
        if drawn:
            return float(drawn[1].split(",")[name == "speedDev"])
    return float(one.get(name, usual))


def _moved(own: float, value: float, start: float, low: float, high: float) -> float:
    """A type's own value moved as the mean of its group moves, within bounds."""
    if abs(own - start) < UNMOVED:
        return value
    moved = own * value / start if start > 0 else own + value
    return min(max(moved, min(low, own)), max(high, own))


def _set(one: ElementTree.Element, own: Mapping[str, float]) -> None:
    mean, deviation = (own.get(name, _read(one, name)) for name in ("speedFactor", "speedDev"))
    for name, value in own.items():
        if name not in ("speedFactor", "speedDev"):
            one.set(name, f"{value:.6g}")
    if {"speedFactor", "speedDev"} & set(own):
        one.attrib.pop("speedDev", None)
        one.set("speedFactor", f"normc({mean:.6g},{deviation:.6g},0.2,2)")
