"""Static assignment: where trips drive once nobody gains by another way."""

from __future__ import annotations

from models.assignment.equilibrium import Equilibrium, equilibrium
from models.assignment.loading import all_or_nothing, sums_along
from models.assignment.network import FlowNetwork, UserClass
from models.assignment.routes import Selected, Way, select_links, ways

__all__ = [
    "Equilibrium",
    "FlowNetwork",
    "Selected",
    "UserClass",
    "Way",
    "all_or_nothing",
    "equilibrium",
    "select_links",
    "sums_along",
    "ways",
]
