"""Buses in an hour on each street by a timetable: what a sensor that takes them for cars counts too much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models.sumo.streaming import read_elements
from networks.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

_HOUR_S = 3600.0


def timetable_rates(routes: pd.DataFrame, timetable: pd.DataFrame | None = None) -> dict[str, float]:
    """Buses in an hour of service by edge, from a city's imported timetable (GTFS).

    Departures over the time from the first to the last of the day; a route without departures runs at its headway.

    Args:
        routes: The layer `transit_routes`: route_id, mode, headway_s, edges.
        timetable: The table `timetable`: route_id, sequence, second; None where there is none.
    """
    leaving: dict[str, list[float]] = {}
    if timetable is not None:
        first = timetable[timetable["sequence"] == 0]
        for route, second in zip(first["route_id"], first["second"], strict=True):
            leaving.setdefault(str(route), []).append(float(second))
    rates: dict[str, float] = {}
    for route, headway_s, edges in zip(routes["route_id"], routes["headway_s"], routes["edges"], strict=True):
        moments = leaving.get(str(route), [])
        rate = _HOUR_S / float(headway_s) if float(headway_s) > 0 else 0.0
        if len(moments) > 1:
            rate = (len(moments) - 1) * _HOUR_S / max(max(moments) - min(moments), _HOUR_S)
        for edge in dict.fromkeys(str(edges).split()):
            rates[edge] = rates.get(edge, 0.0) + rate
    return rates


def route_file_rates(file: Path) -> dict[str, float]:
    """The same of a SUMO route file of buses: vehicles and flows with routes, over the time that they set out in.

    Raises:
        BadInput: It has no vehicle with a route.
    """
    ways: dict[str, Sequence[str]] = {}
    rows: list[tuple[str, Sequence[str], float, float, float]] = []  # route, edges, first, last departure, vehicles
    inside: list[tuple[float, float, float]] = []

    def start(name: str, items: Mapping[str, str], _line: int) -> None:
        if name == "vehicle":
            inside[:] = [(float(items["depart"]), float(items["depart"]), 1.0)]
        elif name == "flow":
            begin, end = float(items.get("begin", 0)), float(items.get("end", _HOUR_S))
            inside[:] = [(begin, end, _number(items, end - begin))]
        if name in ("vehicle", "flow") and "route" in items:
            rows.append((items["route"], (), *inside.pop()))
        elif name == "route" and inside:
            rows.append(("", items["edges"].split(), *inside.pop()))
        elif name == "route" and "id" in items:
            ways[items["id"]] = items["edges"].split()

    read_elements(file, start)
    if not rows:
        raise BadInput(
            "it has no vehicle with a route", file=file, expected="buses as <vehicle> or <flow> with a route"
        )
    span_s = max(max(row[3] for row in rows) - min(row[2] for row in rows), _HOUR_S)
    rates: dict[str, float] = {}
    for route, edges, _, _, vehicles in rows:
        for edge in dict.fromkeys(edges or ways.get(route, ())):
            rates[edge] = rates.get(edge, 0.0) + vehicles * _HOUR_S / span_s
    return rates


def _number(items: Mapping[str, str], long_s: float) -> float:
    if "number" in items:
        return float(items["number"])
    if "period" in items and items["period"].replace(".", "").isdigit():
        return long_s / float(items["period"])
    return float(items.get("vehsPerHour", 0)) * long_s / _HOUR_S
