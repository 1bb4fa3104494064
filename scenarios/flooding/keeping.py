"""A flood run's folder: what it was asked, its ledger, and its tables; written as a whole."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from networks import City, landing_folder
from networks.errors import BadInput
from scenarios.flooding.duty import Watch
from scenarios.flooding.member_run import FOOT_CLASSES, SHUT_CLASSES
from scenarios.flooding.storm_run import StormAnswer

FORMAT = "citytwin-flood-run-1"
WET_M = 0.01
"""Lanes, paths and doors with less water on the mean of the members are left out of the tables."""
WATCH_COLUMNS = (
    "place", "kind", "name", "name_zh", "lon", "lat", "trusted", "warn_m", "warn_chance", "warn_middle_s",
    "close_m", "chance", "first_s", "middle_s", "close_by_s", "deepest_low_m", "deepest_middle_m", "deepest_high_m",
    "caught", "detour", "detour_extra_s",
)  # fmt: skip


def save_run(
    folder: Path, city: City, answer: StormAnswer, watches: Sequence[Watch], about: dict[str, Any], *, trusted: bool
) -> None:
    """Write flood_run.json, places.csv, places.geojson, edges.csv, paths.csv, doors.csv, maps.npz and shut.npz.

    shut.npz: for each class of vehicle (members, edges) s after the begin from which on each closes, infinite: never.

    Where the terrain is for screening alone (`trusted` false), no depth, time or closure that rests on it is written;
    and no building (doors.csv) even where its depths are assumed: whether water stands at a wall or beside it is finer
    than such a terrain.

    Raises:
        StorageFailed: The disk is full or may not be written; nothing half-written is left.
    """
    rows = _rows(city, watches)
    with landing_folder(folder) as beside:
        head = {"format": FORMAT, "trusted": trusted, **about, "ledger_m3": answer.members[0].ledger_m3}
        head["ledger_error"] = max(one.ledger_error for one in answer.members)
        head["underpass_ledger_error"] = max(one.sump_error for one in answer.members)
        head["sentences"] = {one.place: one.sentence for one in watches}
        text = json.dumps(head, indent=1, ensure_ascii=False, allow_nan=False)
        (beside / "flood_run.json").write_text(text + "\n", encoding="utf-8")
        _write(beside / "places.csv", WATCH_COLUMNS, rows)
        (beside / "places.geojson").write_text(_geojson(rows), encoding="utf-8")
        if trusted:
            _write_lines(beside, city, answer)
            shut = {name: [one.shut_s[at] for one in answer.members] for at, name in enumerate(SHUT_CLASSES)}
            np.savez_compressed(beside / "shut.npz", **{k: np.array(v, dtype=np.float32) for k, v in shut.items()})  # type: ignore[arg-type]
        if trusted and not city.terrain().screening:
            _write_doors(beside / "doors.csv", city, np.mean([one.door_m for one in answer.members], axis=0))
        maps = {"chance": answer.chance} | ({"deepest_m": answer.deepest_m} if trusted else {})
        np.savez(beside / "maps.npz", **maps)  # type: ignore[arg-type]


def load_run(folder: Path) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """What the run was and its places, as `save_run` wrote them.

    Raises:
        BadInput: It is no flood run.
    """
    try:
        about = json.loads((folder / "flood_run.json").read_text(encoding="utf-8"))
        rows = list(csv.DictReader((folder / "places.csv").read_text(encoding="utf-8").splitlines()))
        if about["format"] != FORMAT:
            raise ValueError(f"format {about['format']!r}")
    except (OSError, ValueError, KeyError) as error:
        remedy = "make one: twin flood run CITY --out DIR"
        raise BadInput(f"no readable flood run: {error}", file=folder, remedy=remedy) from error
    return about, rows


def _rows(city: City, watches: Sequence[Watch]) -> list[dict[str, Any]]:
    from pyproj import Transformer

    to_degrees, rows = Transformer.from_crs(city.crs, "EPSG:4326", always_xy=True), []
    for one in watches:
        lon, lat = to_degrees.transform(one.x, one.y) if np.isfinite(one.x) else (None, None)
        row: dict[str, Any] = {"place": one.place, "kind": one.kind, "trusted": one.trusted}
        row |= {"name": one.name["en"], "name_zh": one.name["zh"]}
        row |= {"lon": _short(lon, 6), "lat": _short(lat, 6), "chance": round(one.close.chance, 3)}
        if one.trusted:
            low, middle, high = (round(value, 3) for value in one.deepest_m)
            row |= {"close_m": one.close.depth_m, "close_by_s": _short(one.close_by_s, 0)}
            row |= {"first_s": _short(one.close.first_s, 0), "middle_s": _short(one.close.middle_s, 0)}
            if one.warn is not None:
                row |= {"warn_m": one.warn.depth_m, "warn_chance": round(one.warn.chance, 3)}
                row["warn_middle_s"] = _short(one.warn.middle_s, 0)
            row |= {"deepest_low_m": low, "deepest_middle_m": middle, "deepest_high_m": high}
            row |= _effects(one)
        else:
            row["chance"] = ""
        rows.append({name: row.get(name, "") for name in WATCH_COLUMNS})
    return rows


def _effects(one: Watch) -> dict[str, Any]:
    """Vehicles caught in it if nobody closes it (mean of the members), and the way round."""
    told: dict[str, Any] = {"caught": "" if one.caught is None else round(float(one.caught.mean()), 2)}
    if one.detour is not None:
        told["detour"] = " ".join(one.detour.edges) or "none"
        told["detour_extra_s"] = _short(one.detour.extra_s if one.detour.edges else None, 0)
    return told


def _lines(
    ids: Sequence[str], first: str, deepest_m: np.ndarray, answer: StormAnswer, classes: Sequence[str]
) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """Columns and rows of lanes or paths that get wet."""
    columns = (first, "deepest_m", *(f"{name}_{what}" for name in classes for what in ("chance", "shut_s")))
    shut, rows = {name: answer.shut(name) for name in classes}, []
    for at in np.flatnonzero(deepest_m >= WET_M).tolist():
        row: dict[str, Any] = {first: ids[at], "deepest_m": round(float(deepest_m[at]), 3)}
        for name, (chance, middle) in shut.items():
            row[f"{name}_chance"] = round(float(chance[at]), 3)
            row[f"{name}_shut_s"] = _short(float(middle[at]) if np.isfinite(middle[at]) else None, 0)
        rows.append(row)
    return columns, rows


def _write_lines(folder: Path, city: City, answer: StormAnswer) -> None:
    """edges.csv and paths.csv."""
    names = ("edge_m", "link_m")
    mean = {name: np.mean([getattr(one, name) for one in answer.members], axis=0) for name in names}
    edges, links = city.layer("edges")["edge_id"].tolist(), city.layer("walk_links")["link_id"].tolist()
    _write(folder / "edges.csv", *_lines(edges, "edge_id", mean["edge_m"], answer, SHUT_CLASSES))
    _write(folder / "paths.csv", *_lines(links, "link_id", mean["link_m"], answer, FOOT_CLASSES))


def _write_doors(file: Path, city: City, depth_m: np.ndarray) -> None:
    houses = city.layer("buildings")["osm_id"].tolist()
    wet = np.flatnonzero(depth_m >= WET_M).tolist()
    _write(
        file, ("osm_id", "deepest_m"), [{"osm_id": houses[at], "deepest_m": round(float(depth_m[at]), 3)} for at in wet]
    )


def _short(value: float | None, digits: int) -> float | str:
    return "" if value is None else round(float(value), digits)


def _write(file: Path, columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, columns)
        table.writeheader()
        table.writerows(rows)


def _geojson(rows: Sequence[dict[str, Any]]) -> str:
    features = [
        {
            "type": "Feature",
            "geometry": None if row["lon"] == "" else {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
            "properties": {key: value for key, value in row.items() if key not in ("lon", "lat")},
        }
        for row in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1) + "\n"
