"""What a check must know of a SUMO network: its edges, who may use them, what they lead to, and its signals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.sumo.streaming import read_elements
from networks.errors import BadInput

NEWEST = (1, 20)
"""The network version that SUMO 1.28 writes."""


@dataclass
class NetFacts:
    """A network, as far as routes, zones and plans refer to it.

    Attributes:
        version: Of the network's format, as (major, minor).
        lanes: Edge -> (allow, disallow) of each of its lanes, as written; without internal edges.
        follows: Edge -> edges that a connection leads to.
        links: Signal -> number of its links (highest link index + 1).
        letters: Signal -> lengths of the states of its plans in the network; a few have letters without a link.
    """

    version: tuple[int, int] = NEWEST
    lanes: dict[str, list[tuple[str | None, str | None]]] = field(default_factory=dict)
    follows: dict[str, set[str]] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    letters: dict[str, set[int]] = field(default_factory=dict)
    _open: dict[tuple[str, str], bool] = field(default_factory=dict)

    def open_to(self, edge: str, vclass: str) -> bool:
        """A vehicle of that class may use at least one lane of the edge."""
        key = (edge, vclass)
        if key not in self._open:
            self._open[key] = vclass == "ignoring" or any(_lets(vclass, *lane) for lane in self.lanes[edge])
        return self._open[key]

    def open_to_any(self, edge: str, classes: Iterable[str]) -> bool:
        """One of the classes may use the edge."""
        return any(self.open_to(edge, vclass) for vclass in classes)


def read_net(file: Path) -> NetFacts:
    """Read the facts of a network.

    Raises:
        BadInput: It is missing, damaged, no network, or newer than the installed SUMO.
    """
    facts = NetFacts()
    edge, signal = [""], [""]

    def start(name: str, items: Mapping[str, str], line: int) -> None:
        if name == "lane":
            if edge[0]:
                facts.lanes[edge[0]].append((items.get("allow"), items.get("disallow")))
        elif name == "edge":
            edge[0] = "" if items.get("function") == "internal" else items.get("id", "")
            if edge[0]:
                facts.lanes[edge[0]] = []
        elif name == "connection":
            _connect(facts, items)
        elif name == "tlLogic":
            signal[0] = items.get("id", "")
            facts.links.setdefault(signal[0], 0)
        elif name == "phase":
            facts.letters.setdefault(signal[0], set()).add(len(items.get("state", "")))
        elif name == "net":
            facts.version = _version(file, items.get("version", "1.0"), line)

    root = read_elements(file, start)
    if root != "net":
        raise BadInput(
            f"it is no SUMO network: its first element is <{root}>",
            file=file,
            expected="<net>",
            remedy="netconvert writes one",
        )
    if not facts.lanes:
        raise BadInput("the network has no edges", file=file, expected="at least one <edge>")
    return facts


def _connect(facts: NetFacts, items: Mapping[str, str]) -> None:
    before, after = items.get("from", ""), items.get("to", "")
    if not before.startswith(":"):
        facts.follows.setdefault(before, set()).add(after)
    signal = items.get("tl")
    if signal is not None:
        numbers = [int(items[key]) for key in ("linkIndex", "linkIndex2") if items.get(key, "").isdigit()]
        facts.links[signal] = max([facts.links.get(signal, 0), *(number + 1 for number in numbers)])


def _version(file: Path, text: str, line: int) -> tuple[int, int]:
    parts = text.split(".")
    if not all(part.isdigit() for part in parts[:2]):
        raise BadInput(f"{text!r} is no version of a network", file=file, place=f"line {line}, <net version>")
    version = (int(parts[0]), int(parts[1]) if len(parts) > 1 else 0)
    if version > NEWEST:
        raise BadInput(
            f"the network is of version {text}, newer than the installed SUMO reads",
            file=file,
            place=f"line {line}, <net version>",
            expected=f"at most {NEWEST[0]}.{NEWEST[1]}",
            remedy="build it again with the netconvert of the installed SUMO, or install the SUMO that wrote it",
        )
    return version


def _lets(vclass: str, allow: str | None, disallow: str | None) -> bool:
    if allow is not None:
        return allow == "all" or vclass in allow.split()
    if disallow is not None:
        return disallow != "all" and vclass not in disallow.split()
    return True
