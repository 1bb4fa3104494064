"""Rain radar: one composite a message, as a frame; its pixels stay in the feed log."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import Field

from models.flood.rain import fmi_composite
from networks.errors import BadInput
from twin.feeds import format
from twin.feeds.formats.checks import plausible
from twin.feeds.message import Message, Understood
from twin.feeds.records import Frame
from twin.feeds.unpacking import unpacked

LONGEST_BYTES = 32 << 20
NO_ECHO_DBZ = -32.0
"""The least that a pixel can tell: what is said of a sky without any echo."""


class RadarOptions(format.Options):
    """Options of radar frames.

    Attributes:
        series: What the frames of this feed are called in the store.
    """

    series: Annotated[str, Field(min_length=1, max_length=100)] = "radar"


class Radar:
    """Composites of the Finnish Meteorological Institute (PGM, plain or gzipped) as `Frame`s, in dBZ, in the
    stereographic map that their header tells. Time is the header's; a name that begins with another is refused.

    Not taken as a feed: HDF5 and GeoTIFF (`twin flood` reads them from files): their libraries are not made for bytes
    of strangers. What the header means: see `models.flood.rain.radar.fmi_pgm`.
    """

    Options = RadarOptions

    def __init__(self, options: RadarOptions) -> None:
        self.options = options

    def understand(self, message: Message) -> Understood:
        """The frame of a message.

        Raises:
            BadInput: It is no composite, is cut short, or of a time that cannot be.
        """
        import numpy as np

        raw = unpacked(message.payload, LONGEST_BYTES)
        picture = fmi_composite(raw, message.topic)
        time = plausible(picture.time, "obstime", message.received)
        named = re.match(r"\d{12}(?!\d)", PurePosixPath(message.topic).name)
        if named and named[0] != f"{time:%Y%m%d%H%M}":
            what = f"its name says {named[0]}, the frame itself {time:%Y%m%d%H%M}"
            raise BadInput(what, place="obstime", expected="the same time")
        known = ~np.isnan(picture.values)
        highest = max(NO_ECHO_DBZ, float(picture.values[known].max())) if known.any() else None
        grid = picture.grid
        rows, columns = grid.shape
        right, bottom = grid.left_m + columns * grid.pixel_m[0], grid.top_m - rows * grid.pixel_m[1]
        box = (grid.left_m, bottom, right, grid.top_m)
        share = float(known.mean())
        frame = Frame(
            self.options.series, time, message.received, picture.quantity, grid.crs, rows, columns, box, share, highest
        )
        return Understood((frame,))
