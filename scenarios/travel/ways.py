"""The ways of a day, in the store: which vehicle drives which edges, and which it knew from before."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from networks.digest import digest_table
from scenarios.results.made_with import made_with
from scenarios.results.store import Store, address, read_table

if TYPE_CHECKING:
    from models.routing import Router
    from models.traffic import VehicleTrip
    from scenarios.response.settling import Ways
    from scenarios.travel.way_times import Trip

CHOOSE = ("car", "truck")
"""Kinds of vehicles that choose among ways; riders and buses keep theirs."""


def on_ways(trips: Sequence[VehicleTrip], store: Store, ways_id: str | None) -> tuple[VehicleTrip, ...]:
    """Trips on the ways of the store; those it does not know stay as they are, as all do without an id."""
    if ways_id is None:
        return tuple(trips)
    table = read_table(store.get("ways", ways_id), "ways")
    known = {row.vehicle_id: (row.way.split(), row.planned.split()) for row in table.itertuples(index=False)}
    found = []
    for trip in trips:
        way, planned = known.get(trip.vehicle_id, (list(trip.route), []))
        if trip.vehicle_id in known and not way:
            trip = dataclasses.replace(trip, made=False, planned=tuple(planned))
        elif trip.vehicle_id in known:
            trip = dataclasses.replace(trip, route=tuple(way), planned=tuple(planned))
        found.append(trip)
    return tuple(found)


def on_known_ways(trips: Sequence[VehicleTrip], store: Store, ways_id: str | None) -> tuple[VehicleTrip, ...]:
    """Trips on the ways that were settled before the interventions, as far as there were the same trips then."""
    if ways_id is None:
        return tuple(trips)
    settled = {trip.vehicle_id: trip for trip in on_ways(trips, store, ways_id)}
    ways = [settled[trip.vehicle_id] for trip in trips]
    return tuple(
        dataclasses.replace(trip, route=known.route) if known.made and _same_ends(trip, known) else trip
        for trip, known in zip(trips, ways, strict=True)
    )


def _same_ends(trip: VehicleTrip, other: VehicleTrip) -> bool:
    return (trip.route[0], trip.route[-1]) == (other.route[0], other.route[-1])


def choosers(kernel: Router, trips: Sequence[VehicleTrip]) -> list[Trip]:
    """Whose way is a matter of choice, with edges as indices of the kernel."""
    from scenarios.travel.way_times import Trip

    return [
        Trip(trip.vehicle_id, trip.depart_s, tuple(kernel.index[edge] for edge in trip.route))
        for trip in trips
        if trip.vtype in CHOOSE and all(edge in kernel.index for edge in trip.route)
    ]


def keep_ways(store: Store, trips: Sequence[Trip], ways: Ways, kernel: Router) -> str:
    """Keep the ways of a day in the store, addressed by what they are: two days on the same ways are one run."""
    import pandas as pd

    rows = [
        (trip.vehicle_id, " ".join(kernel.ids(way)) if way else "", " ".join(kernel.ids(trip.way)))
        for trip, way in zip(trips, ways, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["vehicle_id", "way", "planned"]).astype(str)
    inputs: dict[str, Any] = {"ways": digest_table(table)}
    ways_id = address(inputs)
    if store.find("ways", ways_id) is None:
        with store.landing("ways", ways_id) as landing:
            landing.write_table("ways", table)
            landing.manifest |= {"inputs": inputs, "made_with": made_with()}
    return ways_id
