"""Which protocol a file is of, and how controllers of that protocol are reached, kept and emulated."""

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

PROTOCOLS = ("gat1049",)
Log = Callable[[str], None]


@dataclass(frozen=True)
class StationFile:
    """A file of crossings as their controllers speak.

    Attributes:
        protocol: One of PROTOCOLS.
        edition: Of the standard; 0 where there is one alone.
        records: By crossing.
    """

    protocol: str
    edition: int
    records: dict[str, CrossingRecord]

    @property
    def suffix(self) -> str:
        """How names of such files end."""
        return ".xml"

    @property
    def most_plans(self) -> int:
        """Highest number of a plan."""
        return MOST_PLANS

    def write(self, records: Mapping[str, CrossingRecord], path: Path) -> None:
        """Write crossings in the same protocol and edition.

        Raises:
            StorageFailed: The disk is full or may not be written.
        """
        write_gat1049(records, path, self.edition)

    def connect(self, host: str, port: int, *, user: str, password: str) -> ControllerLink:
        """A line to controllers that speak it.

        Raises:
            NotThere: Nobody answers.
            Refused: The login is refused.
        """
        return SignalSystemLink(host, port, self.edition, user=user, password=password)


def read_station_file(path: Path) -> StationFile:
    """A file that was exported for controllers, or kept from them.

    Raises:
        BadInput: It is of none of the protocols.
    """
    edition, records = read_gat1049(path)
    return StationFile("gat1049", edition, records)


@dataclass(frozen=True)
class Emulator:
    """A server that answers for controllers.

    Attributes:
        server: Call `serve_forever` on it.
        crossings: Ids of what it controls.
        left_out: Signal -> why it is not emulated.
    """

    server: LoopbackServer
    crossings: tuple[str, ...]
    left_out: dict[str, str]


def emulator(
    protocol: str,
    plans: Mapping[str, SignalPlan],
    layouts: Mapping[str, Layout],
    *,
    port: int = 0,
    edition: int = 2024,
    user: str = "",
    password: str = "",
    kept: Path | None = None,
    log: Log = lambda _: None,
) -> Emulator:
    """Controllers of the signals of a network, each running its plan.

    Args:
        protocol: One of PROTOCOLS.
        plans: What runs.
        layouts: The ground.
        port: On 127.0.0.1; 0 lets the system choose.
        edition: Of GA/T 1049.2.
        user: Who may log in.
        password: With this.
        kept: A file in which the crossings are kept; what it holds runs instead of `plans`.
        log: Is told each request in a line.

    Raises:
        BadInput: No plan can be told in the protocol, or the kept file is broken.
        OSError: The port is taken.
    """
    if protocol not in PROTOCOLS:
        raise BadInput(f"there is no protocol {protocol!r}", expected=f"one of {', '.join(PROTOCOLS)}")
    records = read_gat1049(kept)[1] if kept is not None and kept.is_file() else {}
    crossings, left_out = dict[str, EmulatedCrossing](), dict[str, str]()
    for tls, plan in sorted(plans.items()):
        try:
            one = emulated_crossing(plan, layouts[tls], records.get(tls))
            crossing_elements(one.record, edition)
            crossings[tls] = one
        except BadInput as error:
            left_out[tls] = error.what
    if not crossings:
        tls, why = next(iter(left_out.items()), ("?", "there is no plan"))
        raise BadInput(f"no signal can be emulated: {why}", place=f"signal {tls}")
    system = SignalSystem(crossings, edition, user=user, password=password, log=log)

    def keep() -> None:
        if kept is not None:
            write_gat1049({name: one.record for name, one in system.crossings.items()}, kept, edition)

    system.keep = keep
    return Emulator(LoopbackServer(port, system.converse), tuple(crossings), left_out)
