"""Bad input found before the run: what a SUMO case asks for that its network does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NoReturn

from models.sumo.case import SumoCase
from models.sumo.demand import Asked, Reader, Spot
from models.sumo.net import NEWEST, NetFacts, read_net
from networks.errors import BadInput

_AGAIN = "build the routes again for this network (duarouter), or take the network that they were made for"


def check_case(case: SumoCase) -> tuple[str, ...]:
    """Read all that a case names, and hold it against its network.

    Returns:
        What is no fault and still worth knowing: an older network's version, a run without an end.

    Raises:
        BadInput: A file is missing or damaged, the network is newer than the installed SUMO, a route leads over edges
            that are gone or not joined, a plan has other links than its signal, demand starts or ends where its
            vehicles may not drive, or the end is never reached.
    """
    _check_files(case)
    net = read_net(case.net)
    reader = Reader()
    portions = float(case.options.get("route-steps", "200")) > 0
    for role, file in case.inputs:
        if role == "additional-files":
            reader.read(file, in_portions=False)
    for file in case.routes:
        reader.read(file, in_portions=portions)
    asked = reader.asked
    _check_plans(net, asked)
    _check_routes(net, asked, lenient=_on(case, "ignore-route-errors"))
    _check_ends(net, asked)
    if not _on(case, "junction-taz"):
        _check_zones(asked)
    _check_lanes(net, asked)
    _check_time(case, asked)
    return tuple(_notes(case, net))


def _on(case: SumoCase, option: str) -> bool:
    return case.options.get(option, "false").lower() in ("true", "1", "t", "yes", "on", "x")


def _notes(case: SumoCase, net: NetFacts) -> Iterator[str]:
    newest = ".".join(map(str, NEWEST))
    if net.version < NEWEST:
        version = ".".join(map(str, net.version))
        yield (
            f"{case.net.name} is a network of version {version}, the installed SUMO writes {newest}: it is read as it"
            " was built, without what newer netconverts would have written"
        )
    if case.end_s is None:
        yield "the configuration has no end: SUMO runs until the last vehicle is gone"


def _check_files(case: SumoCase) -> None:
    for role, file in case.inputs:
        if not file.is_file():
            raise BadInput(
                f"there is no such file: {file}",
                file=case.file,
                place=f"<{role}>",
                expected="files beside the configuration, as it names them",
                remedy="copy the missing file there, or correct its name",
            )


def _fail(what: str, spot: Spot, expected: str, remedy: str) -> NoReturn:
    raise BadInput(what, file=spot.file, place=spot.place, expected=expected, remedy=remedy)


def _check_plans(net: NetFacts, asked: Asked) -> None:
    for (signal, _, length), spot in asked.plans.items():
        if signal not in net.links:
            _fail(
                "the network has no such signal", spot, f"one of {_some(net.links)}", "give the signal's id in the net"
            )
        if length != net.links[signal] and length not in net.letters.get(signal, ()):
            _fail(
                f"a phase has {length} links, and the signal has {net.links[signal]}",
                spot,
                f"a state of {net.links[signal]} letters",
                "make the plan again for this network: its links have changed",
            )


def _check_routes(net: NetFacts, asked: Asked, *, lenient: bool) -> None:
    for (edges, kind), (spot, _) in asked.routes.items():
        way = edges.split()
        if not way:
            _fail("a route has no edges", spot, "at least one edge", _AGAIN)
        gone = [edge for edge in way if edge not in net.lanes and not edge.startswith(":")]
        if gone:
            more = sum(
                count for (e, _), (_, count) in asked.routes.items() if any(x not in net.lanes for x in e.split())
            )
            _fail(
                f"a route leads over edges that the network does not have: {_some(gone)}"
                + (f" ({more} routes do)" if more > 1 else ""),
                spot,
                "edges of the network",
                _AGAIN,
            )
        if not lenient:
            _check_way(net, asked, way, kind, spot)
    for (name, kind), spot in asked.route_uses.items():
        if name not in asked.named_routes:
            _fail(f"there is no route {name!r}", spot, "the id of a <route>", "define the route, or correct its id")
        edges_of = asked.named_routes[name]
        if edges_of and not lenient:
            _check_way(net, asked, edges_of.split(), kind, spot)


def _check_way(net: NetFacts, asked: Asked, way: list[str], kind: str, spot: Spot) -> None:
    classes = _classes(asked, kind, spot)
    shut = [edge for edge in way if classes and not edge.startswith(":") and not net.open_to_any(edge, classes)]
    if shut:
        _fail(
            f"the route leads over edges closed to {' and '.join(sorted(classes))}: {_some(shut)}",
            spot,
            "edges that its vehicle may use",
            _AGAIN,
        )
    for before, after in pairwise(way):
        if not asked.jumps and after not in net.follows.get(before, ()) and ":" not in (before[0], after[0]):
            _fail(
                f"no connection leads from edge {before} to edge {after}", spot, "edges that follow each other", _AGAIN
            )


def _check_ends(net: NetFacts, asked: Asked) -> None:
    for (edge, kind), spot in asked.ends.items():
        if edge not in net.lanes:
            _fail(f"the network has no edge {edge!r}", spot, "an edge of the network", _AGAIN)
        classes = _classes(asked, kind, spot)
        if classes and not net.open_to_any(edge, classes):
            _fail(
                f"demand starts or ends on edge {edge}, which is closed to {' and '.join(sorted(classes))}",
                spot,
                "an edge that the vehicle may use",
                "move the demand to an open edge, or open the edge",
            )


def _check_zones(asked: Asked) -> None:
    for (zone, side), spot in asked.zone_uses.items():
        word = ("starts in", "goes to")[side]
        if zone not in asked.zones:
            _fail(
                f"demand {word} zone {zone!r}, which is not defined", spot, "a <taz> of that id", "add the zones' file"
            )
        if not asked.zones[zone][side]:
            _fail(
                f"demand {word} zone {zone}, which is closed: it has no {('source', 'sink')[side]}",
                spot,
                "a zone with edges",
                "give the zone edges, or take its demand out",
            )


def _check_lanes(net: NetFacts, asked: Asked) -> None:
    for lane, spot in asked.lanes.items():
        edge, _, index = lane.rpartition("_")
        if edge.startswith(":"):
            continue
        if edge not in net.lanes or not index.isdigit() or int(index) >= len(net.lanes[edge]):
            _fail(f"the network has no lane {lane!r}", spot, "a lane of the network", "correct the lane's id")


def _check_time(case: SumoCase, asked: Asked) -> None:
    if case.end_s is not None and case.end_s <= case.begin_s:
        raise BadInput(
            f"the end ({case.end_s:g} s) does not come after the begin ({case.begin_s:g} s)",
            file=case.file,
            place="<end>",
            remedy="give --end, later than --begin",
        )
    if case.end_s is None:
        _check_endless(case, asked)
    if asked.unsorted:
        _fail(
            f"{len(asked.unsorted)} departures come after later ones: SUMO would leave them out",
            asked.unsorted[0],
            "vehicles sorted by departure in each route file",
            "sort the file (SUMO's tools/route/sort_routes.py), or set route-steps to 0",
        )
    first = min((low for low, _ in asked.departures.values()), default=None)
    if first is not None and case.end_s is not None and first >= case.end_s:
        raise BadInput(
            f"the first vehicle departs at {first:g} s, after the end ({case.end_s:g} s): nothing would drive",
            file=case.file,
            place="<end>",
            remedy=f"give --end, later than {first:g}",
        )
    last = max((high for _, high in asked.departures.values()), default=None)
    if last is not None and last < case.begin_s:
        raise BadInput(
            f"the last vehicle departs at {last:g} s, before the begin ({case.begin_s:g} s): nothing would drive",
            file=case.file,
            place="<begin>",
            remedy=f"give --begin, at most {last:g}",
        )


def _check_endless(case: SumoCase, asked: Asked) -> None:
    """Without an end, SUMO runs until the last vehicle is gone."""
    if asked.endless is not None:
        _fail(
            "a flow without an end in a run without an end: the end would never be reached",
            asked.endless,
            "an <end> in the configuration, or an end of the flow",
            "give --end SECONDS",
        )
    if float(case.options.get("time-to-teleport", "300")) <= 0:
        raise BadInput(
            "no end, and vehicles that stand for good are never moved: a jam would last for ever",
            file=case.file,
            place="<end>",
            remedy="give --end SECONDS, or a time-to-teleport above 0",
        )


def _classes(asked: Asked, kind: str, spot: Spot) -> frozenset[str]:
    """The classes a type may be of; empty where nothing is known of it."""
    if kind.startswith(":") or not kind:
        return frozenset({kind[1:]} if kind[1:] else ())
    if kind in asked.types:
        return frozenset({asked.types[kind]})
    if kind in asked.mixes:
        return frozenset(asked.types.get(name, "passenger") for name in asked.mixes[kind])
    if kind.startswith("DEFAULT_"):
        return frozenset()
    _fail(f"there is no vehicle type {kind!r}", spot, "the id of a <vType>", "add the file of vehicle types")


def _some(names: Iterable[str], most: int = 5) -> str:
    listed = list(dict.fromkeys(names))
    return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")
