"""Formats and transports by name, ours and those of other packages (entry points); duplicates are refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import cast

from networks.errors import BadInput
from twin.feeds.format import FormatClass
from twin.feeds.source import SourceClass


@dataclass(frozen=True, slots=True)
class Shelf:
    """One sort of plugin.

    Attributes:
        group: The group of entry points in which other packages offer theirs.
        word: What one is called.
        ours: Name -> module and class in this package.
    """

    group: str
    word: str
    ours: Mapping[str, str]


FORMATS = Shelf(
    "citytwin.formats",
    "format",
    {
        "cap": "twin.feeds.formats.cap:Cap",
        "datex2": "twin.feeds.formats.datex2:Datex2",
        "detections": "twin.feeds.formats.detections:Detections",
        "gat1049": "twin.feeds.formats.gat1049:Gat1049",
        "gbfs": "twin.feeds.formats.gbfs:Gbfs",
        "gtfs": "twin.feeds.formats.gtfs:Gtfs",
        "gtfs-rt": "twin.feeds.formats.gtfs_rt:GtfsRealtime",
        "hfp": "twin.feeds.formats.hfp:Hfp",
        "jtt808": "twin.feeds.formats.jtt808:Jtt808",
        "ngsi-ld": "twin.feeds.formats.ngsi_ld:NgsiLd",
        "radar": "twin.feeds.formats.radar:Radar",
        "sensorthings": "twin.feeds.formats.sensorthings:SensorThings",
        "siri": "twin.feeds.formats.siri:Siri",
        "table": "twin.feeds.formats.table:TableFile",
    },
)
SOURCES = Shelf(
    "citytwin.sources",
    "transport",
    {
        "folder": "twin.feeds.sources.folder:Folder",
        "http": "twin.feeds.sources.http:Http",
        "kafka": "twin.feeds.sources.kafka:Kafka",
        "mqtt": "twin.feeds.sources.mqtt:Mqtt",
        "sumo": "twin.feeds.sources.sumo:Sumo",
        "tcp": "twin.feeds.sources.tcp:Tcp",
    },
)


def format_named(name: str) -> FormatClass:
    """The class of a format.

    Raises:
        BadInput: There is none, two packages bring it, or it cannot be loaded.
    """
    return cast(FormatClass, _loaded(FORMATS.group, name))


def source_named(name: str) -> SourceClass:
    """The class of a transport; raises as `format_named`."""
    return cast(SourceClass, _loaded(SOURCES.group, name))


def names(shelf: Shelf) -> tuple[str, ...]:
    """All names on a shelf, in order."""
    return tuple(sorted({*shelf.ours, *(entry.name for entry in entry_points(group=shelf.group))}))


@cache
def _loaded(group: str, name: str) -> object:
    shelf = next(shelf for shelf in (FORMATS, SOURCES) if shelf.group == group)
    found = {"citytwin": shelf.ours[name]} if name in shelf.ours else {}
    for entry in entry_points(group=group, name=name):
        package = entry.dist.name if entry.dist is not None else entry.value
        if package in found:
            package = f"{package} ({entry.value})"
        found[package] = entry.value
    if not found:
        raise BadInput(f"there is no {shelf.word} {name!r}", expected=", ".join(names(shelf)))
    if len(found) > 1:
        raise BadInput(
            f"{len(found)} packages bring a {shelf.word} {name!r}: {', '.join(sorted(found))}",
            expected="one",
            remedy="uninstall all but one of them, or ask its maker for another name",
        )
    package, value = found.popitem()
    try:
        module, _, attribute = value.partition(":")
        return getattr(import_module(module), attribute)
    except Exception as error:
        raise BadInput(
            f"the {shelf.word} {name!r} of {package} cannot be loaded: {error}",
            remedy="install what it names, or ask its maker",
        ) from error
