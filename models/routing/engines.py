"""Which kernel searches."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal

from numpy.typing import ArrayLike

from models.routing.dijkstra import ScipyKernel
from models.routing.hierarchy import CchKernel
from models.routing.kernel import RouteKernel

Engine = Literal["auto", "cch", "scipy"]


def route_kernel(
    nodes: int, tail: ArrayLike, head: ArrayLike, xy: ArrayLike, *, engine: Engine = "auto"
) -> RouteKernel:
    """A kernel over a graph: routingkit-cch where it is installed, else SciPy, with the same answers.

    Args:
        nodes: How many nodes.
        tail: (arcs,) where each arc begins.
        head: (arcs,) where it ends.
        xy: (nodes, 2) places of the nodes.
        engine: `cch` or `scipy` to insist on one.
    """
    if engine == "scipy" or (engine == "auto" and find_spec("routingkit_cch") is None):
        return ScipyKernel(nodes, tail, head)
    return CchKernel(nodes, tail, head, xy)
