"""The collections of a city: its streets, sensors, what is under water, and alarms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.api.features.collection import Collection, Feature

if TYPE_CHECKING:
    import geopandas as gpd

    from networks import City
    from twin.alarms import Finding

WET_M = 0.05
EDGES = "One direction of a street. length_m, speed_mps (limit), lanes; with the state now where a model says so."


def city_collections(city: City, state: Callable[[], Mapping[str, Any]]) -> dict[str, Collection]:
    """Edges, sensors and ponding of a city.

    Args:
        city: Where; must lie on the earth (`city.georeferenced`).
        state: The newest state, as the cockpit reads it: roads.speed_ratio and depth_m by edge.
    """

    def still(name: str, key: str) -> Callable[[], list[Feature]]:
        return lambda: features_of(city.layer(name), key)

    edges = Collection("Streets", EDGES, still("edges", "edge_id"), still=True)
    return {
        "edges": edges,
        "sensors": Collection(
            "Sensors", "A device that counts or measures, and its street.", still("sensors", "sensor_id"), still=True
        ),
        "ponding": Collection(
            "Ponding",
            f"Streets that stand under more than {WET_M} m of water now: depth_m, by the flood model.",
            lambda: ponding(edges.table().features, state()),
        ),
    }


def alarm_collection(findings: Callable[[], Sequence[tuple[str, Finding, Mapping[str, Any]]]]) -> Collection:
    """Alarms that are open.

    Args:
        findings: Id of the alarm, its worst finding, and what else is told of it.
    """

    def read() -> list[Feature]:
        import shapely

        return [
            Feature(
                alarm_id,
                shapely.Point(one.place) if one.place else None,
                {"kind": one.kind, "subject": one.subject, "level": one.level, "text": one.text, **more},
                one.begins,
                one.ends,
            )
            for alarm_id, one, more in findings()
        ]

    return Collection("Alarms", "Trouble that is there or is coming, grouped by its cause.", read)


def features_of(layer: gpd.GeoDataFrame, key: str) -> list[Feature]:
    """A layer's rows in longitude and latitude; nothing in a cell is left out."""
    geometries = layer.geometry.to_crs("OGC:CRS84")
    names = [name for name in layer.columns if name != "geometry"]
    columns = {name: layer[name].tolist() for name in names}
    return [
        Feature(str(columns[key][row]), one, {name: _plain(columns[name][row]) for name in names})
        for row, one in enumerate(geometries)
    ]


def ponding(edges: Sequence[Feature], state: Mapping[str, Any]) -> list[Feature]:
    """Streets that are under water now."""
    depths = state.get("depth_m") or []
    return [
        Feature(one.feature_id, one.geometry, {"edge_id": one.feature_id, "depth_m": depth})
        for one, depth in zip(edges, depths, strict=False)
        if depth is not None and depth > WET_M
    ]


def _plain(value: Any) -> Any:
    """A table's cell as JSON has it; what is not finite is null."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray | list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | type(None)) else str(value)
