"""Assignment problems as TNTP text: the format of the Transportation Networks repository."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.assignment.network import Floats, FlowNetwork, Ints, UserClass
from networks.errors import BadInput
from networks.landing import landing_file
from networks.text_file import read_text

_COLUMNS = 7
_META = re.compile(r"<\s*([^>]+?)\s*>\s*([^\n]*)")
_END = "END OF METADATA"
_ENDLESS = 1e9


@dataclass(frozen=True)
class Tntp:
    """A network file.

    Attributes:
        network: Times and costs in the unit of the file (mostly minutes); zone i is node i.
        length: (links,) in the unit of the file.
    """

    network: FlowNetwork
    length: Floats


def read_network(file: Path) -> Tntp:
    """Read a `_net.tntp` file.

    Columns: init node, term node, capacity, length, free flow time, b, power; the rest is passed over. Zones below
    FIRST THRU NODE are not passed by others' trips.

    Raises:
        BadInput: Names the line that cannot be read, or the number of links that is not the one stated.
    """
    meta, body = _parts(file)
    zones, nodes = (_whole(meta, name, file) for name in ("NUMBER OF ZONES", "NUMBER OF NODES"))
    first_through = _whole(meta, "FIRST THRU NODE", file) if "FIRST THRU NODE" in meta else 1
    rows = []
    for line, text in body:
        cells = text.split(";")[0].split()
        try:
            rows.append([float(cell) for cell in cells[:_COLUMNS]])
        except ValueError:
            raise BadInput(f"{text.strip()!r} is no link", file=file, place=f"line {line}") from None
        if len(cells) < _COLUMNS or not all(math.isfinite(value) for value in rows[-1]):
            raise BadInput("a link lacks a number", file=file, place=f"line {line}", expected="at least 7 columns")
    stated = _whole(meta, "NUMBER OF LINKS", file) if "NUMBER OF LINKS" in meta else len(rows)
    if stated != len(rows):
        raise BadInput(f"{len(rows)} links, and it says {stated}", file=file, remedy="get the file again: it is cut")
    table = np.array(rows).reshape(-1, _COLUMNS)
    network = FlowNetwork(
        nodes=nodes,
        tail=(table[:, 0] - 1).astype(np.int32),
        head=(table[:, 1] - 1).astype(np.int32),
        zone_node=np.arange(zones, dtype=np.int32),
        through=np.arange(1, zones + 1) >= first_through,
        free=table[:, 4],
        capacity=table[:, 2],
        alpha=table[:, 5],
        power=table[:, 6],
    )
    return Tntp(network, table[:, 3])


def read_trips(file: Path) -> UserClass:
    """Read a `_trips.tntp` file as the class `car`.

    Raises:
        BadInput: Names the line that cannot be read; the total is not the one stated.
    """
    meta, body = _parts(file)
    zones = _whole(meta, "NUMBER OF ZONES", file)
    trips = np.zeros((zones, zones))
    origin = None
    for line, text in body:
        place = f"line {line}"
        if text.strip().lower().startswith("origin"):
            origin = _zone(text.split()[1], zones, file, place)
            continue
        for part in filter(None, (one.strip() for one in text.split(";"))):
            column, _, amount = part.partition(":")
            if origin is None or not amount:
                raise BadInput(f"{part!r} is no pair of zone and trips", file=file, place=place)
            trips[origin, _zone(column, zones, file, place)] = _number(amount, file, place)
    total = meta.get("TOTAL OD FLOW")
    if total and not math.isclose(float(total), float(trips.sum()), rel_tol=1e-3):
        raise BadInput(f"the trips add up to {trips.sum():g}, and it says {total}", file=file)
    return UserClass("car", trips)


def read_flows(file: Path) -> tuple[Ints, Ints, Floats]:
    """Read a `_flow.tntp` file: nodes (from 0) where links begin and end, and their flows.

    Raises:
        BadInput: Names the line that cannot be read.
    """
    rows = []
    for line, text in _lines(file):
        cells = text.replace(":", " ").replace(";", " ").split()
        if len(cells) >= 3 and cells[0].isdigit():
            rows.append((int(cells[0]) - 1, int(cells[1]) - 1, _number(cells[2], file, f"line {line}")))
    if not rows:
        raise BadInput("it holds no flows", file=file, expected="columns From, To, Volume, Cost")
    tails, heads, volumes = zip(*rows, strict=True)
    return np.array(tails, dtype=np.int32), np.array(heads, dtype=np.int32), np.array(volumes)


def write_network(file: Path, problem: Tntp) -> None:
    """Write a network as `_net.tntp`, whole or not at all.

    Raises:
        BadInput: Zone i is not node i, or zones that may be passed come before ones that may not.
        StorageFailed: The disk is full or may not be written.
    """
    network = problem.network
    through = network.through
    first = int(through.argmax()) if through.any() else network.zones
    if not np.array_equal(network.zone_node, np.arange(network.zones)) or not through[first:].all():
        raise BadInput("such a network cannot be written as TNTP", expected="zones first, those not to be passed ahead")
    lines = [
        f"<NUMBER OF ZONES> {network.zones}\n<NUMBER OF NODES> {network.nodes}\n<FIRST THRU NODE> {first + 1}\n",
        f"<NUMBER OF LINKS> {network.links}\n<{_END}>\n\n",
        "~\tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;\n",
    ]
    capacity = np.where(np.isfinite(network.capacity), network.capacity, _ENDLESS)
    for row in range(network.links):
        numbers = (capacity, problem.length, network.free, network.alpha, network.power)
        cells = "\t".join(repr(float(column[row])) for column in numbers)
        lines.append(f"\t{network.tail[row] + 1}\t{network.head[row] + 1}\t{cells}\t0\t0\t1\t;\n")
    _write(file, lines)


def write_trips(file: Path, one: UserClass) -> None:
    """Write the trips of a class as `_trips.tntp`, whole or not at all.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    zones = len(one.trips)
    lines = [f"<NUMBER OF ZONES> {zones}\n<TOTAL OD FLOW> {float(one.trips.sum())!r}\n<{_END}>\n\n"]
    for origin in range(zones):
        lines.append(f"\nOrigin {origin + 1}\n")
        lines += [f"{d + 1:5d} : {float(one.trips[origin, d])!r};\n" for d in np.flatnonzero(one.trips[origin])]
    _write(file, lines)


def write_flows(file: Path, network: FlowNetwork, flow: Floats, time: Floats) -> None:
    """Write link flows and times as `_flow.tntp`, whole or not at all.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    lines = ["From \tTo \tVolume \tCost \n"]
    for tail, head, volume, cost in zip(network.tail + 1, network.head + 1, flow, time, strict=True):
        lines.append(f"{tail} \t{head} \t{float(volume)!r} \t{float(cost)!r} \n")
    _write(file, lines)


def _write(file: Path, lines: list[str]) -> None:
    with landing_file(Path(file)) as beside:
        beside.write_text("".join(lines), encoding="utf-8")


def _lines(file: Path) -> list[tuple[int, str]]:
    text = read_text(file)
    return list(enumerate(text.splitlines(), 1))


def _parts(file: Path) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """What stands in angle brackets, and the other lines but comments."""
    meta: dict[str, str] = {}
    lines = _lines(file)
    for at, (_, text) in enumerate(lines):
        found = _META.match(text.strip())
        if found and found[1].upper() == _END:
            return meta, [(n, t) for n, t in lines[at + 1 :] if t.strip() and not t.lstrip().startswith("~")]
        if found:
            meta[found[1].upper()] = found[2].strip()
    raise BadInput(f"it has no <{_END}>", file=file, expected="a file of the TNTP format")


def _whole(meta: dict[str, str], name: str, file: Path) -> int:
    text = meta.get(name, "")
    if not text.isdigit():
        raise BadInput(f"<{name}> is {text or 'missing'}", file=file, expected="a whole number")
    return int(text)


def _zone(text: str, zones: int, file: Path, place: str) -> int:
    if not text.strip().isdigit() or not 1 <= int(text) <= zones:
        raise BadInput(f"{text.strip()!r} is no zone", file=file, place=place, expected=f"1 to {zones}")
    return int(text) - 1


def _number(text: str, file: Path, place: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise BadInput(f"{text.strip()!r} is no flow", file=file, place=place, expected="a finite number of 0 or more")
    return value
