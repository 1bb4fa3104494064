"""Free-flow times between cameras, from the network that they stand in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from calibration.counting import WatchedNet


def free_times(places: Mapping[str, str], net: WatchedNet, longest_s: float = 1200.0) -> dict[tuple[str, str], float]:
    """Quickest time (s) at the speed limits from one camera's edge to another's, both at the edge's begin.

    Args:
        places: Camera -> edge.
        net: The streets.
        longest_s: Pairs further apart are left out.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    number = {edge: at for at, edge in enumerate(net.edges)}
    rows, columns, times = [], [], []
    for edge, others in net.after.items():
        one = net.edges[edge]
        for other in others:
            rows.append(number[edge])
            columns.append(number[other])
            times.append(one.length_m / one.speed_mps)
    graph = csr_matrix((times, (rows, columns)), shape=(len(number), len(number)))
    cameras = [name for name, edge in places.items() if edge in number]
    starts = np.array([number[places[name]] for name in cameras], dtype=np.int64)
    if not len(starts):
        return {}
    took = dijkstra(graph, indices=starts, limit=longest_s)[:, starts]
    return {
        (a, b): float(took[i, j])
        for i, a in enumerate(cameras)
        for j, b in enumerate(cameras)
        if i != j and np.isfinite(took[i, j]) and took[i, j] > 0
    }
