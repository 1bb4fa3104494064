"""The edges of a network on which a vehicle can be counted."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from networks.errors import BadInput
from networks.safe_xml import read_xml


def normal_edges(net_file: Path | str) -> tuple[str, ...]:
    """Ids of the edges that are streets (none inside junctions, no crossings, no walking areas), sorted.

    Raises:
        BadInput: There is no such file, it is damaged, or it holds no edge.
    """
    file = Path(net_file).absolute()
    if not file.is_file():
        raise BadInput("there is no such network", file=file, expected="a .net.xml", remedy="correct the path")
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(file: Path, _changed_ns: int) -> tuple[str, ...]:
    edges = sorted(edge.get("id", "") for edge in read_xml(file).iter("edge") if edge.get("function", "") in _STREETS)
    if not edges:
        raise BadInput("it holds no street", file=file, place="<edge>", expected="a network by netconvert")
    return tuple(edges)


_STREETS = ("", "normal", "connector")
