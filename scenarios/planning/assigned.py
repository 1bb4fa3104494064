"""A city's assignment and what planners read from it: totals, tables of edges and turns, skims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.assignment import Equilibrium, UserClass, equilibrium, sums_along
from networks.errors import BadInput
from networks.sentence import Sentence, say
from scenarios.planning.city_network import GUESSES, CityNetwork, city_network
from scenarios.planning.matrices import HourlyTrips

if TYPE_CHECKING:
    import pandas as pd

    from models.assignment.network import Floats
    from networks import City

ROUNDS = 500
FULL = 1.0
_NAMED = 8


@dataclass(frozen=True)
class Assigned:
    """An assignment of a city.

    Attributes:
        city: The network.
        classes: Who travels.
        found: Flows and times.
        told: What is guessed, and what did not go right.
        trips_told: The part of it that is about the trips.
    """

    city: CityNetwork
    classes: tuple[UserClass, ...]
    found: Equilibrium
    told: tuple[Sentence, ...]
    trips_told: tuple[Sentence, ...]

    @property
    def totals(self) -> dict[str, float]:
        """Trips, vehicle-km, vehicle-hours, mean time and length, of an hour; those without a way are left out."""
        vehicles = self.found.class_flow.sum(axis=0)
        trips = sum(float(one.trips.sum() - np.trace(one.trips)) for one in self.classes) - float(self.found.lost.sum())
        km = float(vehicles @ self.city.length_m) / 1000.0
        hours = float(vehicles @ self.found.time) / 3600.0
        edges = slice(0, len(self.city.edges))
        over = self.found.flow[edges] > FULL * self.city.network.capacity[edges]
        return {
            "trips": trips,
            "trips_without_way": float(self.found.lost.sum()),
            "vehicle_km": km,
            "vehicle_h": hours,
            "mean_min": 60.0 * hours / trips if trips else 0.0,
            "mean_km": km / trips if trips else 0.0,
            "edges_over_capacity": float(over.sum()),
        }


def assign_city(
    city: City,
    trips: HourlyTrips,
    *,
    gap: float = 1e-4,
    rounds: int = ROUNDS,
    progress: Callable[[int, float], None] | None = None,
) -> Assigned:
    """Assign the trips of an hour to a city.

    Args:
        city: The city.
        trips: The trips.
        gap: Relative gap to end at.
        rounds: End after so many in any case, and say so.
        progress: Called with the round and its gap.

    Raises:
        BadInput: All trips touch zones that are connected to no street.
    """
    return assign_network(city_network(city, trips.doors), trips.classes, trips.told, gap, rounds, progress)


def assign_network(
    city: CityNetwork,
    classes: Sequence[UserClass],
    told: Sequence[Sentence] = (),
    gap: float = 1e-4,
    rounds: int = ROUNDS,
    progress: Callable[[int, float], None] | None = None,
) -> Assigned:
    """Assign classes to a network of a city: see `assign_city`."""
    found = equilibrium(city.network, classes, gap=gap, rounds=rounds, progress=progress)
    wanted = sum(float(one.trips.sum() - np.trace(one.trips)) for one in classes)
    if wanted > 0 and found.lost.sum() >= wanted:
        raise BadInput(
            "no way leads for any of the trips",
            place=", ".join(city.lonely[:_NAMED]) or None,
            remedy="import zones that lie on streets that cars may use",
        )
    whole = (*told, *GUESSES, *_told(city, classes, found, gap))
    return Assigned(city, tuple(classes), found, whole, tuple(told))


def _told(city: CityNetwork, classes: Sequence[UserClass], found: Equilibrium, gap: float) -> list[Sentence]:
    told = []
    used = sum((one.trips for one in classes), np.zeros((len(city.zones),) * 2))
    lonely = [
        zone
        for zone in city.lonely
        if (used[city.zones.index(zone)] > 0).any() or (used[:, city.zones.index(zone)] > 0).any()
    ]
    if lonely:
        names = ", ".join(lonely[:_NAMED]) + (" ..." if len(lonely) > _NAMED else "")
        told.append(
            say(
                f"{len(lonely)} zones with trips are not connected to a street both ways: {names}",
                f"{len(lonely)}个有出行的小区未双向接入道路：{names}",
            )
        )
    if found.lost.sum() > 0:
        told.append(
            say(
                f"{found.lost.sum():.1f} trips per hour have no way and are left out",
                f"每小时{found.lost.sum():.1f}次出行无路可达，未计入",
            )
        )
    within = sum(float(np.trace(one.trips)) for one in classes)
    if within > 0:
        told.append(
            say(
                f"{within:.1f} trips per hour stay within their zone and are not assigned",
                f"每小时{within:.1f}次出行在小区内部，未分配到路网",
            )
        )
    if not found.converged:
        told.append(
            say(
                f"the gap asked for, {gap:g}, was not reached: {found.gap:.2g} after {len(found.gaps)} rounds; flows "
                "are not settled",
                f"未达到要求的相对间隙{gap:g}：{len(found.gaps)}轮后为{found.gap:.2g}；流量尚未稳定",
            )
        )
    over = found.flow[: len(city.edges)] / city.network.capacity[: len(city.edges)]
    if (over > FULL).any():
        worst = int(over.argmax())
        told.append(
            say(
                f"demand exceeds capacity on {int((over > FULL).sum())} edges, most on {city.edges[worst]} "
                f"({over[worst]:.2f} times); a static assignment lets it pass, a street would not",
                f"{int((over > FULL).sum())}条道路需求超过通行能力，最高为{city.edges[worst]}（{over[worst]:.2f}倍）；"
                "静态分配允许其通过，实际道路不会",
            )
        )
    return told


def edge_table(done: Assigned, names: Sequence[str] | None = None) -> pd.DataFrame:
    """One row per edge with traffic.

    Columns: edge_id, name, flow_pcu_h, v_c, time_s, free_s, speed_kmh, length_m, and veh_h_CLASS for each class.
    """
    import pandas as pd

    count = len(done.city.edges)
    network, found = done.city.network, done.found
    table = pd.DataFrame(
        {
            "edge_id": done.city.edges,
            "name": list(names) if names is not None else [""] * count,
            "flow_pcu_h": found.flow[:count].round(3),
            "capacity_pcu_h": network.capacity[:count].round(1),
            "v_c": (found.flow[:count] / network.capacity[:count]).round(4),
            "time_s": found.time[:count].round(3),
            "free_s": network.free[:count].round(3),
            "speed_kmh": (3.6 * done.city.length_m[:count] / found.time[:count]).round(2),
            "length_m": done.city.length_m[:count].round(2),
        }
    )
    for row, one in enumerate(done.classes):
        table[f"veh_h_{one.name}"] = found.class_flow[row, :count].round(3)
    return table[table["flow_pcu_h"] > 0].reset_index(drop=True)


def turn_table(done: Assigned, junctions: Sequence[str] | None = None) -> pd.DataFrame:
    """Turning volumes: one row per turn with traffic, by junction.

    Columns: junction, from_edge, to_edge, and veh_h_CLASS for each class.

    Args:
        done: The assignment.
        junctions: Where each edge ends.
    """
    import pandas as pd

    count, turns = len(done.city.edges), done.city.turns
    edges = np.array(done.city.edges, dtype=object)
    ends = np.array(junctions if junctions is not None else [""] * count, dtype=object)
    table = pd.DataFrame(
        {"junction": ends[turns[:, 0]], "from_edge": edges[turns[:, 0]], "to_edge": edges[turns[:, 1]]}
    )
    flows = done.found.class_flow[:, count : count + len(turns)]
    for row, one in enumerate(done.classes):
        table[f"veh_h_{one.name}"] = flows[row].round(3)
    used = table[flows.sum(axis=0) > 1e-6]
    return used.sort_values(["junction", "from_edge", "to_edge"]).reset_index(drop=True)


def skims(done: Assigned, one: UserClass) -> dict[str, Floats]:
    """Time (min), distance (km) and cost (generalised minutes, tolls with them) on the cheapest ways of a class.

    Between all pairs of zones at the final times; NaN where no way leads, 0 within a zone.
    """
    time = done.found.time
    cost = time if one.extra is None else time + one.extra
    values = np.stack([time / 60.0, done.city.length_m / 1000.0, np.where(np.isfinite(cost), cost, 0.0) / 60.0], axis=1)
    sums = sums_along(done.city.network, cost, values)
    return {name: sums[:, :, column] for column, name in enumerate(("time_min", "distance_km", "cost_min"))}
