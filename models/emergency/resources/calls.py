"""Calls as CSV: who needs help, where, from when on; a call that no road leads to says so instead of failing."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from models.emergency.planning import Call
from models.emergency.resources.table import call_kinds
from networks.errors import BadInput
from networks.imports.table_text import read_rows
from networks.places.nearest_road import NearestRoad
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import City

COLUMNS = ("call_id", "time", "lon", "lat")
MORE = ("kind", "priority", "needs", "on_scene_s", "speciality")
FAR_M = 150.0
"""Further from any road than this, a call is told to be off the road (guess)."""


def read_calls(file: Path | str, city: City, begin: datetime) -> tuple[Call, ...]:
    """Calls from a CSV file, by time.

    Columns: call_id, time (ISO 8601 with UTC offset, or seconds since `begin`), lon, lat; perhaps kind (`medical` by
    default), priority (1 to 3, 1 first), needs (skills, space between), on_scene_s, speciality (of the hospital).
    A call in the water, beyond the map or far from any road is no error: it gets the nearest road and a note.

    Raises:
        BadInput: It cannot be read, columns are missing or unknown, or a value is none; told with the line.
    """
    file = Path(file)
    header, rows = read_rows(file)
    missing, odd = set(COLUMNS) - set(header), set(header) - set(COLUMNS + MORE)
    if missing or odd:
        what = f"columns are missing: {', '.join(sorted(missing))}" if missing else f"unknown columns: {sorted(odd)}"
        raise BadInput(what, file=file, place="line 1", expected=",".join(COLUMNS + MORE))
    roads, calls, seen = NearestRoad(city, "emergency"), list[Call](), dict[str, int]()
    for line, cells in rows:
        row = dict(zip(header, cells, strict=True))
        first = seen.setdefault(row["call_id"], line)
        if first != line or not row["call_id"]:
            what = f"call {row['call_id']!r} is in line {first} already" if row["call_id"] else "the call has no id"
            raise BadInput(what, file=file, place=f"line {line}", remedy="give each call its own id")
        try:
            calls.append(_call(row, roads, begin))
        except BadInput as error:
            what = f"call {row['call_id']}: {error.what}"
            raise BadInput(
                what, file=file, place=f"line {line}", expected=error.expected, remedy=error.remedy
            ) from error
    return tuple(sorted(calls, key=lambda call: (call.time_s, call.priority, call.call_id)))


def _call(row: dict[str, str], roads: NearestRoad, begin: datetime) -> Call:
    kind = row.get("kind") or "medical"
    if kind not in call_kinds():
        raise BadInput(f"there is no kind of call {kind}", expected=", ".join(call_kinds()))
    lon, lat = _number(row["lon"], "lon", -180, 180), _number(row["lat"], "lat", -90, 90)
    edge, away_m, note = call_place(roads, lon, lat)
    stay = _number(row["on_scene_s"], "on_scene_s", 0, 1e6) if row.get("on_scene_s") else math.nan
    return Call(
        row["call_id"],
        _time(row["time"], begin),
        edge,
        kind,
        int(_number(row.get("priority") or "1", "priority", 1, 3)),
        needs=tuple((row.get("needs") or "").split()),
        on_scene_s=stay,
        speciality=row.get("speciality") or "",
        off_road_m=away_m,
        note=note,
    )


def call_place(roads: NearestRoad, lon: float, lat: float) -> tuple[str, float, Sentence | None]:
    """The road nearest to a call, how far it is (m), and what has to be said about that, or None."""
    try:
        x, y = roads.plane(lon, lat)
    except BadInput as error:
        edge, away_m = roads.to(*roads.clipped(lon, lat))
        told = say(
            f"{error.what}; the nearest road on it is {edge}; next best: hand the call to the neighbours",
            f"位置不在地图内；最近道路为{edge}；次优：移交邻近力量",
        )
        return edge, away_m, told
    edge, away_m = roads.to(x, y)
    water = roads.water(x, y)
    if water:
        return (
            edge,
            away_m,
            say(
                f"the place lies in the water ({water}): a boat is needed, launched {away_m:.0f} m away at {edge}",
                f"位置在水中（{water}）：需要船只，可从{away_m:.0f}米外的{edge}下水",
            ),
        )
    if away_m > FAR_M:
        return (
            edge,
            away_m,
            say(
                f"no road leads there: the nearest, {edge}, is {away_m:.0f} m away; the rest is on foot",
                f"没有道路直达：最近道路{edge}在{away_m:.0f}米外，其余步行",
            ),
        )
    return edge, away_m, None


def _time(text: str, begin: datetime) -> float:
    try:
        return _number(text, "time", -1e9, 1e9)
    except BadInput:
        pass
    try:
        when = datetime.fromisoformat(text)
        return (when - begin).total_seconds()
    except (ValueError, TypeError):
        expected = "ISO 8601 with a UTC offset, like 2026-07-17T17:00:00+03:00, or seconds since the run's begin"
        raise BadInput(f"{text!r} is no time", expected=expected) from None


def _number(text: str, name: str, least: float, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise BadInput(f"{name} is {text!r}", expected=f"a number from {least:g} to {most:g}")
    return value
