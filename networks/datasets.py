"""The data catalogue: each dataset that a city was made from, and what was made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from networks.digest import digest_file

OSM = {
    "address": "https://www.openstreetmap.org",
    "licence": "ODbL 1.0",
    "owner": "OpenStreetMap contributors",
}
"""What is known of every OpenStreetMap extract."""
COPERNICUS = {
    "address": "https://registry.opendata.aws/copernicus-dem/",
    "licence": "Copernicus DEM GLO-30 licence: free use with attribution",
    "owner": "DLR e.V. and Airbus Defence and Space GmbH, provided under COPERNICUS by the European Union and ESA",
}
"""What is known of every tile of the Copernicus terrain."""
UNKNOWN = ""


@dataclass(frozen=True)
class Dataset:
    """One dataset.

    Attributes:
        name: Short and unique in the city: `map`, `terrain`, `transit`, ...
        kind: `source` (came from outside) or `product` (made here from others).
        file: Its file's name; for a product its place in the city's folder.
        address: Where it can be had again; "" where nobody said.
        licence: Under what terms; "" where nobody said.
        owner: Whose it is; "" where nobody said.
        date: The day or moment that its content is of (ISO 8601); "" where nobody said.
        sha256: Of its bytes.
        size_bytes: How large it is.
        made_from: Names of the datasets that it was made from, empty for a source.
        note: Anything else worth knowing.
    """

    name: str
    kind: str
    file: str
    address: str = UNKNOWN
    licence: str = UNKNOWN
    owner: str = UNKNOWN
    date: str = UNKNOWN
    sha256: str = UNKNOWN
    size_bytes: int = 0
    made_from: tuple[str, ...] = field(default=())
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values for `city.json` and `twin catalog --json`."""
        return asdict(self) | {"made_from": list(self.made_from)}


def source_dataset(name: str, file: Path, **about: str) -> dict[str, Any]:
    """What `city.json` keeps under `datasets` of a file that came from outside.

    Args:
        name: Short name: `map`, `terrain`, ...
        file: Where it lies now; its hash and size are taken.
        about: address, licence, owner, date, note, as far as they are known.
    """
    size, digest = file.stat().st_size, digest_file(file)
    return Dataset(name, "source", file.name, sha256=digest, size_bytes=size, **about).as_json()  # type: ignore[arg-type]


_FROM_MAP = ("map",)
_LINEAGE: Mapping[str, Sequence[str]] = {
    "terrain.tif": ("terrain", "map"),
    "layers/drains.parquet": ("map", "terrain"),
    "layers/drain_nodes.parquet": ("pipes", "map"),
    "layers/drain_links.parquet": ("pipes", "map"),
    "layers/underpasses.parquet": ("map", "terrain"),
    "layers/transit_stops.parquet": ("transit", "map"),
    "layers/transit_routes.parquet": ("transit", "map"),
    "layers/sensors.parquet": ("sensors", "map"),
    "layers/cameras.parquet": ("cameras", "map"),
    "layers/zones.parquet": ("zones", "map"),
    "tables/od.parquet": ("od", "zones"),
    "tables/timetable.parquet": ("transit", "map"),
    "roads.net.xml": ("roads", "map"),
}
"""Product -> sources that it is made from, as far as the city has them; everything else comes from the map alone."""


def catalogue(manifest: Mapping[str, Any]) -> list[Dataset]:
    """Sources first, in the order that they came, then the city's files by name, each with its lineage."""
    sources = [_read(one) for one in manifest.get("datasets", [])]
    known = {one.name: one for one in sources}
    products = []
    for file, stated in sorted(manifest["files"].items()):
        wanted = _LINEAGE.get(file, _FROM_MAP)
        made_from = tuple(name for name in wanted if name in known)
        parents = [known[name] for name in made_from]
        products.append(
            Dataset(
                name=file,
                kind="product",
                file=file,
                licence=_joined(one.licence for one in parents),
                owner=_joined(one.owner for one in parents),
                date=min((one.date for one in parents if one.date), default=UNKNOWN),
                sha256=stated["sha256"],
                size_bytes=stated["bytes"],
                made_from=made_from,
            )
        )
    return sources + products


def _read(stated: Mapping[str, Any]) -> Dataset:
    return Dataset(**{**stated, "made_from": tuple(stated.get("made_from", ()))})


def _joined(words: Any) -> str:
    return ", ".join(dict.fromkeys(word for word in words if word))
