"""Additional files whose outputs land in a run's own folder instead of beside the user's file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from networks.safe_xml import read_xml

E1 = ("e1Detector", "inductionLoop")
E2 = ("e2Detector", "laneAreaDetector")
E3 = ("e3Detector", "entryExitDetector")
NOWHERE = "NUL"
"""SUMO's name for a file that is not written."""
_WRITERS: dict[str, str] = {
    **dict.fromkeys(
        (*E1, *E2, *E3, "instantInductionLoop", "edgeData", "laneData", "routeProbe", "vTypeProbe"), "file"
    ),
    "timedEvent": "dest",
    "calibrator": "output",
}
"""Element -> attribute that names what it writes."""
_READERS = ("file", "href", "imgFile")
_READS = re.compile(rb'<([\w.]+)\b[^<>]*?\s(file|href|imgFile)="([^"]+)"')
_ANY_WRITER = re.compile(rb"<(?:" + "|".join(_WRITERS).encode() + rb"|include)\b")


@dataclass(frozen=True)
class Redirected:
    """Additional files for one run, and the kinds of detectors (`e1`, `e2`, `e3`) that are in them."""

    files: tuple[Path, ...]
    detectors: frozenset[str]


def redirect(files: tuple[Path, ...], folder: Path, detectors: Mapping[str, str], interval_s: float) -> Redirected:
    """Give the additional files for a run in `folder`; those that write nothing are used as they are.

    Args:
        files: The case's additional files.
        folder: Where changed copies are written.
        detectors: Kind (`e1`, `e2`, `e3`) -> file for what such detectors count; none for those that are not there.
        interval_s: Their interval, when they are written.

    Raises:
        BadInput: A file cannot be read as XML.
    """
    given, kinds = [], set()
    for number, file in enumerate(files):
        if file.suffix not in (".gz", ".bz2") and not _ANY_WRITER.search(file.read_bytes()):
            given.append(file)
            continue
        root = _inlined(file)
        for element in root.iter():
            kind = _redirect(element, detectors, interval_s)
            kinds |= {kind} if kind else set()
        given.append(folder / f"additional{number}.add.xml")
        ElementTree.ElementTree(root).write(given[-1], encoding="utf-8", xml_declaration=True)
    return Redirected(tuple(given), frozenset(kinds))


def read_by(file: Path) -> tuple[Path, ...]:
    """What an additional file makes SUMO read: files that it includes, of speed signs, rerouters and pictures."""
    if file.suffix in (".gz", ".bz2") or not file.is_file():
        return ()
    found: list[Path] = []
    for tag, _, name in _READS.findall(file.read_bytes()):
        if tag.decode() not in _WRITERS:
            found.append(file.parent / name.decode())
            found += read_by(found[-1]) if tag == b"include" else ()
    return tuple(found)


def _inlined(file: Path) -> ElementTree.Element:
    """A whole additional file with what it includes, every path that it reads absolute."""
    root = read_xml(file)
    for parent in list(root.iter()):
        for place, child in reversed(list(enumerate(parent))):
            if child.tag == "include":
                parent.remove(child)
                for offset, inner in enumerate(_inlined(file.parent / (child.get("href") or ""))):
                    parent.insert(place + offset, inner)
            elif isinstance(child.tag, str) and child.tag not in _WRITERS:
                for name in _READERS:
                    if value := child.get(name):
                        child.set(name, str(file.parent / value))
    return root


def _redirect(element: ElementTree.Element, detectors: Mapping[str, str], interval_s: float) -> str | None:
    if element.tag not in _WRITERS:
        return None
    attribute = _WRITERS[element.tag]
    if element.get(attribute) is None:
        return None
    element.set(attribute, NOWHERE)
    kind = next((k for k, tags in {"e1": E1, "e2": E2, "e3": E3}.items() if element.tag in tags), None)
    if kind is None or kind not in detectors:
        return None
    element.set(attribute, detectors[kind])
    element.attrib.pop("freq", None)
    element.set("period", f"{interval_s:g}")
    return kind
