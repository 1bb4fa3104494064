"""XML from outside: a file that declares a document type or entities is refused before a parser expands them.

Entities can only be declared before the first element, so reading up to it is enough, however large the file is.
"""

from __future__ import annotations

import bz2
import gzip
import re
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import IO, NoReturn, cast
from xml.etree import ElementTree
from xml.parsers import expat

from networks.errors import BadInput

_CHUNK = 1 << 14
_PROLOG_AT_MOST = 1 << 20
_NAMES_AT_MOST = 10_000
_DECLARED = re.compile(rb"""(\s{0,99}<\?xml\s[^>]{0,99}?encoding\s{0,9}=\s{0,9}["'])([A-Za-z][\w.-]{0,39})(["'])""")
_WIDE = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5"} | {
    name: name for name in ("shift_jis", "euc-jp", "euc-kr")
}
"""Encodings that are in use for XML, take several bytes a sign, and are unknown to expat -> Python's name."""


def check_xml(file: Path, *, roots: Collection[str] = (), wrong: type[BadInput] = BadInput) -> str:
    """Read a file (plain, .gz or .bz2) up to its first element, and give that element's name.

    Args:
        file: What to look at.
        roots: Names that the first element may have; any, when empty.
        wrong: The kind of error to raise.

    Raises:
        BadInput: It is missing, no XML, declares a document type or entities, or begins with another element.
    """
    found: list[str] = []

    def refuse(*_: object) -> NoReturn:
        raise wrong(
            "it declares a document type or entities, which a map or a network never needs",
            file=file,
            expected="plain XML without <!DOCTYPE> and <!ENTITY>",
            remedy="do not use this file unless you know who made it; export it again",
        )

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, _: found.append(name)
    expected = f"an XML file that begins with <{'> or <'.join(sorted(roots))}>" if roots else "an XML file"
    try:
        with _opened(Path(file)) as stream:
            read = 0
            while not found and read <= _PROLOG_AT_MOST:
                chunk = stream.read(_CHUNK)
                read += len(chunk)
                parser.Parse(chunk, not chunk)
                if not chunk:
                    break
    except (expat.ExpatError, OSError, EOFError, zlib.error, LookupError, ValueError) as error:
        raise wrong(f"it cannot be read as XML: {_words(error)}", file=file, expected=expected) from error
    if not found or (roots and found[0] not in roots):
        what = f"its first element is <{found[0]}>" if found else "it holds no element"
        raise wrong(what, file=file, expected=expected)
    return found[0]


def read_xml(file: Path, *, roots: Collection[str] = (), wrong: type[BadInput] = BadInput) -> ElementTree.Element:
    """The root of a whole XML file that `check_xml` lets through.

    Raises:
        BadInput: As `check_xml`; or it breaks off or is malformed later on.
    """
    check_xml(file, roots=roots, wrong=wrong)
    try:
        with _opened(Path(file)) as stream:
            return ElementTree.parse(stream).getroot()
    except (ElementTree.ParseError, OSError, EOFError, zlib.error, LookupError, ValueError) as error:
        raise wrong(
            f"it cannot be read as whole XML: {_words(error)}",
            file=file,
            remedy="download or copy it again; a truncated download is the usual cause",
        ) from error


def xml_in(
    data: bytes,
    *,
    name: str,
    roots: Collection[str] = (),
    most_elements: int | None = None,
    deepest: int | None = None,
) -> ElementTree.Element:
    """The root of XML that came in over a wire, under the rules of `check_xml`.

    Args:
        data: All of it, in any encoding that XML parsers know, or in one of East Asia's that it declares (GB 18030...).
        name: Who sent it, for errors.
        roots: Names that the first element may have; any, when empty.
        most_elements: How many elements and attributes it may have, and then not of too many names; any number, when
            None. They take far more memory than its bytes.
        deepest: How deep they may be nested.

    Raises:
        BadInput: It is no whole XML, declares a document type or entities, begins with another element, or has too many
            elements or levels.
    """
    seen = depth = 0
    tags: set[str] = set()

    def refuse(*_: object) -> NoReturn:
        raise BadInput(
            "it declares a document type or entities", file=name, expected="plain XML without <!DOCTYPE> and <!ENTITY>"
        )

    def opens(tag: str, attributes: dict[str, str]) -> None:
        nonlocal seen, depth
        seen, depth = seen + 1 + len(attributes), depth + 1
        if most_elements is not None:
            if seen > most_elements:
                raise BadInput("it has too many elements", file=name, expected=f"{most_elements:,} at most")
            tags.add(tag)
            if len(tags) > _NAMES_AT_MOST:
                raise BadInput("it has too many names", file=name, expected=f"{_NAMES_AT_MOST:,} at most")
        if deepest is not None and depth > deepest:
            raise BadInput("its elements are nested too deeply", file=name, expected=f"{deepest} levels at most")

    def closes(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    if most_elements is not None or deepest is not None:
        parser.StartElementHandler, parser.EndElementHandler = opens, closes
    try:
        data = _parseable(data)
        parser.Parse(data, True)
        root = ElementTree.fromstring(data)
    except (expat.ExpatError, ElementTree.ParseError, LookupError, ValueError) as error:
        raise BadInput(f"it cannot be read as XML: {error}", file=name, expected="one whole XML document") from error
    if roots and root.tag not in roots:
        raise BadInput(f"its first element is <{root.tag}>", file=name, expected=f"<{'> or <'.join(sorted(roots))}>")
    return root


def _parseable(data: bytes) -> bytes:
    """The same in UTF-8 where it declares an encoding that takes several bytes a sign and that expat does not know."""
    declared = _DECLARED.match(data)
    codec = _WIDE.get(declared[2].decode().lower()) if declared else None
    if declared is None or codec is None:
        return data
    text = data[declared.end() :].decode(codec)
    return declared[1] + b"utf-8" + declared[3] + text.encode()


def _opened(file: Path) -> IO[bytes]:
    packing = file.suffix.lower()
    if packing == ".gz":
        return cast(IO[bytes], gzip.open(file, "rb"))
    return bz2.open(file, "rb") if packing == ".bz2" else file.open("rb")


def _words(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
