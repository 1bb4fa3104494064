"""The traffic model: SUMO, microscopic, on the clock."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.clock import Exchange
from models.sumo.session import Session
from models.traffic.added import Added
from models.traffic.car_park import CarPark, Depart
from models.traffic.conflicts import FILE as CONFLICTS_FILE
from models.traffic.conflicts import OPTIONS, conflict_table
from models.traffic.drivers import AtClosure, Drivers
from models.traffic.emissions import EDGES_FILE, asked_xml, emission_table, with_emissions
from models.traffic.entrances import Entrances
from models.traffic.held import HeldTrips
from models.traffic.inputs import (
    check_closures,
    check_parking,
    check_trips,
    given_name,
    net_without_comma,
    variants,
    write_additional,
    write_routes,
)
from models.traffic.lights import Lights
from models.traffic.priority import BusPriority, PriorityRule
from models.traffic.roads import Roads
from models.traffic.tables import driven_ways, edge_table, trip_table
from models.traffic.transit import transit_table
from models.traffic.trips import Closure, VehicleTrip
from models.traffic.validity import FEW, LATE_S, STANDING_OVER_S, WATCHED, Limits, Validity, Watchdog, judge
from models.traffic.vehicle_types import VEHICLE_TYPES
from models.traffic.weather import RainOnDrivers
from networks.errors import BadInput, EngineFailed

if TYPE_CHECKING:
    from models.flood import Hyetograph
    from networks import SignalPlan

LOOK_EVERY_S = 5.0
"""Drivers look at shut roads ahead this often."""
MEASURE_EVERY_S = 30.0
"""Edge speeds are read this often: reading every edge costs more than the coupling itself."""
SMOOTHED_OVER_S = 300.0
"""Edge speeds are averages over vehicles, forgotten at this rate."""
FREE_VEHICLES = 0.2
"""A prior of so many vehicles at free speed: an empty edge is a free one."""
SLOWEST_MPS = 0.3
STOPS_FILE = "stops.csv"
WAYS_FILE = "ways.xml"
JUNCTION_BLOCKER_S = 20.0
"""A vehicle that blocks a junction for so long is driven around: otherwise dense centres lock up for good."""
REROUTING = (
    "--device.rerouting.period", "120", "--device.rerouting.adaptation-interval", "10",
    "--device.rerouting.adaptation-steps", "18",
)  # fmt: skip


class Traffic:
    """Clock model "traffic".

    Args:
        net_file: SUMO network.
        edge_ids: The city's edges; all exchanged arrays are in this order.
        trips: Planned trips.
        seed: SUMO's seed (its own draws: dawdling, lane choices).
        end_s: End of the run; tables are written up to it.
        folder: Scratch folder for SUMO's files.
        plans: Signal plans that replace the net's from the start.
        closures: Roads that are closed for a time.
        interval_s: Length of the intervals of the edge table.
        step_length_s: SUMO's step.
        teleport_s: SUMO moves a vehicle that stood this long in the way; each time is counted.
        water: Reads `road_depth_m`; False when no flood model runs.
        walkers: Reads `crossing_walkers` (and `roadside_pm2`, where the crowd writes it), and writes what the signals
            show (see `Lights`) as `exit_green` and `entry_green`; False when no crowd model runs.
        rain: Drivers drive by it (`models.traffic.weather`); None leaves them as in the dry.
        outputs: `emissions` (table `emissions`, columns of `trips`) and `safety` (table `conflicts`), which cost time.
        priority: Buses go first at signals (`models.traffic.priority`); None: they wait like everybody.
        limits: What a valid run keeps to; a run that cannot keep to them any more is stopped.
        at_closure: What drivers do who meet a shut road and had not heard of it.
        hear_of_jams: Those who turn there go by present travel times; False: by free-flow times.
        car_parks: Where trips with a `parking` wish may park (`models.traffic.entrances`); tables `car_parks` and
            `seekers`, and a `Parked` for "visits" for each car that is in.

    A trip that is `held` sets out when a `Depart` says so; until then it is not due, and in no table.

    Raises:
        BadInput: A trip, closure, car park or plan that does not fit the net, found before SUMO starts.
    """

    name = "traffic"

    def __init__(
        self, net_file: Path, edge_ids: Sequence[str], trips: Sequence[VehicleTrip], *,
        seed: int, end_s: float, folder: Path, plans: Sequence[SignalPlan] = (), closures: Sequence[Closure] = (),
        interval_s: float = 60.0, step_length_s: float = 1.0, teleport_s: float = 180.0,
        water: bool = True, walkers: bool = True, rain: Hyetograph | None = None, priority: PriorityRule | None = None,
        limits: Limits | None = None, outputs: Sequence[str] = (),
        at_closure: AtClosure = "turn", hear_of_jams: bool = True,
        car_parks: Sequence[CarPark] = (),
    ) -> None:  # fmt: skip
        check_trips(net_file, trips)
        check_parking(trips, car_parks)
        check_closures(edge_ids, closures)
        self.reads: Sequence[str] = ("road_depth_m",) * water + ("crossing_walkers",) * walkers
        self.writes: Sequence[str] = ("edge_speed_mps", "edge_travel_time_s", *("exit_green", "entry_green") * walkers)
        self._lights: Lights | None = None
        self._net, self._edge_ids, self._planned, self._plans = net_file, tuple(edge_ids), tuple(trips), tuple(plans)
        self._car_parks, self._held = tuple(car_parks), HeldTrips(trips)
        self._entrances: Entrances | None = None
        self._closures, self._folder, self._end_s, self._interval_s = tuple(closures), folder, end_s, interval_s
        self._seed, self._step_s, self._teleport_s, self._rain = seed, step_length_s, teleport_s, rain
        self._rule, self._outputs = priority, frozenset(outputs)
        self._weather: RainOnDrivers | None = None
        self._priority: BusPriority | None = None
        self._buses = any(trip.stops for trip in self._planned)
        self._at_closure, self._hear_of_jams = at_closure, hear_of_jams
        self._session: Session | None = None
        self._teleports: dict[str, int] = {}
        self._departed, self._measured_s = 0, 0.0
        self._limits = limits or Limits()
        self._stopped_s: float | None = None
        self._trips = self._held.as_driven(self._planned)
        self._due_s = {trip.vehicle_id: trip.depart_s for trip in self._trips if trip.depart_s < end_s}
        self._late: set[str] = set()
        self._standing: list[float] = []
        intervals = max(int(np.ceil(end_s / interval_s)), 1)
        self._depths = np.zeros((intervals, len(self._edge_ids)), dtype=np.float32)
        self._shut = np.zeros((intervals, len(self._edge_ids)), dtype=bool)

    def start(self, exchange: Exchange) -> None:
        """Write SUMO's inputs, start it, and publish free speeds.

        Raises:
            EngineFailed: SUMO refused.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        routes = self._folder / "trips.rou.xml"
        write_routes(self._trips, routes, self._car_parks)
        additional = write_additional(self._plans, self._folder, interval_s=self._interval_s)
        if "emissions" in self._outputs:
            additional.append(self._folder / "emissions.add.xml")
            additional[-1].write_text(asked_xml(self._folder / EDGES_FILE, self._interval_s), encoding="utf-8")
        self._session = Session(self._arguments(routes, additional))
        sumo = self._session.sumo
        self._roads = Roads(sumo, self._edge_ids, self._closures)
        self._drivers = Drivers(
            sumo, self._roads, self._trips, at_closure=self._at_closure, hear_of_jams=self._hear_of_jams
        )
        self._added = Added(sumo, self._roads)
        if self._car_parks:
            self._entrances = Entrances(sumo, self._car_parks, self._trips)
        if self._rain is not None:
            types = [*VEHICLE_TYPES, *variants(self._trips)]
            self._weather = RainOnDrivers(sumo, self._rain, {name: sumo.vehicletype.getTau(name) for name in types})
        self._switch_plans()
        if self._rule is not None:
            self._priority = BusPriority(sumo, (trip for trip in self._trips if trip.line), self._rule)
        if "exit_green" in self.writes:
            self._lights = Lights(sumo, self._edge_ids)
        free_s = self._roads.free_s(trip.route for trip in self._trips if trip.depart_s < self._end_s)
        self._watchdog = Watchdog(len(self._due_s), free_s, self._limits)
        self._vehicles = np.full(len(self._edge_ids), FREE_VEHICLES)
        self._moved = FREE_VEHICLES * self._roads.free_mps
        self._publish(exchange)
        self._show_lights(exchange)

    def advance(self, until: float, exchange: Exchange) -> None:
        """Step SUMO to `until` (s) on the water and the walkers of now.

        Raises:
            EngineFailed: SUMO stopped, or was not started.
        """
        session = self._running()
        try:
            self._move(session, until, exchange)
        except session.failures as error:
            raise EngineFailed(f"SUMO refused a request at {session.time_s:.0f} s: {error}") from error

    def _move(self, session: Session, until: float, exchange: Exchange) -> None:
        self._obey(exchange.take(self.name), session)
        depth = exchange.fields["road_depth_m"] if "road_depth_m" in self.reads else None
        if self._roads.update(exchange.now, depth, exchange.fields.get("road_force_m2s")):
            self._drivers.roads_changed(exchange.now)
        self._drivers.news(exchange.now)
        if "crossing_walkers" in self.reads:
            self._meet_people(exchange)
        self._held.drive_off(session.sumo, until)
        self._note_roads(exchange.now)
        if self._weather is not None:
            self._weather.update(exchange.now)
        while session.time_s < until - 1e-6:
            session.step()
            now = session.time_s
            self._note_teleports(session)
            departed = session.sumo.simulation.getDepartedIDList()
            self._departed += sum(v not in self._added.orders for v in departed)
            if self._entrances is not None:
                self._entrances.watch(now, exchange, departed)
            if self._weather is not None:
                self._weather.tell_departed(now)
            if self._priority is not None:
                self._priority.watch(now)
            self._added.watch(now, exchange)
            if now % LOOK_EVERY_S < self._step_s:
                self._drivers.look_ahead(now)
        if until - self._measured_s >= MEASURE_EVERY_S - 1e-6:
            self._measure(until - self._measured_s, until, exchange)
            self._publish(exchange)
        self._show_lights(exchange)

    def _note_teleports(self, session: Session) -> None:
        if session.sumo.simulation.getStartingTeleportNumber():
            for vehicle in session.sumo.simulation.getStartingTeleportIDList():
                self._teleports[vehicle] = self._teleports.get(vehicle, 0) + 1
                self._drivers.lifted(vehicle, session.time_s)

    def _obey(self, commands: Sequence[object], session: Session) -> None:
        for command in commands:
            if isinstance(command, Depart):
                self._set_out(command, session)
            else:
                self._added.obey(command, session.time_s)

    def _set_out(self, command: Depart, session: Session) -> None:
        start = self._entrances.way_out(command.park_id) if self._entrances and command.park_id else None
        trip = self._held.set_out(session.sumo, command, session.time_s, start=start)
        if self._entrances and command.park_id:
            self._entrances.leaves(trip.vehicle_id, command.park_id)
        self._due_s[trip.vehicle_id] = trip.depart_s
        self._watchdog.planned += 1
        self._drivers.joins(trip)

    def close(self) -> None:
        """Let SUMO write what is left and give it back; a second call does nothing."""
        session = self._session
        if session is None or not session.is_open:
            return
        if hasattr(self, "_drivers"):
            self._drivers.finish(session.time_s)
            if self._entrances is not None:
                self._entrances.finish(session.time_s)
            self._trips = self._held.as_driven(self._planned)
            self._ended_s, self._waiting = session.time_s, len(self._waiting_to_enter())
        session.close()

    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables `edges`, `trips`, `watch`, and what was asked for beside; once the run is closed.

        Raises:
            EngineFailed: The run is not over.
        """
        self._over()
        times = [k * self._interval_s for k in range(len(self._depths))]
        edges = edge_table(self._folder / "edges.csv", self._edge_ids, times, self._depths, self._shut)
        trips = trip_table(
            self._folder / "trips.csv", self._trips, self._added.orders, end_s=self._ended_s,
            waited_s=self._waited_s(), teleports=self._teleports, gave_up=self._drivers.gave_up,
            stalled=self._drivers.stalled, ways=driven_ways(self._folder / WAYS_FILE),
        )  # fmt: skip
        watch = pd.DataFrame(self._watchdog.looks, columns=list(WATCHED))
        tables = {"watch": watch}
        if self._weather is not None:
            edges, trips = self._weather.with_dry_loss(edges, trips, interval_s=self._interval_s, end_s=self._ended_s)
            tables["weather"] = self._weather.table()
        tables |= {"edges": edges, "trips": trips}
        if "emissions" in self._outputs:
            tables["trips"] = with_emissions(trips, self._folder / "trips.csv")
            tables["emissions"] = emission_table(self._folder / EDGES_FILE, self._edge_ids)
        if "safety" in self._outputs:
            tables["conflicts"] = conflict_table(self._folder / CONFLICTS_FILE)
        if self._priority is not None:
            tables["priority"] = self._priority.table()
        if self._entrances is not None:
            tables |= {"car_parks": self._entrances.car_parks(), "seekers": self._entrances.seekers()}
        if self._buses:
            tables["transit"] = transit_table(self._folder / STOPS_FILE, self._trips, end_s=self._ended_s)
        return tables

    def _waited_s(self) -> dict[str, float]:
        """Time (s) that each vehicle stood where SUMO counts none as lost: before shut roads and at barriers."""
        waited = dict(self._drivers.waited_s)
        for vehicle, more_s in (self._entrances.waited_s if self._entrances else {}).items():
            waited[vehicle] = waited.get(vehicle, 0.0) + more_s
        return waited

    def validity(self) -> Validity:
        """The watchdog's verdict, once the run is closed.

        Raises:
            EngineFailed: The run is not over.
        """
        self._over()
        planned = sum(trip.made and trip.depart_s < self._ended_s for trip in self._trips)
        standing = float(np.mean(self._standing)) if self._standing else 0.0
        return judge(
            limits=self._limits, seen=self._watchdog.reasons, stopped_s=self._stopped_s,
            planned=planned, inserted=self._departed, waiting=self._waiting,
            teleports=sum(self._teleports.values()), standing_share=standing,
            shut_in=max(planned - self._departed - self._waiting, 0),
        )  # fmt: skip

    def _arguments(self, routes: Path, additional: list[Path]) -> list[str]:
        net = net_without_comma(self._net, self._folder)
        return [
            "--net-file", str(net), "--route-files", str(routes), "--route-steps", "0",
            "--additional-files", ",".join(map(str, additional)), "--end", f"{self._end_s + 1:g}",
            "--step-length", f"{self._step_s:g}", "--seed", str(self._seed),
            "--time-to-teleport", f"{self._teleport_s:g}", "--ignore-junction-blocker", f"{JUNCTION_BLOCKER_S:g}",
            "--tripinfo-output", str(self._folder / "trips.csv"), "--tripinfo-output.write-unfinished",
            "--tripinfo-output.write-undeparted", "--vehroute-output", str(self._folder / WAYS_FILE),
            "--vehroute-output.last-route", "--vehroute-output.write-unfinished",
            "--ignore-route-errors", "--no-step-log", "--no-warnings",
            "--duration-log.disable", "--precision", "4", "--xml-validation", "never", *REROUTING,
            *(("--stop-output", str(self._folder / STOPS_FILE), "--stop-output.write-unfinished") * self._buses),
            *(("--device.emissions.probability", "1") * ("emissions" in self._outputs)), *self._safety(),
        ]  # fmt: skip

    def _safety(self) -> list[str]:
        if "safety" not in self._outputs:
            return []
        options = {**OPTIONS, "--device.ssm.file": str(self._folder / CONFLICTS_FILE)}
        return [word for pair in options.items() for word in pair]

    def _switch_plans(self) -> None:
        sumo = self._running().sumo
        for plan in self._plans:
            try:
                sumo.trafficlight.setProgram(plan.tls_id, given_name(plan))
            except sumo.TraCIException as error:
                raise BadInput(f"the signal plan does not fit: {error}", place=f"signal {plan.tls_id}") from error

    def _measure(self, passed_s: float, until: float, exchange: Exchange) -> None:
        self._measured_s = until
        edge = self._running().sumo.edge
        number = np.array([edge.getLastStepVehicleNumber(e) for e in self._edge_ids], dtype=np.float64)
        speed = np.array([edge.getLastStepMeanSpeed(e) for e in self._edge_ids], dtype=np.float64)
        kept = np.exp(-passed_s / SMOOTHED_OVER_S)
        fresh = 1.0 - kept
        self._vehicles = kept * self._vehicles + fresh * (number + FREE_VEHICLES)
        self._moved = kept * self._moved + fresh * (number * speed + FREE_VEHICLES * self._roads.speed_mps)
        running = int(number.sum())
        standing = sum(edge.getLastStepHaltingNumber(e) for e in self._edge_ids) if running >= FEW else 0
        if until > self._end_s - STANDING_OVER_S and running >= FEW:
            self._standing.append(standing / running)
        waiting = self._waiting_to_enter()
        self._late |= {v for v in waiting if self._due_s[v] <= until - LATE_S}
        lost = self._watchdog.look(
            until, inserted=self._departed, waiting=len(waiting), late=len(self._late),
            teleports=sum(self._teleports.values()), running=running, standing=standing,
        )  # fmt: skip
        if lost and self._limits.stop_early and until < self._end_s:
            exchange.stopped_by, self._stopped_s = self.name, until

    def _waiting_to_enter(self) -> list[str]:
        """Planned trips that are due and find no room."""
        return [v for v in self._running().sumo.simulation.getPendingVehicles() if v in self._due_s]

    def _publish(self, exchange: Exchange) -> None:
        speed: NDArray[np.float64] = self._moved / self._vehicles
        exchange.fields["edge_speed_mps"] = speed
        exchange.fields["edge_travel_time_s"] = self._roads.length_m / np.maximum(speed, SLOWEST_MPS)

    def _meet_people(self, exchange: Exchange) -> None:
        self._roads.walkers(exchange.fields["crossing_walkers"])
        if (crowd := exchange.fields.get("roadside_pm2")) is not None:
            self._roads.crowd(crowd)

    def _show_lights(self, exchange: Exchange) -> None:
        if self._lights is not None:
            exchange.fields["exit_green"], exchange.fields["entry_green"] = self._lights.read()

    def _note_roads(self, now: float) -> None:
        row = min(int(now / self._interval_s), len(self._depths) - 1)
        np.maximum(self._depths[row], self._roads.depth_m, out=self._depths[row], casting="unsafe")
        self._shut[row] |= self._roads.shut["car"]

    def _running(self) -> Session:
        if self._session is None or not self._session.is_open:
            raise EngineFailed("the traffic model was not started, or is closed", remedy="call start first")
        return self._session

    def _over(self) -> None:
        if self._session is None or self._session.is_open or not hasattr(self, "_ended_s"):
            raise EngineFailed("the traffic run is not over", remedy="close it first")
