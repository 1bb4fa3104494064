"""Quickest ways over the city: kernels behind one protocol, turns and their waits, times that change along the way."""

from __future__ import annotations

from models.routing.dijkstra import ScipyKernel
from models.routing.engines import Engine, route_kernel
from models.routing.forecast import EdgeForecast, first_in_first_out
from models.routing.hierarchy import CchKernel
from models.routing.kernel import Floats, RouteKernel, Way
from models.routing.router import Router
from models.routing.routes import Routes
from models.routing.turns import TurnGraph

__all__ = [
    "CchKernel",
    "EdgeForecast",
    "Engine",
    "Floats",
    "RouteKernel",
    "Router",
    "Routes",
    "ScipyKernel",
    "TurnGraph",
    "Way",
    "first_in_first_out",
    "route_kernel",
]
