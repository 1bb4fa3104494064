"""Quickest ways over the city: kernels behind one protocol, turns and their waits, times that change along the way."""

from __future__ import annotations

from models.routing.alternatives import alternatives
from models.routing.dijkstra import ScipyKernel
from models.routing.engines import Engine, route_kernel
from models.routing.forecast import EdgeForecast, first_in_first_out
from models.routing.hierarchy import CchKernel
from models.routing.kernel import Floats, RouteKernel, Way
from models.routing.reach import reached
from models.routing.restrictions import Restriction, read_restrictions, restricted
from models.routing.router import Router
from models.routing.routes import Routes
from models.routing.spread import Spread, spread
from models.routing.turns import TurnGraph
from models.routing.vehicles import Vehicle, vehicle, vehicles
from models.routing.waits import signal_wait_s, turn_costs

__all__ = [
    "CchKernel",
    "EdgeForecast",
    "Engine",
    "Floats",
    "Restriction",
    "RouteKernel",
    "Router",
    "Routes",
    "ScipyKernel",
    "Spread",
    "TurnGraph",
    "Vehicle",
    "Way",
    "alternatives",
    "first_in_first_out",
    "reached",
    "read_restrictions",
    "restricted",
    "route_kernel",
    "signal_wait_s",
    "spread",
    "turn_costs",
    "vehicle",
    "vehicles",
]
