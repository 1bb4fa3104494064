"""What SUMO is given: checked first, then written as files."""

from __future__ import annotations

import dataclasses
import itertools
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from models.traffic.car_park import CarPark
from models.traffic.transit import stops_xml
from models.traffic.trips import Closure, VehicleTrip
from models.traffic.vehicle_types import VEHICLE_TYPES, VehicleType
from networks.errors import BadInput

if TYPE_CHECKING:
    from networks import SignalPlan

EDGE_ATTRIBUTES = "sampledSeconds speed density occupancy entered waitingTime timeLoss"
"""What SUMO tells of each edge and interval."""
PATIENT = ".patient"
"""Behind a type's name: the same vehicle, which SUMO never moves on however long it stands in a queue."""


INFORMED = ".informed"
"""Behind a type's name: the same vehicle, built with SUMO's rerouting device. A device that is given to a vehicle
while it waits to enter was seen to end SUMO 1.28 with a segmentation fault when its first period was over."""


def check_trips(net_file: Path, trips: Sequence[VehicleTrip]) -> None:
    """Every route exists in the net for its vehicle's class, and every name is used once.

    Raises:
        BadInput: Names the vehicle and the edge that is gone, closed to its class, or not joined to the next.
    """
    classes = sorted({VEHICLE_TYPES[t.vtype].vclass for t in trips if t.vtype in VEHICLE_TYPES})
    edges, joined = _what_is_driven(net_file, classes)
    seen: set[str] = set()
    good: dict[str, set[tuple[str, ...]]] = {name: set() for name in classes}
    for trip in trips:
        place = f"trip {trip.vehicle_id}"
        if trip.vehicle_id in seen:
            raise BadInput("two trips have the same name", place=place)
        seen.add(trip.vehicle_id)
        if trip.vtype not in VEHICLE_TYPES:
            raise BadInput(f"unknown vehicle type {trip.vtype!r}", place=place, expected=", ".join(VEHICLE_TYPES))
        if not trip.route or not trip.depart_s >= 0:
            raise BadInput("a trip needs a route and a departure at or after 0 s", place=place)
        if trip.stops and not _in_order([call.edge_id for call in trip.stops], trip.route):
            raise BadInput("its stops do not lie along its route, in order", file=net_file, place=place)
        vclass = VEHICLE_TYPES[trip.vtype].vclass
        if trip.route in good[vclass]:
            continue
        wrong = _fault(trip.route, edges[vclass], joined[vclass])
        if wrong:
            raise BadInput(f"{wrong} (for {vclass})", file=net_file, place=place, remedy="draw the demand again")
        good[vclass].add(trip.route)


def check_closures(edge_ids: Sequence[str], closures: Sequence[Closure]) -> None:
    """Closed edges exist and end after they begin.

    Raises:
        BadInput: Names the closure.
    """
    known = set(edge_ids)
    for closure in closures:
        if closure.edge_id not in known:
            raise BadInput(f"closed edge {closure.edge_id} is not in the city", place=f"closure {closure.edge_id}")
        if not closure.end_s > closure.begin_s:
            raise BadInput("a closure ends before it begins", place=f"closure {closure.edge_id}")


def check_parking(trips: Sequence[VehicleTrip], parks: Sequence[CarPark]) -> None:
    """Every wish is for car parks that are there, and its trip ends at the first; every park has a name of its own.

    Raises:
        BadInput: Names the trip or the car park.
    """
    road = {park.park_id: park.edge_id for park in parks}
    if len(road) < len(parks):
        raise BadInput("two car parks have the same id", place="car_parks")
    for trip in trips:
        for park in trip.parking.parks if trip.parking else ():
            if park not in road:
                raise BadInput(f"there is no car park {park!r}", place=f"trip {trip.vehicle_id}")
        if trip.parking and (not trip.parking.parks or road[trip.parking.parks[0]] != trip.route[-1] or trip.held):
            raise BadInput(
                "a trip to a car park ends at another road, or is held back", place=f"trip {trip.vehicle_id}",
                expected="a route that ends at the entrance of the first car park wished for",
            )  # fmt: skip


def write_routes(trips: Sequence[VehicleTrip], path: Path, parks: Sequence[CarPark] = ()) -> None:
    """Vehicle types, and the trips that nobody holds back, as a SUMO route file, by departure."""
    entrance = {park.park_id: park for park in parks}
    with path.open("w", encoding="utf-8") as out:
        out.write("<routes>\n")
        for kind in VEHICLE_TYPES.values():
            out.write(_type_xml(kind, kind.name, {}))
        for name in sorted({t.vtype for t in trips if t.parking}):
            out.write(_type_xml(VEHICLE_TYPES[name], name + PATIENT, {"timeToTeleport": "-1"}))
        for name in sorted({t.vtype for t in trips if t.held and t.reroutes}):
            out.write(_type_xml(VEHICLE_TYPES[name], name + INFORMED, {}, {"has.rerouting.device": "true"}))
        for trip in sorted((t for t in trips if t.made and not t.held), key=lambda t: (t.depart_s, t.vehicle_id)):
            hears = trip.reroutes and trip.depart_s >= trip.reroutes_from_s
            device = '<param key="has.rerouting.device" value="true"/>' if hears else ""
            driven_as = trip.vtype + PATIENT * (trip.parking is not None)
            out.write(
                f'<vehicle id={quoteattr(trip.vehicle_id)} type="{driven_as}" depart="{trip.depart_s:.2f}" '
                f'speedFactor="{trip.speed_factor:.4f}" departLane="{trip.depart_lane}" departPos="{trip.depart_pos}" '
                f'departSpeed="{trip.depart_speed}" arrivalPos="{trip.arrival_pos}">{device}'
                f"<route edges={quoteattr(' '.join(trip.route))}/>{stops_xml(trip)}"
                f"{entrance_xml(entrance[trip.parking.parks[0]]) if trip.parking else ''}</vehicle>\n"
            )
        out.write("</routes>\n")


def entrance_xml(park: CarPark) -> str:
    """SUMO's stop at the barrier of a car park, in the lane, until somebody takes the car from there."""
    return f'<stop edge={quoteattr(park.edge_id)} endPos="{park.place_m:.1f}" duration="1000000"/>'


def variants(trips: Sequence[VehicleTrip]) -> list[str]:
    """Names of the types beside VEHICLE_TYPES that `write_routes` writes."""
    patient = {trip.vtype + PATIENT for trip in trips if trip.parking}
    return sorted(patient | {trip.vtype + INFORMED for trip in trips if trip.held and trip.reroutes})


def _type_xml(kind: VehicleType, name: str, more: Mapping[str, str], told: Mapping[str, str] | None = None) -> str:
    attributes = {
        "vClass": kind.vclass, "speedDev": "0", "emissionClass": kind.emission_class, **kind.attributes, **more,
    }  # fmt: skip
    words = " ".join(f"{key}={quoteattr(value)}" for key, value in attributes.items())
    said = {**kind.params, **(told or {})}
    params = "".join(f"<param key={quoteattr(k)} value={quoteattr(v)}/>\n" for k, v in said.items())
    return f"<vType id={quoteattr(name)} {words}>\n{params}</vType>\n"


def write_additional(plans: Sequence[SignalPlan], folder: Path, *, interval_s: float) -> list[Path]:
    """Edge output, and signal plans under names that the net does not have."""
    measured = folder / "measured.add.xml"
    measured.write_text(
        f'<additional><edgeData id="edges" period="{interval_s:g}" file={quoteattr(str(folder / "edges.csv"))} '
        f'excludeEmpty="true" writeAttributes="{EDGE_ATTRIBUTES}"/></additional>\n',
        encoding="utf-8",
    )
    if not plans:
        return [measured]
    from networks import write_signal_plans

    signals = folder / "signals.add.xml"
    write_signal_plans({plan.tls_id: dataclasses.replace(plan, program_id=given_name(plan)) for plan in plans}, signals)
    return [measured, signals]


def net_without_comma(net_file: Path, folder: Path) -> Path:
    """SUMO parts paths at commas; a network in such a folder is given by a link in `folder`."""
    if "," not in str(net_file):
        return net_file
    link = folder / "linked.net.xml"
    link.unlink(missing_ok=True)
    link.symlink_to(net_file.absolute())
    return link


def given_name(plan: SignalPlan) -> str:
    """The program's name in the run: never one that the net already has."""
    return f"given-{plan.program_id}"


def _in_order(edges: Sequence[str], route: Sequence[str]) -> bool:
    rest = iter(route)
    wanted = [edge for edge, _ in itertools.groupby(edges)]
    return all(any(edge == one for one in rest) for edge in wanted)


def _fault(route: tuple[str, ...], edges: set[str], joined: set[tuple[str, str]]) -> str | None:
    for edge in route:
        if edge not in edges:
            return f"its route uses edge {edge}, which is not there"
    for pair in itertools.pairwise(route):
        if pair not in joined:
            return f"its route goes from edge {pair[0]} to {pair[1]}, which are not joined"
    return None


def _what_is_driven(
    net_file: Path, classes: Sequence[str]
) -> tuple[dict[str, set[str]], dict[str, set[tuple[str, str]]]]:
    edges: dict[str, set[str]] = {name: set() for name in classes}
    joined: dict[str, set[tuple[str, str]]] = {name: set() for name in classes}
    lanes: dict[str, set[str]] = {name: set() for name in classes}
    for _, item in ET.iterparse(net_file):
        if item.tag == "edge" and item.get("function") != "internal":
            for lane in item.iter("lane"):
                for name in classes:
                    if _allows(item=lane, vclass=name):
                        edges[name].add(item.attrib["id"])
                        lanes[name].add(lane.attrib["id"])
        elif item.tag == "connection":
            start, end = item.attrib["from"], item.attrib["to"]
            ends = (f"{start}_{item.attrib['fromLane']}", f"{end}_{item.attrib['toLane']}")
            for name in classes:
                if _allows(item=item, vclass=name) and all(lane in lanes[name] for lane in ends):
                    joined[name].add((start, end))
    return edges, joined


def _allows(*, item: ET.Element, vclass: str) -> bool:
    allow, disallow = item.get("allow"), item.get("disallow")
    if allow is not None:
        words = allow.split()
        return vclass in words or "all" in words
    words = (disallow or "").split()
    return vclass not in words and "all" not in words
