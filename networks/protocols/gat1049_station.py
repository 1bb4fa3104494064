"""Signal systems that speak GA/T 1049.2: their file, the line to them, and their emulator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from networks.errors import BadInput
from networks.protocols.controller_link import ControllerLink
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.emulated_crossing import EmulatedCrossing, emulated_crossing
from networks.protocols.gat1049_file import read_gat1049, write_gat1049
from networks.protocols.gat1049_link import SignalSystemLink
from networks.protocols.gat1049_system import SignalSystem
from networks.protocols.gat1049_writing import MOST_PLANS, crossing_elements
from networks.protocols.serving import LoopbackServer
from networks.signals.layout import Layout
from networks.signals.plan import SignalPlan


@dataclass(frozen=True)
class Gat1049Station:
    """Crossings of a file.

    Attributes:
        records: By crossing.
        edition: 2013 or 2024.
    """

    records: dict[str, CrossingRecord]
    edition: int
    suffix: str = ".xml"
    most_plans: int = MOST_PLANS

    def write(self, records: Mapping[str, CrossingRecord], path: Path) -> None:
        """Write crossings in the same edition.

        Raises:
            StorageFailed: The disk is full or may not be written.
        """
        write_gat1049(records, path, self.edition)

    def connect(self, host: str, port: int, user: str, password: str) -> ControllerLink:
        """A session with the signal system.

        Raises:
            NotThere: Nobody answers.
            Refused: The login is refused.
        """
        return SignalSystemLink(host, port, self.edition, user=user, password=password)


def read_gat1049_station(path: Path) -> Gat1049Station:
    """The crossings of a file.

    Raises:
        BadInput: It is no such file.
    """
    edition, records = read_gat1049(path)
    return Gat1049Station(records, edition)


def emulate_gat1049(
    plans: Mapping[str, SignalPlan],
    layouts: Mapping[str, Layout],
    left_out: dict[str, str],
    wiring: Mapping[str, SignalPlan],
    *,
    port: int,
    edition: int,
    user: str,
    password: str,
    kept: Path | None,
    log: Callable[[str], None],
) -> tuple[LoopbackServer, tuple[str, ...]]:
    """A signal system that controls these signals; `left_out` is told why others are not among them.

    Raises:
        BadInput: The kept file is broken.
        OSError: The port is taken.
    """
    records = read_gat1049(kept)[1] if kept is not None and kept.is_file() else {}
    crossings = dict[str, EmulatedCrossing]()
    for tls, plan in sorted(plans.items()):
        try:
            one = emulated_crossing(plan, layouts[tls], records.get(tls), wiring)
            crossing_elements(one.record, edition)
            crossings[tls] = one
        except BadInput as error:
            left_out[tls] = error.what
    system = SignalSystem(crossings, edition, user=user, password=password, log=log)

    def keep() -> None:
        if kept is not None:
            write_gat1049({name: one.record for name, one in system.crossings.items()}, kept, edition)

    system.keep = keep
    return LoopbackServer(port, system.converse), tuple(crossings)
