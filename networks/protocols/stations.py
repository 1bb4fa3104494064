"""Which protocol a file is of, and emulators by the name of a protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from networks.errors import BadInput, why_unread
from networks.protocols.controller_link import ControllerLink
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.emulation import Emulation
from networks.protocols.gat1049.station import emulate_gat1049, read_gat1049_station
from networks.protocols.gbt20999.file import read_gbt20999
from networks.protocols.gbt20999.station import Gbt20999Station, emulate_gbt20999
from networks.protocols.serving import LoopbackServer
from networks.signals.layouts.layout import Layout
from networks.signals.plans.plan import SignalPlan

PROTOCOLS = ("gat1049", "gbt20999")


class Station(Protocol):
    """Crossings of a file, and the line to the controllers that run them."""

    @property
    def records(self) -> dict[str, CrossingRecord]:
        """Plans by crossing."""

    @property
    def suffix(self) -> str:
        """How names of such files end."""

    @property
    def most_plans(self) -> int:
        """Highest number of a plan."""

    def write(self, records: Mapping[str, CrossingRecord], path: Path) -> None:
        """Write crossings in the same protocol."""

    def connect(self, host: str, port: int, user: str, password: str) -> ControllerLink:
        """A line to controllers."""


def read_station_file(path: Path) -> Station:
    """A file that was exported for controllers, or kept from them: XML is GA/T 1049.2, JSON GB/T 20999.

    Raises:
        BadInput: It is of neither protocol.
    """
    try:
        with path.open("rb") as stream:
            first = stream.read(64).lstrip()
    except OSError as error:
        raise BadInput(f"it cannot be read: {why_unread(error)}", file=path) from error
    if first.startswith(b"{"):
        return Gbt20999Station(read_gbt20999(path))
    return read_gat1049_station(path)


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
    wiring: Mapping[str, SignalPlan] | None = None,
    log: Callable[[str], None] = lambda _: None,
) -> Emulator:
    """Controllers of the signals of a network, each running its plan.

    Args:
        protocol: One of PROTOCOLS.
        plans: What runs.
        layouts: The ground.
        port: On 127.0.0.1; 0 lets the system choose.
        edition: Of GA/T 1049.2.
        user: Who may log in, where the protocol knows a login.
        password: With this.
        wiring: The network's plans: lamps that they show alike hang together. None: those of `plans` do.
        kept: A file in which the crossings are kept; what it holds runs instead of `plans`.
        log: Is told each request in a line.

    Raises:
        BadInput: There is no such protocol, no plan can be told in it, or the kept file is broken.
        OSError: The port is taken.
    """
    asked = Emulation(plans, layouts, wiring or {}, kept)
    if protocol == "gat1049":
        made = emulate_gat1049(asked, port=port, edition=edition, user=user, password=password, log=log)
    elif protocol == "gbt20999":
        made = emulate_gbt20999(asked, port=port, log=log)
    else:
        raise BadInput(f"there is no protocol {protocol!r}", expected=f"one of {', '.join(PROTOCOLS)}")
    if not made[1]:
        made[0].server_close()
        tls, why = next(iter(asked.left_out.items()), ("?", "there is no plan"))
        raise BadInput(f"no signal can be emulated: {why}", place=f"signal {tls}")
    return Emulator(*made, asked.left_out)
