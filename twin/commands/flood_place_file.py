"""`placement.json`: what `twin flood place` found, for programs."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenarios.flooding.placing.answer import Placement, PlacingAnswer
    from twin.commands.flood_storm import Stormed


def placement_json(stormed: Stormed, found: PlacingAnswer) -> str:
    """Everything that was found, the best placement first."""

    def interval(saves: tuple[float, float, float]) -> list[float | None]:
        return [None if value != value else round(value, 3) for value in saves]

    placements = [
        {
            "pumps": one.counts, "from": _depots_used(one), "crews": list(one.manned),
            "screened": round(one.screened, 3),
            "saves": interval(one.saves), "saves_vehicle_h": interval(one.saves_vehicle_h),
            "saves_people": interval(one.saves_people),
        }
        for one in found.placements
    ]  # fmt: skip
    trips = {place: {"depot": trip.depot, "travel_s": round(trip.travel_s)} for place, trip in found.trips.items()}
    told = {
        "format": "citytwin-flood-placement-1", "storm": stormed.about, "candidates": list(found.candidates),
        "trips": {place: trips[place] for place in found.candidates}, "screened": found.screened,
        "placements": placements,
    }  # fmt: skip
    return json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _depots_used(one: Placement) -> dict[str, dict[str, int]]:
    """Place -> depot -> pumps; a depot without a name where nobody said where they wait."""
    return {place: dict(sorted(Counter(trip.depot for trip in trips).items())) for place, trips in one.drives.items()}
