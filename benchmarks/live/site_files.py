"""What the twin is told of the hidden city's sites: where they lie, what they hold, and who counts at their gates."""

from __future__ import annotations

from pathlib import Path

import yaml
from pyproj import Transformer

from benchmarks.live.planted import Planted
from networks import City
from networks.roads.net_file import read_net


def write_points(planted: Planted, folder: Path) -> None:
    """Write `points.csv`, which says in which streets the gauges stand; nothing where no hollow is planted."""
    rows = [f"level/{one.name},{' '.join(one.edges)}" for one in planted.ponds]
    if rows:
        (folder / "points.csv").write_text("\n".join(["gauge_id,edges", *rows]) + "\n", encoding="utf-8")


def write_sites(planted: Planted, folder: Path) -> None:
    """Write `counters.csv` and `sites.yaml` beside the city in a folder; nothing where no concert is planted."""
    if not planted.concerts:
        return
    city = City.open(folder / "city")
    shapes = {edge.edge_id: edge.shape for edge in read_net(city.net_file).edges}
    lonlat = Transformer.from_crs(city.crs, "EPSG:4326", always_xy=True)
    rows, sites = ["sensor_id,measure,from,to,zone,source"], []
    for one in planted.concerts:
        for gate in (f"{one.site}/gate-{number + 1}" for number in range(one.gates)):
            rows.append(f"{gate}/in,person_count,outside,{one.site},,planted")
            rows.append(f"{gate}/out,person_count,{one.site},outside,,planted")
        shape = shapes[one.edge]
        at = [round(float(value), 6) for value in lonlat.transform(*shape[len(shape) // 2])]
        sites.append({"id": one.site, "at": at, "kind": "hall", "area_m2": float(one.capacity), "m2_per_person": 1.0,
                      "source": "planted"})  # fmt: skip
    (folder / "counters.csv").write_text("\n".join(rows), encoding="utf-8")
    (folder / "sites.yaml").write_text(yaml.safe_dump({"sites": sites}, sort_keys=False), encoding="utf-8")
