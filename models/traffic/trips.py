"""What is said to the traffic model and what it answers: trips, closures, commands and messages."""

from __future__ import annotations

from dataclasses import dataclass

from models.traffic.car_park import Wish


@dataclass(frozen=True)
class StopCall:
    """A planned call of a bus.

    Attributes:
        stop_id: The stop's id in the timetable.
        edge_id: The edge, of the trip's route, that it lies on.
        place_m: Where the bus's front stands, m from the edge's begin.
        planned_s: Planned departure, seconds since the run's start; the bus does not leave before.
        dwell_s: It stands at least so long.
    """

    stop_id: str
    edge_id: str
    place_m: float
    planned_s: float
    dwell_s: float


@dataclass(frozen=True)
class VehicleTrip:
    """One planned trip, drawn beforehand so that every alternative meets the same drivers.

    Attributes:
        vehicle_id: Its name in every table.
        depart_s: Planned departure, seconds since the run's start.
        vtype: A key of `VEHICLE_TYPES`.
        route: Edges from first to last.
        speed_factor: The driver's wish, as a share of the speed limit.
        reroutes: The driver hears of jams and closures at once; others learn of a closure when they meet it.
        reroutes_from_s: From when on the driver hears of them, s since the run's start.
        planned: The way known from before, where `route` is another; () is `route` itself.
        made: False for a trip given up before its departure: it is counted, and never drives.
        depart_lane: SUMO's departLane.
        depart_pos: SUMO's departPos.
        depart_speed: SUMO's departSpeed; `max` is lowered to what is safe.
        arrival_pos: SUMO's arrivalPos.
        line: The line of public transport that it serves, "" for everybody else.
        stops: Where it calls, in the order of its route.
        parking: The car parks that it tries; its route ends at the first. None: it just arrives.
        held: It does not set out before `Depart` tells it to; `depart_s` then is when that is expected.
    """

    vehicle_id: str
    depart_s: float
    vtype: str
    route: tuple[str, ...]
    speed_factor: float = 1.0
    reroutes: bool = False
    reroutes_from_s: float = 0.0
    planned: tuple[str, ...] = ()
    made: bool = True
    depart_lane: str = "best"
    depart_pos: str = "base"
    depart_speed: str = "max"
    arrival_pos: str = "max"
    line: str = ""
    stops: tuple[StopCall, ...] = ()
    parking: Wish | None = None
    held: bool = False


@dataclass(frozen=True)
class Closure:
    """A road that is closed from `begin_s` until `end_s` (s since the run's start)."""

    edge_id: str
    begin_s: float
    end_s: float
    emergency_may_pass: bool = False


@dataclass(frozen=True)
class AddVehicle:
    """Command: send a vehicle along `route`; it stops on `stop_edge` for `stop_s`.

    Attributes:
        vehicle_id: A name that no trip has.
        vtype: A key of `VEHICLE_TYPES`, e.g. `ambulance`.
        route: Edges from first to last; the last is `stop_edge`.
        stop_edge: Where it stops.
        stop_s: How long it stops.
        depth_limit_m: It does not enter water deeper than this.
        depart_s: When it drives off; None is at once.
    """

    vehicle_id: str
    vtype: str
    route: tuple[str, ...]
    stop_edge: str
    stop_s: float
    depth_limit_m: float
    depart_s: float | None = None


@dataclass(frozen=True)
class Reroute:
    """Command: a vehicle that was added goes on along `route`, whose first edge is the one it is on."""

    vehicle_id: str
    route: tuple[str, ...]


@dataclass(frozen=True)
class Withdraw:
    """Command: a vehicle that was added gives up and leaves the road."""

    vehicle_id: str


@dataclass(frozen=True)
class Reached:
    """Message: the vehicle has stopped on its stop edge.

    `max_depth_m` is the deepest water on an edge that it drove through since it was added or since it last stopped.
    """

    vehicle_id: str
    edge_id: str
    time_s: float
    max_depth_m: float = 0.0
    driven: tuple[str, ...] = ()


@dataclass(frozen=True)
class Blocked:
    """Message: the vehicle, on `at_edge`, sees that `edge_id` ahead is under water or closed, and waits for orders."""

    vehicle_id: str
    edge_id: str
    at_edge: str = ""
    time_s: float = 0.0


@dataclass(frozen=True)
class Arrived:
    """Message: the vehicle has come to the end of its route and left the road."""

    vehicle_id: str
    edge_id: str
    time_s: float
    max_depth_m: float = 0.0
