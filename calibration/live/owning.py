"""The demand that a SUMO case brings along, taken as the usual one: its cars driven once, its buses left to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

import numpy as np

from calibration.flows import probe_paths, read_roads
from calibration.live.usual import Usual
from models.sumo import SumoCase, run_native
from networks.errors import BadInput
from networks.safe_xml import read_xml

SMOOTH = np.array([1.0, 2.0, 3.0, 2.0, 1.0])
"""Weights of the periods around one: what one day had in a period is not what every day has."""
TYPES = "citytwin.cars"
_VEHICLE = re.compile(r'<vehicle id="[^"]*"(?: type="([^"]*)")? depart="([\d.]+)"')
_ROUTE = re.compile(r'<route [^>]*?edges="([^"]*)"')


def own_demand(
    case: SumoCase, folder: Path, *, keep: Sequence[Path] = (), period_s: float = 300.0, seed: int = 1
) -> tuple[SumoCase, Usual]:
    """Part a case into what drives by timetable and the usual demand of cars.

    Args:
        case: The case; its own demand is driven once, with SUMO's own binary, to learn routes.
        folder: What was written stays here; the case given back reads from it.
        keep: Route files of the case whose vehicles stay as they are (buses).
        period_s: Length of the periods.
        seed: SUMO's.

    Returns:
        The case without its cars, and their usual flows.

    Raises:
        BadInput: A kept file is none of the case's, or no car is left.
        EngineFailed: SUMO stopped.
    """
    kept = tuple(file.absolute() for file in keep)
    for file in kept:
        if file not in case.routes:
            raise BadInput("it is no route file of the case", file=file, place="--keep", expected=_names(case.routes))
    cars = tuple(file for file in case.routes if file not in kept)
    folder = folder.absolute()
    extra = ["--vehroute-output", "driven.xml", "--vehroute-output.write-unfinished", "true"]
    extra += ["--vehroute-output.intended-depart", "true"]
    run_native(replace(case, routes=cars), seed, folder / "own", tables=(), extra=extra)
    kinds, depart_s, routes = _driven(folder / "own" / "driven.xml")
    if not routes:
        raise BadInput("no car drives in it", file=case.file, place="<route-files>", expected="vehicles or trips")
    paths = probe_paths(read_roads(case.net), dict.fromkeys(routes))
    place = {paths.path(number): number for number in range(len(paths))}
    periods = int((max(depart_s) - case.begin_s) // period_s) + 1
    flows = np.zeros((len(paths), periods))
    known = set(paths.edges)
    for moment_s, route in zip(depart_s, routes, strict=True):
        path = place.get(tuple(edge for edge in route if edge in known))
        if path is not None:
            flows[path, int((moment_s - case.begin_s) // period_s)] += 1.0
    file = _write_types(folder / "types.add.xml", cars, kinds)
    without = replace(case, routes=kept, additionals=(*case.additionals, file), end_s=None)
    return without, Usual(paths, _smoothed(flows), case.begin_s, period_s, TYPES)


def _names(files: Sequence[Path]) -> str:
    return "one of " + ", ".join(file.name for file in files)


def _driven(file: Path) -> tuple[Counter[str], list[float], list[tuple[str, ...]]]:
    """How often each vehicle type comes, and departure (s) and edges of every vehicle, the last route that it had."""
    kinds: Counter[str] = Counter()
    depart_s: list[float] = []
    routes: list[tuple[str, ...]] = []
    for part in file.read_text(encoding="utf-8").split("</vehicle>"):
        found, ways = _VEHICLE.search(part), _ROUTE.findall(part)
        if found and ways:
            kinds[unescape(found[1] or "DEFAULT_VEHTYPE")] += 1
            depart_s.append(float(found[2]))
            routes.append(tuple(unescape(ways[-1]).split()))
    return kinds, depart_s, routes


def _write_types(file: Path, cars: Sequence[Path], kinds: Counter[str]) -> Path:
    """The vehicle types that the cars' files define, and a distribution of those that were driven."""
    root = ElementTree.Element("additional")
    for source in cars:
        for element in read_xml(source):
            if element.tag == "vType":
                root.append(element)
    types, shares = zip(*sorted(kinds.items()), strict=True)
    ElementTree.SubElement(
        root, "vTypeDistribution", id=TYPES, vTypes=" ".join(types), probabilities=" ".join(map(str, shares))
    )  # fmt: skip
    ElementTree.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)
    return file


def _smoothed(flows: np.ndarray) -> np.ndarray:
    """Flows averaged over neighbouring periods; no vehicle is lost at the ends."""
    weight = np.array([np.convolve(np.eye(flows.shape[1])[k], SMOOTH, "same") for k in range(flows.shape[1])])
    return np.asarray(flows @ (weight / weight.sum(axis=1, keepdims=True)))
