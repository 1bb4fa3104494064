"""A city's pipes from a SWMM input file: checked by SWMM itself, read into layers, kept with the city."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry import LineString, Point, Polygon

from networks.coordinates.projection import Plane
from networks.errors import BadInput
from networks.ground.terrain import Terrain

PIPES_FILE = "pipes.inp"
_NODES = {"JUNCTIONS": "junction", "OUTFALLS": "outfall", "STORAGE": "storage", "DIVIDERS": "divider"}
_LINKS = {"CONDUITS": "conduit", "PUMPS": "pump", "ORIFICES": "orifice", "WEIRS": "weir", "OUTLETS": "outlet"}
_SI, _US = ("CMS", "LPS", "MLD"), ("CFS", "GPM", "MGD")
_FOOT_M, _ACRE_M2, _HECTARE_M2 = 0.3048, 4046.8564224, 10_000.0
_LONGEST_S = 120.0
_CHECK = (
    "import sys; from swmm.toolkit import solver\n"
    "try: solver.swmm_open(*sys.argv[1:4]); solver.swmm_close()\n"
    "except Exception as error: sys.exit(3)\n"
)
Line = tuple[int, list[str]]


@dataclass(frozen=True)
class Pipes:
    """A pipe network in the city's plane.

    Attributes:
        nodes: Rows of the layer `drain_nodes`.
        links: Rows of the layer `drain_links`.
        unplaced: Nodes that have no coordinates; they and their links are left out.
        warnings: What SWMM warns of.
        crs: The coordinate system in which the file was read.
    """

    nodes: list[dict[str, Any]]
    links: list[dict[str, Any]]
    unplaced: tuple[str, ...]
    warnings: tuple[str, ...]
    crs: str


def read_pipes(file: Path, plane: Plane, frame: Polygon, *, crs: str | None = None) -> Pipes:
    """Read the pipes of a SWMM 5 input file.

    Args:
        file: The `.inp`.
        plane: The city's plane.
        frame: The city's border, m.
        crs: Coordinate system of [COORDINATES]; without it the city's plane or degrees, whichever puts them here.

    Raises:
        BadInput: SWMM refuses it (its words, with section and line), it has no nodes, or it lies elsewhere.
    """
    warnings = check_with_swmm(file)
    sections = _sections(file)
    units = _units(sections, file)
    metre = 1.0 if units in _SI else _FOOT_M
    places = {row[0]: (_number(row, 1, n, file), _number(row, 2, n, file)) for n, row in sections["COORDINATES"]}
    found = _nodes(sections, metre, _HECTARE_M2 if units in _SI else _ACRE_M2, file)
    if not found:
        raise BadInput("it holds no node", file=file, place="[JUNCTIONS]", expected="junctions, outfalls or storages")
    placed, used = _placed({name: places[name] for name in found if name in places}, plane, frame, crs, file)
    unplaced = tuple(name for name in found if name not in placed)
    bends = _bends(sections, plane, used, file)
    links = _links(sections, metre, placed, bends, file)
    nodes = [row | {"geometry": Point(placed[name])} for name, row in found.items() if name in placed]
    return Pipes(nodes, links, unplaced, warnings, used)


def rim_offset_m(pipes: Pipes, terrain: Terrain) -> float | None:
    """The median height (m) of the manholes' rims above the terrain; far from 0, their datums differ. None without."""
    rims = [(row["geometry"].x, row["geometry"].y, row["invert_m"] + row["depth_m"])
            for row in pipes.nodes if row["kind"] == "junction" and row["depth_m"] > 0]  # fmt: skip
    points = np.array(rims).reshape(-1, 3)
    _, _, inside = terrain.grid.cells(points[:, :2])
    if not inside.any():
        return None
    ground = terrain.grid.at(terrain.elevation_m, points[inside, :2])
    return round(float(np.median(points[inside, 2] - ground)), 3)


def check_with_swmm(file: Path) -> tuple[str, ...]:
    """Let SWMM's own engine open the file, in a process of its own; what it warns of.

    Raises:
        BadInput: SWMM finds an error, takes too long, or dies of it.
    """
    with tempfile.TemporaryDirectory(prefix="citytwin-") as scratch:
        report = Path(scratch) / "report.txt"
        command = [sys.executable, "-c", _CHECK, str(file.absolute()), str(report), str(Path(scratch) / "out")]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST_S, cwd=scratch)
        except subprocess.TimeoutExpired as error:
            raise BadInput(f"SWMM does not finish reading it within {_LONGEST_S:g} s", file=file) from error
        text = report.read_text(encoding="utf-8", errors="replace") if report.is_file() else ""
    lines = [line.strip() for line in text.splitlines()]
    errors = [i for i, line in enumerate(lines) if line.startswith("ERROR")]
    if errors or done.returncode:
        first = lines[errors[0]] if errors else "SWMM cannot read it"
        after = lines[errors[0] + 1] if errors and errors[0] + 1 < len(lines) else ""
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise BadInput(
            f"SWMM refuses it: {first}{more}",
            file=file,
            place=after or None,
            expected="a SWMM 5 input file without errors",
            remedy="open it in SWMM and mend what its status report names",
        )
    return tuple(line for line in lines if line.startswith("WARNING"))


def _sections(file: Path) -> dict[str, list[Line]]:
    """Section name -> (line number, words) of each line that holds some; sections are there even without lines."""
    found: dict[str, list[Line]] = {name: [] for name in (*_NODES, *_LINKS, "COORDINATES", "VERTICES", "XSECTIONS")}
    found |= {"OPTIONS": [], "SUBCATCHMENTS": []}
    current: list[Line] = []
    for number, line in enumerate(_text(file).splitlines(), 1):
        words = line.split(";")[0].split()
        if not words:
            continue
        if words[0].startswith("["):
            current = found.setdefault(words[0].strip("[]").upper(), [])
        else:
            current.append((number, words))
    return found


def _text(file: Path) -> str:
    raw = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _units(sections: dict[str, list[Line]], file: Path) -> str:
    for number, words in sections["OPTIONS"]:
        if words[0].upper() == "FLOW_UNITS" and len(words) > 1:
            if words[1].upper() in (*_SI, *_US):
                return words[1].upper()
            raise BadInput(
                f"flow units {words[1]}", file=file, place=f"[OPTIONS] line {number}", expected="LPS, CFS, ..."
            )
    return "CFS"  # SWMM's own default


def _number(words: Sequence[str], at: int, line: int, file: Path, default: float | None = None) -> float:
    """A number among the words of a line; `default` where the line ends before it, or has `*`."""
    if default is not None and (at >= len(words) or words[at] == "*"):
        return default
    try:
        value = float(words[at])
    except (ValueError, IndexError):
        value = float("nan")
    if not np.isfinite(value):
        text = " ".join(words)
        raise BadInput(f"word {at + 1} is no number: {text}", file=file, place=f"line {line}", expected="a number")
    return value


def _nodes(sections: dict[str, list[Line]], metre: float, area_m2: float, file: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for section, kind in _NODES.items():
        for number, words in sections[section]:
            depth = 0.0
            if kind in ("junction", "storage"):
                depth = _number(words, 2, number, file, 0.0) * metre
            invert = _number(words, 1, number, file) * metre
            row = {"node_id": words[0], "kind": kind, "invert_m": round(invert, 4), "depth_m": round(depth, 4)}
            found[words[0]] = row | {"catchment_m2": 0.0}
    for number, words in sections["SUBCATCHMENTS"]:
        outlet = words[2] if len(words) > 2 else ""
        if outlet in found:
            found[outlet]["catchment_m2"] += round(_number(words, 3, number, file, 0.0) * area_m2, 2)
    return found


def _placed(
    places: dict[str, tuple[float, float]], plane: Plane, frame: Polygon, crs: str | None, file: Path
) -> tuple[dict[str, tuple[float, float]], str]:
    """Nodes in the city's plane, and the coordinate system in which they were read."""
    if not places:
        raise BadInput(
            "none of its nodes has coordinates", file=file, place="[COORDINATES]", expected="x and y of each"
        )
    points = np.array(list(places.values()))
    around = frame.buffer(0.1 * max(frame.bounds[2] - frame.bounds[0], frame.bounds[3] - frame.bounds[1])).bounds
    for candidate in (crs,) if crs else (plane.epsg, "EPSG:4326"):
        moved = _moved(points, str(candidate), plane, file)
        inside = (moved >= around[:2]).all(axis=1) & (moved <= around[2:]).all(axis=1)
        if inside.mean() >= 0.5:
            rounded = np.round(moved, 3)
            return {name: (float(x), float(y)) for name, (x, y) in zip(places, rounded, strict=True)}, str(candidate)
    low, high = points.min(axis=0), points.max(axis=0)
    raise BadInput(
        f"its nodes lie at x {low[0]:g} to {high[0]:g}, y {low[1]:g} to {high[1]:g}, which is not in this city",
        file=file,
        place="[COORDINATES]",
        expected=f"{crs or plane.epsg} within {[round(v) for v in frame.bounds]}",
        remedy="name their coordinate system with --swmm-crs EPSG:N",
    )


def _moved(points: np.ndarray, crs: str, plane: Plane, file: Path) -> np.ndarray:
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    if crs == plane.epsg:
        return points
    try:
        x, y = Transformer.from_crs(crs, plane.epsg, always_xy=True).transform(*points.T)
    except ProjError as error:
        raise BadInput(f"no coordinate system is called {crs!r}", file=file, expected="e.g. EPSG:4547") from error
    return np.nan_to_num(np.column_stack([x, y]), posinf=1e12, neginf=-1e12)


def _bends(sections: dict[str, list[Line]], plane: Plane, crs: str, file: Path) -> dict[str, list[tuple[float, float]]]:
    """Bends of links by their name, in the city's plane."""
    found: dict[str, list[tuple[float, float]]] = {}
    rows = [(words[0], _number(words, 1, n, file), _number(words, 2, n, file)) for n, words in sections["VERTICES"]]
    if rows:
        moved = np.round(_moved(np.array([(x, y) for _, x, y in rows]), crs, plane, file), 3)
        for (name, _, _), (x, y) in zip(rows, moved, strict=True):
            found.setdefault(name, []).append((float(x), float(y)))
    return found


def _links(
    sections: dict[str, list[Line]],
    metre: float,
    placed: dict[str, tuple[float, float]],
    bends: dict[str, list[tuple[float, float]]],
    file: Path,
) -> list[dict[str, Any]]:
    shapes = {words[0]: (n, words) for n, words in sections["XSECTIONS"]}
    rows = []
    for number, name, kind, words in _each_link(sections):
        if len(words) < 3 or words[1] not in placed or words[2] not in placed:
            continue
        n, section = shapes.get(name, (0, [name, "none", "0"]))
        conduit = kind == "conduit"
        line = LineString([placed[words[1]], *bends.get(name, []), placed[words[2]]])
        rows.append(
            {
                "link_id": name,
                "kind": kind,
                "from_node": words[1],
                "to_node": words[2],
                "length_m": round(_number(words, 3, number, file) * metre if conduit else line.length, 3),
                "shape": section[1].lower(),
                "height_m": round(_number(section, 2, n, file, 0.0) * metre, 4) if section[1].upper() not in
                ("CUSTOM", "IRREGULAR", "STREET") else 0.0,
                "roughness": _number(words, 4, number, file) if conduit else 0.0,
                "geometry": line,
            }
        )  # fmt: skip
    return rows


def _each_link(sections: dict[str, list[Line]]) -> Iterator[tuple[int, str, str, list[str]]]:
    for section, kind in _LINKS.items():
        for number, words in sections[section]:
            yield number, words[0], kind, words
