"""Where vehicles were trapped by water: underpass by underpass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from networks import read_underpasses

if TYPE_CHECKING:
    import pandas as pd

    from networks import City

ELSEWHERE = "elsewhere"


def trapped_by_place(city: City, trips: pd.DataFrame | None) -> dict[str, int]:
    """Vehicles whose engines died in the water, by underpass id, and `elsewhere`; none named where nobody was trapped.

    Args:
        city: Its underpasses; a road through two counts for the first.
        trips: A run's table `trips` (`trapped`, `trapped_on`); None where the run drove nobody.
    """
    if trips is None or not trips["trapped"].any():
        return {}
    place: dict[str, str] = {}
    for one in read_underpasses(city):
        for edge in one.edges:
            place.setdefault(edge, one.underpass_id)
    edges = trips.loc[trips["trapped"], "trapped_on"]
    counts = edges.map(lambda edge: place.get(edge, ELSEWHERE)).value_counts()
    return {str(name): int(counts[name]) for name in sorted(counts.index)}
