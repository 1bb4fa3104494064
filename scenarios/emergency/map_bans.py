"""Who may not use which road, as the map says, and as somebody who knows better says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.routing import Restriction
from models.routing.restrictions import OPEN
from networks.errors import BadCity

if TYPE_CHECKING:
    from networks import City


def map_bans(city: City, known: Sequence[Restriction] = ()) -> list[Restriction]:
    """The map's limits with `known` ones added; where a known one says `open`, the map's do not hold.

    A city that remembers nothing of its map, or that an older version built, has none.
    """
    from networks.osm.objects import read_objects
    from networks.roads.limits import road_limits
    from networks.roads.net_file import read_net

    freed = {one.edge_id for one in known if one.kind == OPEN}
    try:
        limits = road_limits(read_net(city.net_file).edges, read_objects(city.folder))
    except BadCity:
        limits = []
    said = [
        Restriction(one.edge_id, one.kind, one.value, 0.0, 24.0, f"OpenStreetMap, {one.osm}", one.when)
        for one in limits
        if one.edge_id not in freed
    ]
    return [*said, *(one for one in known if one.kind != OPEN)]
