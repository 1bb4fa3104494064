"""The format `datex2`: publications wherever they stand in a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal
from xml.etree.ElementTree import Element

from pydantic import Field

from networks.errors import BadInput
from twin.feeds.formats.datex2.measured import read_elaborated, read_measured
from twin.feeds.formats.datex2.publication import Publication
from twin.feeds.formats.datex2.sites import read_sites
from twin.feeds.formats.datex2.situations import read_situations
from twin.feeds.formats.markup import MarkupOptions, Part, Reading, opened
from twin.feeds.message import Message, Understood

SPACE = "http://datex2.eu/schema/"
GML = "http://www.opengis.net/gml"

_READERS: dict[str, Callable[[Publication], None]] = {
    "SituationPublication": read_situations,
    "MeasuredDataPublication": read_measured,
    "ElaboratedDataPublication": read_elaborated,
    "MeasurementSiteTablePublication": read_sites,
}
_TELLING = {
    "situation": "SituationPublication",
    "siteMeasurements": "MeasuredDataPublication",
    "elaboratedData": "ElaboratedDataPublication",
    "measurementSiteTable": "MeasurementSiteTablePublication",
}
"""A child that tells the sort of a publication that does not say it itself."""


class Datex2Options(MarkupOptions):
    """What the format `datex2` may be told.

    Attributes:
        largest_mb: As in all XML. Measured data of a whole country are larger than the default.
        zone: As in all XML.
        period_s: Length of measured periods where the message does not tell it (it often stands in the table of sites
            only); None: a flow without one is a fault, for nobody could say how many vehicles that were.
        stamp: What the time of a measured value means where the message does not tell it, as version 2 cannot.
        positions: Order of coordinates in lists of positions; some publishers turn the standard's.
    """

    period_s: float | None = Field(default=None, gt=0, le=86400)
    stamp: Literal["begin", "middle", "end"] = "end"
    positions: Literal["lat lon", "lon lat"] = "lat lon"


class Datex2:
    """DATEX II 2 (CEN/TS 16157) and 3 (EN 16157): situations, observations and places.

    SituationPublication: each record of a situation is a row; versions of a record are told later, so that the store
    keeps them as corrections. MeasuredDataPublication and ElaboratedDataPublication: vehicle_count (from veh/h and the
    period), speed, occupancy, travel_time and rain_intensity of the sensor `SITE/INDEX` or of the predefined location.
    MeasurementSiteTablePublication: a place for each index of a site. Everything may stand in an envelope (SOAP).
    """

    Options = Datex2Options

    def __init__(self, options: Datex2Options) -> None:
        self.options = options

    def understand(self, message: Message) -> Understood:
        """Rows of a message.

        Raises:
            BadInput: It is no XML that can be read, or not DATEX II 2 or 3.
        """
        root, spaces = opened(message, self.options, (SPACE, GML))
        if not any(space.startswith((f"{SPACE}2", f"{SPACE}3")) for space in spaces):
            raise BadInput(
                f"its <{root.tag.rpartition('}')[2]}> holds nothing of DATEX II 2 or 3",
                file=message.topic,
                expected=f"a <d2LogicalModel> in {SPACE}2/2_0, or a <payload> in {SPACE}3/..., alone or in an envelope",
            )
        version = 3 if any(space.startswith(f"{SPACE}3") for space in spaces) else 2
        reading = Reading(message.received, self.options.zone)
        found = list(_publications(root, reading))
        for number, element in enumerate(found, start=1):
            label = element.tag if len(found) == 1 else f"{element.tag}[{number}]"
            self._read(Part(element, reading, label), version)
        if not found:
            reading.left_out["exchange without a publication (keep-alive, answer)"] += 1
        return reading.understood()

    def _read(self, part: Part, version: int) -> None:
        sort = part.kind or next((_TELLING[child.tag] for child in part.element if child.tag in _TELLING), "")
        if sort not in _READERS:
            part.reading.left_out[sort or "publication of an unknown sort"] += 1
            return
        told = part.told("publicationTime", need=True)
        if told is not None:
            _READERS[sort](Publication(part, version, told, self.options))


def _publications(root: Element, reading: Reading) -> Iterator[Element]:
    for element in root.iter():
        told = element.tag == "payload" and (Part(element, reading).kind or element.find("publicationTime") is not None)
        if told or element.tag == "payloadPublication":
            yield element
