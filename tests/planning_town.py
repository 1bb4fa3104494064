"""A small town to plan in: five streets by five, with enough trips to be in each other's way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from networks import City, build_city

LON, LAT, STEP, SIZE = 24.94, 60.17, 0.0009, 5


def build_town(folder: Path) -> City:
    """The City folder `folder`/town."""
    nodes = "".join(
        f'<node id="{row * 100 + column + 1}" version="1"'
        f' lat="{LAT + row * STEP:.7f}" lon="{LON + column * STEP * 2:.7f}"/>'
        for row in range(SIZE)
        for column in range(SIZE)
    )
    ways = "".join(_way(1000 + i, [i * 100 + j + 1 for j in range(SIZE)], f"Across {i}") for i in range(SIZE))
    ways += "".join(_way(2000 + i, [j * 100 + i + 1 for j in range(SIZE)], f"Up {i}") for i in range(SIZE))
    houses = [_house(row, column) for row in range(SIZE - 1) for column in range(SIZE - 1)]
    nodes += "".join(corners for corners, _ in houses)
    ways += "".join(house for _, house in houses)
    file = folder / "town.osm"
    file.write_text(f'<?xml version="1.0"?><osm version="0.6">{nodes}{ways}</osm>', encoding="utf-8")
    return build_city(file, folder / "town", name="Town")


def _house(row: int, column: int) -> tuple[str, str]:
    """A block of homes on one side of the town, of offices on the other: its corners and its outline."""
    number = 5000 + 10 * (row * SIZE + column)
    ring = [(0.3, 0.3), (0.3, 0.7), (0.7, 0.7), (0.7, 0.3)]
    corners = "".join(
        f'<node id="{number + i}" version="1" lat="{LAT + (row + y) * STEP:.7f}"'
        f' lon="{LON + (column + x) * STEP * 2:.7f}"/>'
        for i, (x, y) in enumerate(ring)
    )
    tags = {"building": "apartments" if column < 2 else "office", "building:levels": "40"}
    return corners, _way(number, [number, number + 1, number + 2, number + 3, number], "", tags)


def _way(number: int, nodes: list[int], name: str, tags: dict[str, str] | None = None) -> str:
    tags = tags or {"highway": "tertiary", "maxspeed": "40", "lanes": "2", "name": name}
    refs = "".join(f'<nd ref="{one}"/>' for one in nodes)
    return (
        f'<way id="{number}" version="1">{refs}{"".join(f"""<tag k="{k}" v="{v}"/>""" for k, v in tags.items())}</way>'
    )


def closure(edge: str = "-1003#2", **more: Any) -> dict[str, Any]:
    """A closed street as the page sends it."""
    return {
        "name": "street-closed",
        "title": {"en": "Street closed", "zh": "封路"},
        "period": {"begin": "2026-07-17T17:00:00+03:00", "end": "2026-07-17T17:15:00+03:00", "warm_up_s": 60},
        "demand": {"scale": 3.0},
        "interventions": [{"kind": "road_closure", "edges": [edge]}],
        "measures": ["mean_delay_s", "trips_finished", "trips_shifted"],
        **more,
    }
