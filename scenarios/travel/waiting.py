"""Who waits for whom: people for the car that brings them, a car for all who leave in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from models.traffic import VehicleTrip
    from models.visits import Visits
    from scenarios.travel.visitors import Visitors


def visits_of(visitors: Visitors, trips: Sequence[VehicleTrip]) -> Visits:
    """Who waits for whom. Who wants to come by a car that no way leads for walks from the car park as planned."""
    from models.visits import Party, Visits

    driven = {trip.vehicle_id for trip in trips if trip.made}
    found = []
    for k, car in enumerate(visitors.cars):
        mine = np.flatnonzero(visitors.car == k)
        there, back = (tuple(mine[visitors.inward[mine] == way].tolist()) for way in (True, False))
        comes, leaves = (name if name in driven else "" for name in (car.comes, car.name))
        if comes or (leaves and car.wish is None):
            found.append(Party(comes, leaves, there, back))
    return Visits(visitors.plans, found, after=visitors.after, park_node=visitors.park_node)
