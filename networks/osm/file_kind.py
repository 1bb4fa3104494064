"""What a file really is, whatever its name says; and an error of the reader in words that help."""

from __future__ import annotations

import bz2
import gzip
import re
import zlib
from pathlib import Path
from typing import IO, cast

from networks.errors import BadMap

SUFFIXES = (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf", ".pbf")
_HEAD_BYTES = 4096
_WHOLE = "a complete .osm, .osm.gz, .osm.bz2 or .osm.pbf file"
_AGAIN = "download or copy it again; a truncated download is the usual cause"


def refuse_other_files(file: Path) -> None:
    """Refuse what is no OpenStreetMap file by its name or by its first bytes.

    Raises:
        BadMap: It is missing, or something else, which the error names.
    """
    if not file.is_file():
        raise BadMap("there is no such file", file=file, remedy="give the path of an OSM file")
    name = file.name.lower()
    if name.endswith((".osc", ".osc.gz", ".osc.bz2")):
        raise _changes(file)
    if not name.endswith(SUFFIXES):
        raise BadMap(
            "this is not an OSM file by its name",
            file=file,
            expected="a file ending in .osm, .osm.gz, .osm.bz2 or .osm.pbf",
            remedy="a terrain goes with a map: twin build MAP --dem TIF"
            if name.endswith((".tif", ".tiff"))
            else "export the area from OpenStreetMap, or use: twin build --place NAME",
        )
    with file.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    is_what = _other_kind(head, name)
    if is_what:
        what, remedy = is_what
        raise BadMap(f"it cannot be read: it is {what}", file=file, expected=_WHOLE, remedy=remedy)
    text = _unpacked(head)
    if b"<osmChange" in text:
        raise _changes(file)
    if not name.endswith("pbf"):
        _refuse_entities(text, file)


def _changes(file: Path) -> BadMap:
    return BadMap(
        "this is a file of changes, not a map",
        file=file,
        expected="the map after the changes",
        remedy="apply it first: osmium apply-changes MAP CHANGES -o NEW.osm.pbf",
    )


def _other_kind(head: bytes, name: str) -> tuple[str, str] | None:
    """(What the file is, what to do) where its first bytes do not fit its name."""
    pbf, gz, bz = b"OSMHeader" in head[:64], head[:2] == b"\x1f\x8b", head[:3] == b"BZh"
    if head[:4] == b"PK\x03\x04":
        return "a zip archive", "unpack it, and give the map inside"
    if pbf and not name.endswith("pbf"):
        return "a PBF file by its content", "rename it to end in .osm.pbf"
    if gz and not name.endswith(".gz"):
        return "packed with gzip", "rename it to end in .osm.gz (or unpack it)"
    if bz and not name.endswith(".bz2"):
        return "packed with bzip2", "rename it to end in .osm.bz2 (or unpack it)"
    plain = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if plain[:1] in (b"{", b"["):
        return "JSON", "export the area as OSM XML or PBF"
    if plain[:200].lower().startswith((b"<html", b"<!doctype html")):
        return "a web page, perhaps of a failed download", "download it again"
    if plain.startswith(b"<?xml") and name.endswith(("pbf", ".gz", ".bz2")):
        return "plain XML", "rename it to end in .osm"
    return None


def _unpacked(head: bytes) -> bytes:
    """The first bytes as text, also of a packed file; empty where they cannot be unpacked."""
    try:
        if head[:2] == b"\x1f\x8b":
            return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _HEAD_BYTES)
        if head[:3] == b"BZh":
            return bz2.BZ2Decompressor().decompress(head, _HEAD_BYTES)
    except (zlib.error, OSError):
        return b""
    return head


def _refuse_entities(text: bytes, file: Path) -> None:
    """XML that defines entities of its own can grow without end; no map needs them."""
    if b"<!ENTITY" in text or b"<!DOCTYPE" in text:
        line = text[: min(i for i in (text.find(b"<!ENTITY"), text.find(b"<!DOCTYPE")) if i >= 0)].count(b"\n") + 1
        raise BadMap(
            "it cannot be read: it declares XML entities, which can make a small file grow without end",
            file=file,
            place=f"line {line}",
            expected="OSM XML without a DOCTYPE",
            remedy="export the area from OpenStreetMap again",
        )


def told(error: Exception, file: Path, last: str) -> BadMap:
    """An error of the reader as a BadMap.

    Args:
        error: What pyosmium raised.
        file: The file.
        last: The last object that could be read, "" where there was none.
    """
    text = str(error)
    where = re.search(r"line (\d+), column (\d+)", text)
    place = f"line {where[1]}, column {where[2]}" if where else (f"after {last}" if last else None)
    expected, remedy = _WHOLE, _AGAIN
    if "entities" in text:
        expected, remedy = "OSM XML without entities", "export the area from OpenStreetMap again"
    elif "illegal id" in text or "coordinate" in text:
        expected = "ids that are whole numbers below 2^63, latitudes and longitudes in degrees"
        remedy = "mend the object in the file, or export the area again"
        place = _line_with(file, re.search(r"'([^']+)'", text)) or place
    elif "too long" in text:
        expected, remedy = "tags of at most 255 characters, as on OpenStreetMap", "shorten that tag"
        place = _long_line(file) or place
    elif "version" in text:
        expected, remedy = 'OSM data of version 0.6: <osm version="0.6">', "export the area again in the present format"
    return BadMap(
        f"it cannot be read as OpenStreetMap data: {text}", file=file, place=place, expected=expected, remedy=remedy
    )


def _line_with(file: Path, found: re.Match[str] | None) -> str | None:
    """The line of an XML file that holds what the error quotes."""
    quoted = found[1].encode().rstrip(b"0") if found else b""
    return _first_line(file, re.compile(re.escape(quoted))) if quoted else None


def _opened(file: Path) -> IO[bytes]:
    suffix = file.suffix.lower()
    if suffix == ".gz":
        return cast(IO[bytes], gzip.open(file, "rb"))
    return cast(IO[bytes], bz2.open(file, "rb")) if suffix == ".bz2" else file.open("rb")


def _long_line(file: Path) -> str | None:
    return _first_line(file, re.compile(rb'"[^"]{1024}'))


def _first_line(file: Path, pattern: re.Pattern[bytes]) -> str | None:
    if file.name.lower().endswith("pbf"):
        return None
    try:
        with _opened(file) as stream:
            found = next((number for number, line in enumerate(stream, start=1) if pattern.search(line)), None)
    except (OSError, EOFError, zlib.error):
        return None
    return f"line {found}" if found else None
