"""Calls SUMO's netconvert: a cleaned OSM file -> a road network in the city's plane."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from networks.errors import EngineFailed

# Cars, buses and lorries may use service roads (SUMO's own table lets only deliveries in, which strands car parks).
ALL_CLASSES = (
    "private emergency authority army vip passenger hov taxi bus coach delivery truck trailer motorcycle moped bicycle"
    " evehicle"
)
RESTRICTED = "highway.restricted"
"""Class of roads that are private or for deliveries: `source.py` names it, `access.py` takes it back."""
RESTRICTED_CLASSES = "private emergency authority army vip delivery bicycle"
_TYPES = f"""<types>
    <type id="{RESTRICTED}" numLanes="1" speed="5.56" priority="1" oneway="false" allow="{RESTRICTED_CLASSES}"/>
    <type id="highway.service" numLanes="1" speed="5.56" priority="1" oneway="false" allow="{ALL_CLASSES}"/>
    <type id="highway.living_street" numLanes="1" speed="5.56" priority="2" oneway="false" allow="{ALL_CLASSES}"/>
    <type id="highway.busway" numLanes="1" speed="13.89" priority="5" oneway="false" allow="bus coach emergency"/>
    <type id="highway.bus_guideway" numLanes="1" speed="13.89" priority="5" oneway="false" allow="bus coach emergency"/>
</types>
"""
IMPORT_OPTIONS = (
    "--geometry.remove",
    "--roundabouts.guess",
    "--ramps.guess",
    "--junctions.join",
    "--osm.turn-lanes",
    "--osm.lane-access",
    "--osm.bike-access",
    "--default.bikelane-width=1.5",
    "--no-turnarounds.geometry",
    "--no-turnarounds.tls",
    "--keep-edges.by-vclass=passenger,bus,emergency",
)
FINAL_OPTIONS = ("--no-turnarounds.geometry", "--no-turnarounds.tls")


def sumo_home() -> Path:
    """The folder of SUMO's programs and data.

    Found without importing `sumo`: that would set PROJ_LIB and PROJ_DATA to SUMO's own old tables, which pyproj and
    rasterio then fail on.

    Raises:
        EngineFailed: SUMO is not installed.
    """
    spec = importlib.util.find_spec("sumo")
    for place in (spec.submodule_search_locations if spec else None) or ():
        if (Path(place) / "bin").is_dir():
            return Path(place)
    raise EngineFailed("SUMO is not installed", remedy="install the package eclipse-sumo: python3 start.py setup")


def convert_osm(source: Path, prefix: Path, *, epsg: str, left_hand: bool, no_ramp_lanes: Sequence[str] = ()) -> None:
    """Convert an OSM file of roads to plain files `prefix.nod.xml` ...; x, y are metres of `epsg`.

    The edges `no_ramp_lanes` get no guessed lane where a ramp begins or ends.

    Raises:
        EngineFailed: netconvert stopped; its last words are in the message.
    """
    from networks.coordinates.projection import utm_proj4  # asking where SUMO is must not wait for NumPy

    types = prefix.with_name("own.typ.xml")
    types.write_text(_TYPES, encoding="utf-8")
    maps = sumo_home() / "data" / "typemap"
    tables = [maps / "osmNetconvert.typ.xml", maps / "osmNetconvertUrbanDe.typ.xml", Path(types.name)]
    _netconvert(
        [
            f"--osm-files={os.path.relpath(source, prefix.parent)}",
            f"--type-files={','.join(map(str, tables))}",
            f"--proj={utm_proj4(epsg)}",
            f"--lefthand={'true' if left_hand else 'false'}",
            *IMPORT_OPTIONS,
            *_ramps_unset(prefix, no_ramp_lanes),
            f"--plain-output-prefix={prefix.name}",
            "--plain-output.lanes",
        ],
        prefix.parent,
    )


def _ramps_unset(prefix: Path, edge_ids: Sequence[str]) -> list[str]:
    """The edges in a configuration file: there may be more than a command line takes."""
    if not edge_ids:
        return []
    file = prefix.with_name("ramps.netccfg")
    words = ",".join(edge_ids)
    file.write_text(f'<configuration><processing><ramps.unset value="{words}"/></processing></configuration>\n')
    return [f"--configuration-file={file.name}"]


def convert_plain(prefix: Path, net: Path, *, left_hand: bool) -> None:
    """Build `net` from the plain files `prefix.nod.xml`, `.edg.xml`, `.con.xml`, `.typ.xml` in the same folder.

    Raises:
        EngineFailed: netconvert stopped.
    """
    options = {"node": "nod", "edge": "edg", "connection": "con", "type": "typ"}
    files = [f"--{name}-files={prefix.name}.{kind}.xml" for name, kind in options.items()]
    side = f"--lefthand={'true' if left_hand else 'false'}"
    _netconvert([*files, side, *FINAL_OPTIONS, f"--output-file={net.name}"], net.parent)
    _strip_comment(net)


def _netconvert(options: Sequence[str], folder: Path) -> None:
    """Called in the folder of its files with relative paths: a comma in a path would part it into two files."""
    home = sumo_home()
    command = [
        str(home / "bin" / "netconvert"),
        *options,
        "--offset.disable-normalization",
        "--output.original-names",
        "--output.street-names",
        "--no-warnings",
        "--xml-validation=never",
    ]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        errors="replace",
        cwd=folder,
        env={**os.environ, "SUMO_HOME": str(home)},
    )
    if done.returncode:
        words = " ".join(done.stderr.split())[-600:]
        raise EngineFailed(
            f"netconvert stopped with status {done.returncode}: {words}",
            remedy="check free disk space and memory; if the map is unusual, report it with this message",
        )


def _strip_comment(net: Path) -> None:
    """Take out netconvert's comment, which holds the time of day and paths."""
    text = net.read_text(encoding="utf-8")
    net.write_text(re.sub(r"<!--.*?-->\s*", "", text, count=1, flags=re.S), encoding="utf-8")
