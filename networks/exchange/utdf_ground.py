"""The ground of a UTDF file: nodes, links and lanes, from the layouts of the signals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from networks.exchange.compass import PED, approach_bounds, column_rank, columns_of, turn_of
from networks.exchange.figures import figure
from networks.signals.layouts.layout import Layout
from networks.signals.layouts.movement import Movement

BOUND_ORDER = ("NB", "SB", "EB", "WB", "NE", "NW", "SE", "SW")
_SIGNAL, _OUTSIDE = "0", "1"
_LEAST_TURNS = ("L", "T", "R")

Rows = Iterator[list[str]]


@dataclass(frozen=True)
class Numbered:
    """Integer numbers of signals and of the nodes around them: UTDF knows no names.

    Attributes:
        signals: Controller -> number, 1 and on.
        nodes: Junction outside the signals -> number, from the next thousand on.
        owners: Junction -> the controller that it belongs to.
    """

    signals: dict[str, int]
    nodes: dict[str, int]
    owners: dict[str, str]

    def of(self, junction: str) -> str:
        """The number of a junction, as text; "" where it is not known."""
        number = self.signals.get(self.owners.get(junction, "")) or self.nodes.get(junction)
        return str(number or "")


def number_nodes(layouts: Mapping[str, Layout]) -> Numbered:
    """Numbers in the order of the ids: the same network gives the same numbers."""
    signals = {tls: n for n, tls in enumerate(sorted(layouts), 1)}
    owners = {m.junction: tls for tls in sorted(layouts) for m in layouts[tls].movements}
    far = {
        node
        for layout in layouts.values()
        for edge in layout.edges.values()
        for node in (edge.from_node, edge.to_node)
        if node and node not in owners
    }
    start = 1000 * (len(signals) // 1000 + 1)
    return Numbered(signals, {node: start + n for n, node in enumerate(sorted(far), 1)}, owners)


def node_rows(layouts: Mapping[str, Layout], numbers: Numbered) -> Rows:
    """A row for each signal, at the middle of its stop lines, and one for each end of an approach."""
    ends: dict[str, tuple[float, float]] = {}
    for tls in sorted(layouts):
        x, y = _middle(layouts[tls])
        yield [str(numbers.signals[tls]), _SIGNAL, figure(round(x, 2)), figure(round(y, 2)), "0", tls]
        for movement in layouts[tls].movements:
            edge = layouts[tls].edges.get(movement.from_edge)
            if edge and edge.from_node in numbers.nodes:
                start, back = movement.path[0], movement.heading_in + math.pi
                far = (start[0] + edge.length_m * math.cos(back), start[1] + edge.length_m * math.sin(back))
                ends.setdefault(edge.from_node, far)
            beyond = layouts[tls].edges.get(movement.to_edge)
            if beyond and beyond.to_node in numbers.nodes:
                end, on = movement.path[-1], movement.heading_out
                far = (end[0] + beyond.length_m * math.cos(on), end[1] + beyond.length_m * math.sin(on))
                ends.setdefault(beyond.to_node, far)
    for node, number in numbers.nodes.items():
        if node in ends:
            yield [str(number), _OUTSIDE, *(figure(round(value, 2)) for value in ends[node]), "0", node]


def _middle(layout: Layout) -> tuple[float, float]:
    starts = [movement.path[0] for movement in layout.movements]
    x, y = (sum(point[axis] for point in starts) / len(starts) for axis in (0, 1))
    return x, y


def link_rows(layouts: Mapping[str, Layout], numbers: Numbered) -> Rows:
    """For each signal a row of its approaches for each of: node upstream, lanes, street, length, speed."""
    for tls in sorted(layouts):
        layout, own = layouts[tls], {b: e for e, b in approach_bounds(layouts[tls]).items()}
        edges = [layout.edges.get(own[bound]) if bound in own else None for bound in BOUND_ORDER]
        records = {
            "Up ID": [numbers.of(edge.from_node) if edge else "" for edge in edges],
            "Lanes": [str(edge.lanes) if edge else "" for edge in edges],
            "Name": [edge.name if edge else "" for edge in edges],
            "Distance": [figure(round(edge.length_m, 1)) if edge else "" for edge in edges],
            "Speed": [figure(round(edge.speed_mps * 3.6)) if edge else "" for edge in edges],
        }
        for name, cells in records.items():
            yield [name, str(numbers.signals[tls]), *cells]


def lane_columns(layouts: Mapping[str, Layout]) -> list[str]:
    """The compass movements that any signal has; left, straight and right of the four main directions always."""
    always = {bound + turn for bound in BOUND_ORDER[:4] for turn in _LEAST_TURNS}
    used = {column for layout in layouts.values() for column in columns_of(layout)}
    return [*sorted((always | used) - {PED}, key=column_rank), PED, "HOLD"]


def lane_records(layout: Layout, numbers: Numbered, columns: Sequence[str]) -> dict[str, list[str]]:
    """Record -> a cell for each column: nodes up and down, lanes, how they are shared, speed in km/h.

    A shared lane counts with who goes straight on; without such, one for left and right counts with the left.
    """
    bounds, found = approach_bounds(layout), dict[str, list[Movement]]()
    for movement in layout.movements:
        if movement.kind != "pedestrian" and movement.from_edge in bounds:
            found.setdefault(bounds[movement.from_edge] + turn_of(movement, layout), []).append(movement)
    cells = {name: _lane_cells(layout, numbers, name, found) for name in found}
    empty = {"Up Node": "", "Dest Node": "", "Lanes": "", "Shared": "", "Speed": ""}
    return {record: [cells.get(column, empty)[record] for column in columns] for record in empty}


def _lane_cells(layout: Layout, numbers: Numbered, name: str, found: dict[str, list[Movement]]) -> dict[str, str]:
    own = found[name]
    edge, beyond = layout.edges.get(own[0].from_edge), layout.edges.get(own[0].to_edge)
    turns = {turn: {m.from_lane for m in found.get(name[:2] + turn, [])} for turn in ("U", "L2", "L", "T", "R", "R2")}
    left, right = turns["U"] | turns["L2"] | turns["L"], turns["R"] | turns["R2"]
    lanes = {m.from_lane for m in own}
    if name[2:] != "T":
        lanes -= turns["T"]
    if name[2:] in ("R", "R2"):
        lanes -= left
    shared = (1 if left & turns["T"] else 0) + (2 if right & turns["T"] else 0) if name[2:] == "T" else 0
    return {
        "Up Node": numbers.of(edge.from_node) if edge else "",
        "Dest Node": numbers.of(beyond.to_node) if beyond else "",
        "Lanes": str(len(lanes)),
        "Shared": str(shared),
        "Speed": figure(round(edge.speed_mps * 3.6)) if edge else "",
    }
