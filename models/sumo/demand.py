"""What route and additional files ask of a network, read once for a check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from models.sumo.streaming import read_elements

DEPARTING = ("vehicle", "trip", "flow", "person", "personFlow", "container", "containerFlow")
ENDLESS_S = 86400.0 * 365
_ON_LANES = (
    "stop", "busStop", "trainStop", "containerStop", "parkingArea", "chargingStation", "e1Detector", "inductionLoop",
    "instantInductionLoop", "e2Detector", "laneAreaDetector", "detEntry", "detExit",
)  # fmt: skip
_FREE = ("walk", "personTrip", "ride", "transport", "tranship")


class Spot(NamedTuple):
    """Where something is said: the file, the line, and whose it is."""

    file: Path
    line: int
    what: str

    @property
    def place(self) -> str:
        """In words."""
        return f"line {self.line}, {self.what}"


@dataclass
class Asked:
    """All that files ask for.

    Attributes:
        routes: (edges as written, vehicle type) -> where it is asked for first, and how often.
        ends: (edge, vehicle type) -> where a trip from or to it is asked for first.
        named_routes: Route id -> edges as written; None for a distribution of routes.
        route_uses: (route id, vehicle type) -> where it is driven first.
        types: Vehicle type -> its class.
        mixes: Distribution of types -> its types.
        zones: Zone -> number of its (sources, sinks).
        zone_uses: (zone, 0 as origin or 1 as destination) -> where first.
        lanes: Lane -> where something is put on it first.
        plans: (signal, programme, length of a phase's state) -> where first.
        departures: File -> (first, last) departure in it, s.
        unsorted: Departures that come after a later one in a file: SUMO leaves them out.
        endless: A flow without an end, where there is one.
        jumps: A vehicle is lifted from one stop to the next: its route need not be joined.
    """

    routes: dict[tuple[str, str], tuple[Spot, int]] = field(default_factory=dict)
    ends: dict[tuple[str, str], Spot] = field(default_factory=dict)
    named_routes: dict[str, str | None] = field(default_factory=dict)
    route_uses: dict[tuple[str, str], Spot] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    mixes: dict[str, list[str]] = field(default_factory=dict)
    zones: dict[str, list[int]] = field(default_factory=dict)
    zone_uses: dict[tuple[str, int], Spot] = field(default_factory=dict)
    lanes: dict[str, Spot] = field(default_factory=dict)
    plans: dict[tuple[str, str, int], Spot] = field(default_factory=dict)
    departures: dict[Path, tuple[float, float]] = field(default_factory=dict)
    unsorted: list[Spot] = field(default_factory=list)
    endless: Spot | None = None
    jumps: bool = False


class Reader:
    """Reads files into `asked`, one after another."""

    def __init__(self) -> None:
        self.asked = Asked()
        self._file, self._sorted = Path(), True
        self._mix: str | None = None
        self._who: tuple[str, str] | None = None
        self._signal = ("", "")
        self._zone: str | None = None

    def read(self, file: Path, *, in_portions: bool) -> None:
        """Read one file; `in_portions`: SUMO reads it while it runs, so departures must be sorted.

        Raises:
            BadInput: It is missing or damaged.
        """
        self._file, self._sorted = file, in_portions
        self._mix = self._who = self._zone = None
        read_elements(file, self._start, self._end)

    def _spot(self, line: int, what: str) -> Spot:
        return Spot(self._file, line, what)

    def _start(self, name: str, items: Mapping[str, str], line: int) -> None:
        if name == "route":
            self._route(items, line)
        elif name in DEPARTING:
            self._depart(name, items, line)
        elif name in _FREE:
            self._trip((self._who[0] if self._who else name, ""), items, line)
        elif name == "vType" or name == "vTypeDistribution":
            self._type(name, items)
        elif name in ("tlLogic", "phase"):
            self._plan(name, items, line)
        elif name.lower().startswith("taz"):
            self._taz(name, items)
        elif name == "routeDistribution" and "id" in items:
            self.asked.named_routes[items["id"]] = None
        if name == "stop" and "jump" in items:
            self.asked.jumps = True
        if name in _ON_LANES and "lane" in items:
            whose = f"{name} {items.get('id', '')}".strip()
            self.asked.lanes.setdefault(items["lane"], self._spot(line, whose))

    def _end(self, name: str) -> None:
        if name == "vTypeDistribution":
            self._mix = None
        elif name in DEPARTING:
            self._who = None

    def _route(self, items: Mapping[str, str], line: int) -> None:
        edges = items.get("edges")
        if edges is None:
            return
        edges = " ".join(edges.split())
        if self._who is not None:
            key = (edges, self._who[1])
            whose = self._who[0]
        else:
            self.asked.named_routes[items.get("id", "")] = edges
            key, whose = (edges, ""), f"route {items.get('id', '')}"
        known = self.asked.routes.get(key)
        self.asked.routes[key] = (known[0], known[1] + 1) if known else (self._spot(line, whose), 1)

    def _depart(self, name: str, items: Mapping[str, str], line: int) -> None:
        default = "pedestrian" if name.startswith("person") else "" if name.startswith("container") else "passenger"
        kind = items.get("type") or f":{default}"
        self._who = (f"{name} {items.get('id', '')}", kind)
        spot = self._spot(line, self._who[0])
        if "route" in items:
            self.asked.route_uses.setdefault((items["route"], kind), spot)
        self._trip(self._who, items, line)
        if name.lower().endswith("flow") and not {"end", "number"} & set(items):
            self.asked.endless = self.asked.endless or spot
        first = seconds(items.get("depart" if "depart" in items else "begin", ""))
        if first is None:
            return
        low, high = self.asked.departures.get(self._file, (first, first))
        if self._sorted and first < high:
            self.asked.unsorted.append(spot)
        last = max(high, first, seconds(items.get("end", "")) or 0.0)
        self.asked.departures[self._file] = (min(low, first), max(high, first) if self._sorted else last)

    def _trip(self, who: tuple[str, str], items: Mapping[str, str], line: int) -> None:
        spot = self._spot(line, who[0])
        for key in ("from", "to"):
            if key in items:
                self.asked.ends.setdefault((items[key], who[1]), spot)
        for side, key in enumerate(("fromTaz", "toTaz")):
            if key in items:
                self.asked.zone_uses.setdefault((items[key], side), spot)

    def _type(self, name: str, items: Mapping[str, str]) -> None:
        own = items.get("id", "")
        if name == "vTypeDistribution":
            self._mix = own
            self.asked.mixes[own] = items.get("vTypes", "").split()
            return
        self.asked.types[own] = items.get("vClass", "passenger")
        if self._mix is not None:
            self.asked.mixes[self._mix].append(own)

    def _plan(self, name: str, items: Mapping[str, str], line: int) -> None:
        if name == "tlLogic":
            self._signal = (items.get("id", ""), items.get("programID", ""))
        elif "state" in items:
            key = (*self._signal, len(items["state"]))
            whose = f"signal {self._signal[0]}, programme {self._signal[1]}"
            self.asked.plans.setdefault(key, self._spot(line, whose))

    def _taz(self, name: str, items: Mapping[str, str]) -> None:
        own = items.get("id", "")
        if name in ("taz", "TAZ"):
            self._zone = own
            edges = len(items.get("edges", "").split())
            self.asked.zones[own] = [edges, edges]
        elif self._zone is not None and name in ("tazSource", "tazSink"):
            self.asked.zones[self._zone][name == "tazSink"] += 1


def seconds(text: str) -> float | None:
    """A time as SUMO writes it; None for words such as `triggered`."""
    try:
        return float(text)
    except ValueError:
        parts = text.split(":")
        if len(parts) in (3, 4) and all(part.replace(".", "", 1).isdigit() for part in parts):
            days, hours, minutes, rest = ([0.0] + [float(part) for part in parts])[-4:]
            return ((days * 24 + hours) * 60 + minutes) * 60 + rest
        return None
