"""What a run needs before it begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.emergency.planning import Call, Unit
from networks.errors import BadInput

if TYPE_CHECKING:
    from models.emergency.resources.site import Hospital


def check(index: dict[str, int], units: Sequence[Unit], calls: Sequence[Call], hospitals: Sequence[Hospital]) -> None:
    """Names that are used once, and places that are in the road graph.

    Raises:
        BadInput: They are not.
    """
    if len({call.call_id for call in calls}) != len(calls):
        raise BadInput("two calls have the same name")
    for what, edge in [
        *((f"unit {one.unit_id}", one.edge_id) for one in units),
        *((f"call {one.call_id}", one.edge_id) for one in calls),
        *((f"hospital {one.site_id}", one.edge_id) for one in hospitals),
    ]:
        if edge not in index:
            raise BadInput(f"edge {edge} is not in the road graph", place=what, expected="an edge of the city")
