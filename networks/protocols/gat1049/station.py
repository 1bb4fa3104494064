"""Signal systems that speak GA/T 1049.2: their file, the line to them, and their emulator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from networks.protocols.controller_link import ControllerLink
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.emulated_crossing import EmulatedCrossing
from networks.protocols.emulation import Emulation
from networks.protocols.gat1049.file import read_gat1049, write_gat1049
from networks.protocols.gat1049.link import SignalSystemLink
from networks.protocols.gat1049.system import SignalSystem
from networks.protocols.gat1049.writing import MOST_PLANS, crossing_elements
from networks.protocols.serving import LoopbackServer


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
    asked: Emulation, *, port: int, edition: int, user: str, password: str, log: Callable[[str], None]
) -> tuple[LoopbackServer, tuple[str, ...]]:
    """A signal system that controls these signals.

    Raises:
        BadInput: The kept file is broken.
        OSError: The port is taken.
    """

    def told(one: EmulatedCrossing) -> EmulatedCrossing:
        crossing_elements(one.record, edition)
        return one

    records = read_gat1049(asked.kept_before)[1] if asked.kept_before else {}
    crossings = asked.crossings(told, records)
    system = SignalSystem(crossings, edition, user=user, password=password, log=log)
    system.keep = asked.keeper(
        lambda path: write_gat1049({name: one.record for name, one in system.crossings.items()}, path, edition)
    )
    return LoopbackServer(port, system.converse), tuple(crossings)
