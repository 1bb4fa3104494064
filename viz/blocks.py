"""A city's layers and a run's tables as packed blocks: what moves on the maps, one byte per thing and frame.

Codes of a byte:
    road speed   0..200 = ratio to the free speed x 200, 254 = closed, 255 = no vehicle in that interval
    flood depth  0 = less than 5 cm, else whole centimetres up to 254
    crowd        0 = nobody, else 1 + density x 40 per m2 (up to 6.3 per m2)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from viz.pack import pack, pack_areas, pack_lines

if TYPE_CHECKING:
    from geopandas import GeoDataFrame, GeoSeries
    from pandas import DataFrame

    from viz.story import Flood, MapCity

Bytes = npt.NDArray[np.uint8]
CLOSED, NO_VEHICLE = 254, 255
SPEED_STEPS, DENSITY_STEPS = 200, 40
SHOWN_DEPTH_M = 0.05
MOST_FLOOD_BYTES = 24_000_000
WIDTHS_M = {"motorway": 14, "trunk": 13, "primary": 12, "secondary": 10, "tertiary": 8}
GREEN_KINDS = frozenset(
    {"park", "grass", "forest", "garden", "meadow", "recreation_ground", "cemetery", "wood", "pitch", "village_green"}
)


def base_blocks(city: MapCity) -> dict[str, Any]:
    """Land, water, green, buildings and streets; `street_names` are labels in the city's own language."""
    edges = city.layer("edges")
    landuse = city.layer("landuse")
    green = landuse[landuse["kind"].isin(sorted(GREEN_KINDS))] if len(landuse) else landuse
    return {
        "land": pack_areas(_frame(city)),
        "water": pack_areas(_areas(city.layer("water"), 1.0)),
        "green": pack_areas(_areas(green, 1.5)),
        "buildings": pack_areas(_areas(city.layer("buildings"), 0.7)),
        "streets": pack_lines(road_lines(edges)),
        "street_width_m": pack(np.array([_width_m(kind) for kind in edges["highway"]], dtype=np.float32)),
        "street_names": street_names(edges),
        "box": [float(value) for value in _seen_box(city)],
    }


def road_lines(edges: GeoDataFrame, *, apart_m: float = 2.5) -> GeoSeries:
    """Edge lines simplified to 0.5 m, ready for packing; row i is edge i.

    The two directions of a street share one centre line: each is drawn `apart_m` to its own right.
    """
    from geopandas import GeoSeries
    from shapely import offset_curve
    from shapely.ops import substring

    lines = edges.geometry.simplify(0.5)
    if not len(lines):
        return lines
    if "highway" in edges:  # connectors beyond the map's border are no streets: a hair that nobody sees
        fiction = edges["highway"] == "outside"
        lines = lines.where(~fiction, lines.map(lambda line: substring(line, 0.0, 0.01)))
    ids = set(edges["edge_id"])
    paired = np.array([(e[1:] if e.startswith("-") else f"-{e}") in ids for e in edges["edge_id"]])
    shifted = offset_curve(lines.array, np.where(paired, -apart_m, 0.0))
    sane = [
        s if s.geom_type == "LineString" and len(s.coords) > 1 else line for s, line in zip(shifted, lines, strict=True)
    ]
    return GeoSeries(sane, crs=edges.crs, index=edges.index)


def street_names(edges: GeoDataFrame, *, most: int = 28, apart_m: float = 170.0) -> list[dict[str, Any]]:
    """Names of the longest streets: text, lon, lat and angle in degrees, placed on each street's longest edge."""
    if not len(edges):
        return []
    named = edges[edges["name"].fillna("").str.len() > 0]
    totals = named.groupby("name")["length_m"].sum().sort_values(ascending=False, kind="stable")
    longest = named.loc[named.groupby("name")["length_m"].idxmax()].set_index("name")
    taken: list[tuple[float, float]] = []
    chosen: list[tuple[str, Any, float]] = []
    for name in totals.index:
        line = longest.loc[name, "geometry"]
        middle = line.interpolate(0.5, normalized=True)
        if all(np.hypot(middle.x - x, middle.y - y) >= apart_m for x, y in taken):
            taken.append((middle.x, middle.y))
            chosen.append((str(name), middle, _angle_deg(line)))
        if len(chosen) == most:
            break
    places = _to_lonlat([middle for _, middle, _ in chosen], edges.crs)
    return [
        {"text": text, "lon": lon, "lat": lat, "angle": angle}
        for (text, _, angle), (lon, lat) in zip(chosen, places, strict=True)
    ]


def road_frames(
    edge_ids: Sequence[str], free_speed_mps: npt.NDArray[np.float64], table: DataFrame, times_s: npt.NDArray[np.float64]
) -> Bytes:
    """Codes (times, edges) of a traffic model's "edges" table: of the interval that each time lies in."""
    index = {edge_id: i for i, edge_id in enumerate(edge_ids)}
    table = table[table["edge_id"].isin(index)]
    kept, frame_of = _frames_at(table["time_s"].to_numpy(float), times_s)
    column = np.fromiter((index[e] for e in table["edge_id"]), dtype=np.int64, count=len(table))
    speed = table["speed_mps"].to_numpy(float)
    ratio = np.clip(speed / np.maximum(free_speed_mps[column], 0.1), 0.0, 1.0)
    code = np.where(np.isfinite(ratio), np.rint(np.nan_to_num(ratio) * SPEED_STEPS), NO_VEHICLE)
    if "entered" in table:
        idle = (table["entered"].to_numpy(float) <= 0) & (table["density_vpkm"].fillna(0).to_numpy(float) <= 0)
        code = np.where(idle, NO_VEHICLE, code)
    if "closed" in table:
        code = np.where(table["closed"].fillna(False).to_numpy(bool), CLOSED, code)
    written = np.full((len(kept) + 1, len(edge_ids)), NO_VEHICLE, dtype=np.uint8)
    rows = np.searchsorted(kept, table["time_s"].to_numpy(float))
    written[rows, column] = code.astype(np.uint8)
    return written[frame_of]


def crowd_frames(
    table: DataFrame, link_count: int, times_s: npt.NDArray[np.float64], links: npt.NDArray[np.int32] | None = None
) -> Bytes:
    """Codes (times, links) of a crowd model's "links" table; `links` chooses the columns (all of them when None)."""
    column = table["link_id"].to_numpy(np.int64)
    sane = (column >= 0) & (column < link_count)
    times, column = table["time_s"].to_numpy(float)[sane], column[sane]
    density = np.nan_to_num(table["density_pm2"].to_numpy(float)[sane])
    kept, frame_of = _frames_at(times, times_s)
    code = np.where(density > 0, 1 + np.minimum(np.rint(density * DENSITY_STEPS), 253), 0)
    written = np.zeros((len(kept) + 1, link_count), dtype=np.uint8)
    written[np.searchsorted(kept, times), column] = code.astype(np.uint8)
    chosen = written if links is None else written[:, links]
    return np.ascontiguousarray(chosen[frame_of])


def used_links(tables: Sequence[DataFrame]) -> npt.NDArray[np.int32]:
    """Walk links that anybody walks on in any of the tables, sorted."""
    used = [table.loc[table["walkers"] > 0, "link_id"].to_numpy(np.int32) for table in tables if len(table)]
    return np.unique(np.concatenate(used)) if used else np.empty(0, np.int32)


def flood_block(flood: Flood, crs: Any, times_s: npt.NDArray[np.float64]) -> dict[str, Any]:
    """Depth codes per frame and the four corners of the raster; cells are merged (deepest wins) to stay small."""
    frames, rows, cols = len(times_s), *flood.depth_m.shape[1:]
    merge = 1
    while frames * (rows // merge) * (cols // merge) > MOST_FLOOD_BYTES:
        merge += 1
    kept, frame_of = _frames_at(np.asarray(flood.times_s, float), times_s, held=True)
    dry = np.zeros((1, -(-rows // merge), -(-cols // merge)), np.uint8)
    coded = (
        np.stack([_coarse(_depth_codes(flood.depth_m[i]), merge) for i in range(len(kept))]) if len(kept) else dry[:0]
    )
    frames_u8 = np.concatenate([coded, dry])[frame_of]
    a, _, left, _, e, top = flood.transform
    right, bottom = left + a * merge * dry.shape[2], top + e * merge * dry.shape[1]
    corners = _to_lonlat_pairs([(left, bottom), (left, top), (right, top), (right, bottom)], crs)
    return {"frames": pack(frames_u8), "corners": corners, "cell_m": float(abs(a) * merge)}


def routes(calls: DataFrame, edges: GeoDataFrame) -> list[dict[str, Any]]:
    """One entry per answered call: its numbers and its route as [lon, lat] points, from the "calls" table."""
    import shapely

    lines = dict(zip(edges["edge_id"], edges.geometry.to_crs(4326), strict=True))
    found = []
    for row in calls.to_dict("records"):
        parts = [lines[edge] for edge in str(row.get("route") or "").split() if edge in lines]
        points = shapely.get_coordinates(parts).round(6) if parts else np.empty((0, 2))
        found.append(
            {
                "call_id": str(row["call_id"]),
                "unit_id": _text(row.get("unit_id")),
                "time_s": _number(row.get("time_s")),
                "dispatch_s": _number(row.get("dispatch_s")),
                "arrival_s": _number(row.get("arrival_s")),
                "response_s": _number(row.get("response_s")),
                "max_depth_m": _number(row.get("max_depth_m")),
                "path": points.tolist(),
            }
        )
    return found


def _frames_at(
    table_times_s: npt.NDArray[np.float64], wanted_s: npt.NDArray[np.float64], *, held: bool = False
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Distinct times of a table and, per wanted time, the index of the interval that it lies in, or the spare row.

    A row stands for the interval that begins at its time and is as long as the table's shortest step (60 s when there
    is but one); with `held` it stands until the next one.
    """
    kept = np.unique(table_times_s)
    index = np.searchsorted(kept, wanted_s + 1e-6, side="right") - 1
    step = float(np.diff(kept).min()) if len(kept) > 1 else 60.0
    over = np.zeros(len(wanted_s), bool) if held or not len(kept) else wanted_s > kept[index] + step
    return kept, np.where((index < 0) | over, len(kept), index)


def _depth_codes(depth_m: npt.NDArray[np.float32]) -> Bytes:
    whole_cm = np.minimum(np.rint(np.nan_to_num(depth_m) * 100), 254)
    return np.where(depth_m >= SHOWN_DEPTH_M, whole_cm, 0).astype(np.uint8)


def _coarse(codes: Bytes, merge: int) -> Bytes:
    if merge == 1:
        return codes
    rows, cols = codes.shape
    padded = np.pad(codes, ((0, -rows % merge), (0, -cols % merge)))
    blocks = padded.reshape(padded.shape[0] // merge, merge, padded.shape[1] // merge, merge)
    return np.asarray(blocks.max(axis=(1, 3)))


def _areas(layer: GeoDataFrame, tolerance_m: float) -> GeoSeries:
    shapes = layer.geometry
    return shapes.simplify(tolerance_m) if len(shapes) else shapes


def _frame(city: MapCity) -> GeoSeries:
    from geopandas import GeoSeries
    from shapely import box

    return GeoSeries([box(*city.bounds)], crs=city.crs)


def _seen_box(city: MapCity) -> tuple[float, ...]:
    """Where a map opens, degrees: all streets and a little more, not the open sea of a harbour town."""
    from geopandas import GeoSeries
    from shapely import box

    edges = city.layer("edges")
    if not len(edges):
        return tuple(_frame(city).to_crs(4326).total_bounds)
    minx, miny, maxx, maxy = edges.total_bounds
    room = 0.02 * max(maxx - minx, maxy - miny)
    seen = box(minx - room, miny - room, maxx + room, maxy + room).intersection(box(*city.bounds))
    return tuple(GeoSeries([seen], crs=city.crs).to_crs(4326).total_bounds)


def _width_m(highway: Any) -> float:
    return WIDTHS_M.get(str(highway).split(".")[-1].removesuffix("_link"), 5)


def _angle_deg(line: Any) -> float:
    a, b = line.interpolate(0.35, normalized=True), line.interpolate(0.65, normalized=True)
    angle = float(np.degrees(np.arctan2(b.y - a.y, b.x - a.x)))
    return round(angle - 180 if angle > 90 else angle + 180 if angle < -90 else angle, 1)


def _to_lonlat(points: Sequence[Any], crs: Any) -> list[list[float]]:
    return _to_lonlat_pairs([(point.x, point.y) for point in points], crs)


def _to_lonlat_pairs(pairs: Sequence[tuple[float, float]], crs: Any) -> list[list[float]]:
    from geopandas import GeoSeries
    from shapely import points

    if not pairs:
        return []
    moved = GeoSeries(points(np.asarray(pairs, float)), crs=crs).to_crs(4326)
    return [[round(float(x), 6), round(float(y), 6)] for x, y in zip(moved.x, moved.y, strict=True)]


def lonlat(pairs: Sequence[tuple[float, float]], crs: Any) -> list[list[float]]:
    """[[lon, lat], ...] of x, y in metres."""
    return _to_lonlat_pairs(pairs, crs)


def _number(value: Any) -> float | None:
    return round(float(value), 2) if value is not None and np.isfinite(float(value)) else None


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def frame_times(shown_s: tuple[float, float], *, most: int = 91) -> npt.NDArray[np.float64]:
    """Whole minutes from the first to the last shown time, at most `most` of them."""
    begin, end = shown_s
    step = 60.0
    while (end - begin) / step + 1 > most:
        step += 60.0
    return np.arange(begin, end + 1e-6, step)


def marker_rows(markers: Sequence[Any], crs: Any) -> list[dict[str, Any]]:
    """Markers as rows for the page: kind, label, lon, lat."""
    places = lonlat([(marker.x, marker.y) for marker in markers], crs)
    return [
        {"kind": marker.kind, "label": marker.label, "lon": lon, "lat": lat}
        for marker, (lon, lat) in zip(markers, places, strict=True)
    ]


def walk_block(city: MapCity, links: npt.NDArray[np.int32] | None = None) -> Mapping[str, Any]:
    """Lines of the walk links (all of them, or those asked for), in order."""
    layer = city.layer("walk_links")
    chosen = layer if links is None else layer.iloc[links]
    return pack_lines(chosen.geometry.simplify(0.5) if len(chosen) else chosen.geometry)
