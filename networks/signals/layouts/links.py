"""Which movement each link of a signal controls, read from the SUMO net."""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import iterparse


@dataclass(frozen=True)
class SignalLink:
    """One controlled link: character `index` of the signal's state strings.

    Attributes:
        tls_id: The signal.
        index: Position in the state string.
        from_edge: Edge that the vehicles come from.
        from_lane: Lane of that edge, 0 is the rightmost.
        to_edge: Edge that they go to.
        direction: SUMO's `dir`: s straight, l left, r right, t turn around, L/R partly left/right.
    """

    tls_id: str
    index: int
    from_edge: str
    from_lane: int
    to_edge: str
    direction: str


def read_signal_links(net_file: Path) -> dict[str, tuple[SignalLink, ...]]:
    """The links of every signal in a SUMO net (`.net.xml` or `.net.xml.gz`), by id, in the order of their index."""
    links: dict[str, list[SignalLink]] = {}
    with gzip.open(net_file) if net_file.suffix == ".gz" else net_file.open("rb") as stream:
        _collect(stream, links)
    return {tls: tuple(sorted(links[tls], key=lambda one: (one.index, one.from_edge))) for tls in sorted(links)}


def _collect(stream: gzip.GzipFile | io.BufferedReader, links: dict[str, list[SignalLink]]) -> None:
    for _, element in iterparse(stream):
        if element.tag == "connection" and element.get("tl"):
            link = SignalLink(
                tls_id=element.attrib["tl"],
                index=int(element.attrib["linkIndex"]),
                from_edge=element.attrib["from"],
                from_lane=int(element.attrib["fromLane"]),
                to_edge=element.attrib["to"],
                direction=element.get("dir", "s"),
            )
            links.setdefault(link.tls_id, []).append(link)
        if element.tag in {"edge", "junction"}:
            element.clear()
