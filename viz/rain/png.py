"""A small picture of classes as PNG, one byte a pixel."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np

from viz.rain.classes import UNKNOWN, Classes


def picture(values: np.ndarray, classes: Classes) -> str:
    """Values as a `data:` address of a PNG: clear below the first class, grey where unknown.

    Source: PNG specification (ISO/IEC 15948), colour type 3 with a transparent first entry; read as W3C's edition.
    """
    codes = classes.of(values)
    colours = b"".join(bytes(colour) for colour in ((255, 255, 255), *classes.colours, UNKNOWN))
    rows = b"".join(b"\0" + row.tobytes() for row in codes)
    head = struct.pack(">IIBBBBB", codes.shape[1], codes.shape[0], 8, 3, 0, 0, 0)
    chunks = (("IHDR", head), ("PLTE", colours), ("tRNS", b"\0"), ("IDAT", zlib.compress(rows, 9)), ("IEND", b""))
    whole = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name.encode(), body) for name, body in chunks)
    return "data:image/png;base64," + base64.b64encode(whole).decode()


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
