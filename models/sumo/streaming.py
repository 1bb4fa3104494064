"""Large XML files read once, element by element, without building a tree."""

from __future__ import annotations

import bz2
import gzip
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, cast
from xml.parsers import expat

from networks.errors import BadInput
from networks.safe_xml import check_xml

_CHUNK = 1 << 20

OnStart = Callable[[str, Mapping[str, str], int], None]
"""Called with an element's name, its attributes and the line it begins in."""


def read_elements(file: Path, on_start: OnStart, on_end: Callable[[str], None] | None = None) -> str:
    """Call `on_start` for every element of a file (plain, .gz or .bz2), in its order; gives the root's name.

    Raises:
        BadInput: It is missing, declares entities, breaks off or is malformed; with the line.
    """
    root = check_xml(file)
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, items: on_start(name, items, parser.CurrentLineNumber)
    if on_end is not None:
        parser.EndElementHandler = on_end
    try:
        with opened(file) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BadInput(
            f"it is damaged: {expat.errors.messages[error.code]}",
            file=file,
            place=f"line {error.lineno}",
            expected="whole XML",
            remedy="export or copy it again; a file that breaks off was not written to its end",
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(f"it cannot be read to its end: {error}", file=file, remedy="export or copy it again") from error
    return root


def opened(file: Path) -> IO[bytes]:
    """A file to read, unpacked where it is .gz or .bz2."""
    if file.suffix == ".gz":
        return cast(IO[bytes], gzip.open(file, "rb"))
    return bz2.open(file, "rb") if file.suffix == ".bz2" else file.open("rb")
