"""Screenlines: straight cuts through a network, with the edges that cross them by direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from networks.roads.net_file import Net


@dataclass(frozen=True, slots=True)
class Screenline:
    """One direction over one cut.

    Attributes:
        name: As people read it: where the cut runs (metres of the network) and which way is counted.
        cut: The cut's own name, the same for both directions.
        edges: Edges that begin on one side of the cut and end on the other.
    """

    name: str
    cut: str
    edges: tuple[str, ...]


def screenlines(net: Net, cuts: int = 3, vclass: str = "passenger") -> tuple[Screenline, ...]:
    """Cuts from south to north and from west to east, each of them counted in both directions.

    TAG Unit M3.1 asks for screenlines over the whole modelled area; without a drawn one (a river, a railway) the
    network's own extent is cut at equal shares of its edges.

    Args:
        net: The network.
        cuts: How many each way.
        vclass: Whose edges.
    """
    edges = [edge for edge in net.edges if vclass in edge.allows]
    if not edges:
        return ()
    ends = np.array([(edge.shape[0], edge.shape[-1]) for edge in edges])
    lines = []
    for axis, letter, up, down in ((0, "x", "eastbound", "westbound"), (1, "y", "northbound", "southbound")):
        middle = ends[:, :, axis].mean(axis=1)
        for share in np.arange(1, cuts + 1) / (cuts + 1):
            at = round(float(np.quantile(middle, share)))
            before, after = (ends[:, end, axis] < at for end in (0, 1))
            for way, over in ((up, before & ~after), (down, ~before & after)):
                crossing = tuple(edge.edge_id for edge, crosses in zip(edges, over, strict=True) if crosses)
                lines.append(Screenline(f"{letter} = {at} m, {way}", f"{letter} = {at} m", crossing))
    return tuple(line for line in lines if line.edges)
