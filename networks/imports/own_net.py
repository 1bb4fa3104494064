"""A road network of the city's owner: a SUMO net, read and checked, kept as it is byte for byte."""

from __future__ import annotations

import gzip
import math
import subprocess
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse

from shapely import contains_xy, prepare
from shapely.geometry import MultiPoint, Polygon, box
from shapely.geometry.base import BaseGeometry

from networks.coordinates.net_plane import NetPlane, net_plane
from networks.errors import BadCity, BadInput, BadMap
from networks.roads.connectivity import Gateways
from networks.roads.net_file import Net, NetEdge, read_net
from networks.roads.netconvert import sumo_home
from networks.roads.source import DRIVABLE
from networks.safe_xml import check_xml

NEWEST = (1, 20)
"""Version of the net format that SUMO 1.28 writes."""
SUFFIXES = (".net.xml", ".net.xml.gz")
_MARGIN_M = 50.0
_RIM_SHARE = 0.05
_MAIN = ("motorway", "trunk", "primary", "secondary", "tertiary")
_UNPACKED_AT_MOST = 4 << 30
_FAR_M = 1e8
_REMEDY = "check that it is a SUMO network: sumo-gui -n FILE"


@dataclass(frozen=True)
class OwnNet:
    """A SUMO net that its owner gave.

    Attributes:
        file: Where it lies, perhaps packed.
        net: What it holds; edges without a road class have a guessed one.
        plane: Where it lies on earth.
        left_hand: Whether traffic keeps left on it.
        frame: The map's border: its extent and 50 m more, m.
        gateways: Edges that end, or begin, at its rim.
        guessed_classes: Edges whose road class it does not say.
    """

    file: Path
    net: Net
    plane: NetPlane
    left_hand: bool
    frame: Polygon
    gateways: Gateways
    guessed_classes: int


def is_net(file: Path) -> bool:
    """Whether a file is a SUMO net by its name, or an XML file that begins like one."""
    name = file.name.lower()
    if name.endswith(SUFFIXES) or not name.endswith((".xml", ".xml.gz")):
        return name.endswith(SUFFIXES)
    try:
        return check_xml(file) == "net"
    except BadInput:
        return False


def read_own_net(file: Path) -> OwnNet:
    """Read a SUMO net, plain or packed (.gz).

    Raises:
        BadMap: It is missing, no SUMO net, breaks off, declares entities, was written by a newer SUMO, states a
            projection that nobody knows, has coordinates out of range, or holds no connected roads for cars.
    """
    if not file.is_file():
        raise BadMap("there is no such file", file=file, remedy="give the path of a .net.xml or .net.xml.gz")
    check_xml(file, roots=("net",), wrong=BadMap)
    head = _head(file)
    _check_version(head, file)
    try:
        net = read_net(file)
    except BadCity as error:
        raise BadMap(error.what, file=file, place=error.place, remedy=error.remedy or _REMEDY) from error
    except KeyError as error:
        raise BadMap(f"something in it has no {error}", file=file, remedy=_REMEDY) from error
    except (ValueError, IndexError, TypeError) as error:
        raise BadMap(f"a value in it cannot be read: {error}", file=file, remedy=_REMEDY) from error
    _check(net, file)
    guessed = sum(edge.kind not in DRIVABLE and bool(edge.allows) for edge in net.edges)
    net = replace(net, edges=tuple(_classed(edge) for edge in net.edges))
    extent = MultiPoint([point for edge in net.edges for point in edge.shape])
    frame = box(*extent.bounds).buffer(_MARGIN_M, join_style="mitre")
    middle = (round(frame.centroid.x, 3), round(frame.centroid.y, 3))
    try:
        plane = net_plane(head["projection"], _pair(head["offset"]), middle)
    except ValueError as error:
        raise BadMap(
            f"its projection cannot be used: {error}",
            file=file,
            place="<location projParameter netOffset>",
            expected="a projection in metres that PROJ knows, or ! for none",
            remedy="write it again with netconvert --proj.utm",
        ) from error
    gateways = _gateways(net, extent.convex_hull)
    return OwnNet(file, net, plane, head["lefthand"] in ("true", "1", "yes"), frame, gateways, guessed)


def unpack_net(file: Path, out: Path) -> None:
    """Copy a net to `out`, unpacked where it is packed, byte for byte, and let SUMO load it.

    Raises:
        BadMap: The packing breaks off or grows beyond 4 GiB; SUMO refuses the net, with SUMO's words.
    """
    try:
        with gzip.open(file, "rb") if file.suffix.lower() == ".gz" else file.open("rb") as source, out.open("wb") as to:
            written = 0
            while chunk := source.read(1 << 20):
                written += len(chunk)
                if written > _UNPACKED_AT_MOST:
                    raise BadMap("it unpacks to more than 4 GiB", file=file, remedy="give the network of one city")
                to.write(chunk)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadMap(f"it cannot be unpacked: {error}", file=file, remedy="copy it again") from error
    _load(file, out)


def _load(file: Path, net: Path) -> None:
    home = sumo_home()
    words = ["--net-file", net.name, "--end", "0", "--no-step-log", "--no-warnings", "--xml-validation", "never"]
    done = subprocess.run(
        [str(home / "bin" / "sumo"), *words], capture_output=True, text=True, errors="replace", cwd=net.parent
    )
    if done.returncode:
        told = " ".join(done.stderr.split())[-400:]
        raise BadMap(
            f"SUMO cannot load it: {told}",
            file=file,
            expected="a network that SUMO 1.28 loads",
            remedy="write it again with this version: netconvert -s OLD.net.xml -o NEW.net.xml",
        )


def _head(file: Path) -> dict[str, str]:
    """What the first elements say: version, side of the road, projection, offset."""
    import bz2

    found = {"version": "", "lefthand": "", "projection": "!", "offset": "0,0"}
    opener: Any = {".gz": gzip.open, ".bz2": bz2.open}.get(file.suffix.lower(), open)
    try:
        with opener(file, "rb") as stream:
            for _, element in iterparse(stream, events=("start",)):
                if element.tag == "net":
                    found |= {"version": element.get("version", ""), "lefthand": element.get("lefthand", "")}
                if element.tag == "location":
                    found["projection"] = element.get("projParameter", "!")
                    found["offset"] = element.get("netOffset", "0,0")
                if element.tag in ("edge", "junction"):
                    break
    except (ParseError, OSError, EOFError, zlib.error):
        pass  # whoever reads the whole file says so better
    return found


def _check_version(head: dict[str, str], file: Path) -> None:
    try:
        version = tuple(int(part) for part in head["version"].split("."))
    except ValueError:
        version = ()
    if not version or version < (0, 13):
        raise BadMap(
            f"it is of the version {head['version'] or 'unknown'} of SUMO's network format, too old to be read",
            file=file,
            place="<net version>",
            expected=f"0.13 to {NEWEST[0]}.{NEWEST[1]}",
            remedy="write it again: netconvert -s OLD.net.xml -o NEW.net.xml",
        )
    if version > NEWEST:
        raise BadMap(
            f"it was written by a newer SUMO (network format {head['version']})",
            file=file,
            place="<net version>",
            expected=f"at most {NEWEST[0]}.{NEWEST[1]}, which SUMO 1.28 writes",
            remedy="write it with SUMO 1.28: netconvert -s NET.net.xml -o OLD.net.xml",
        )


def _pair(text: str) -> tuple[float, float]:
    x, y = (float(part) for part in text.split(","))
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"the offset {text!r} is no pair of numbers")
    return x, y


def _check(net: Net, file: Path) -> None:
    seen: set[str] = set()
    for edge in net.edges:
        if edge.edge_id in seen:
            raise BadMap("two edges have the same id", file=file, place=f"edge {edge.edge_id}", remedy=_REMEDY)
        seen.add(edge.edge_id)
        numbers = [edge.length_m, edge.speed_mps, *(value for point in edge.shape for value in point)]
        if not all(math.isfinite(n) and abs(n) < _FAR_M for n in numbers) or edge.length_m <= 0 or edge.speed_mps <= 0:
            raise BadMap(
                "its length, speed or shape is out of range", file=file, place=f"edge {edge.edge_id}", remedy=_REMEDY
            )
    if not any("passenger" in edge.allows for edge in net.edges):
        raise BadMap(
            "no edge of it is open to cars",
            file=file,
            expected="edges whose lanes allow passenger",
            remedy="a network of railways or paths alone is no city: give the one with the streets",
        )
    if not net.pairs("passenger"):
        raise BadMap("no two of its edges are joined for cars", file=file, expected="<connection> elements")


def _classed(edge: NetEdge) -> NetEdge:
    """The edge with a road class of OpenStreetMap: its own, or one guessed from its speed and lanes."""
    if edge.kind in DRIVABLE or not edge.allows:
        return edge
    if "passenger" not in edge.allows:
        return replace(edge, kind="busway" if "bus" in edge.allows else edge.kind or "path")
    for kind, speed_kmh, lanes in (
        ("motorway", 95, 1), ("trunk", 75, 1), ("primary", 45, 2), ("secondary", 55, 1), ("tertiary", 45, 1),
        ("tertiary", 35, 2), ("residential", 25, 1),
    ):  # fmt: skip
        if edge.speed_mps * 3.6 >= speed_kmh and edge.lanes >= lanes:
            return replace(edge, kind=kind)
    return replace(edge, kind="service")


def _gateways(net: Net, hull: BaseGeometry) -> Gateways:
    """Where the net ends: at ends without even a turnaround, of main roads, or in the outer twentieth of its extent."""
    turns = net.pairs("passenger")
    left, entered = {a for a, _ in turns}, {b for _, b in turns}
    goes_on = {a for a, _ in net.pairs("passenger", turnarounds=False)}
    comes_in = {b for _, b in net.pairs("passenger", turnarounds=False)}
    rim = hull.boundary.buffer(max(1.0, _RIM_SHARE * math.sqrt(hull.area)))
    prepare(rim)

    def ends(edge: NetEdge, at: tuple[float, float]) -> bool:
        return edge.kind.removesuffix("_link") in _MAIN or bool(contains_xy(rim, *at))

    cars = [edge for edge in net.edges if "passenger" in edge.allows]
    return Gateways(
        frozenset(
            e.edge_id for e in cars if e.edge_id not in left or (e.edge_id not in goes_on and ends(e, e.shape[-1]))
        ),
        frozenset(
            e.edge_id for e in cars if e.edge_id not in entered or (e.edge_id not in comes_in and ends(e, e.shape[0]))
        ),
    )
