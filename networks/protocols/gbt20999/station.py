"""Signal controllers that speak GB/T 20999-2017: their file, the line to them, and their emulator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from networks.protocols.controller_link import ControllerLink
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.emulated_crossing import EmulatedCrossing
from networks.protocols.emulation import Emulation
from networks.protocols.gbt20999.controller import ControllerTalk, EmulatedController
from networks.protocols.gbt20999.file import ControllerFile, read_gbt20999, signal_id_of, write_gbt20999
from networks.protocols.gbt20999.laying import tree_of
from networks.protocols.gbt20999.lifting import kept_from
from networks.protocols.gbt20999.link import ControllerPort
from networks.protocols.gbt20999.tree import MOST_PLANS
from networks.protocols.serving import LoopbackServer
from networks.protocols.staged.plan import StagedPlan
from networks.signals.controllers.controller import Controller


@dataclass(frozen=True)
class Gbt20999Station:
    """Controllers of a file.

    Attributes:
        controllers: By signal.
    """

    controllers: dict[str, ControllerFile]
    suffix: str = ".json"
    most_plans: int = MOST_PLANS

    @property
    def records(self) -> dict[str, CrossingRecord]:
        """Plans by signal."""
        return {name: one.record for name, one in self.controllers.items()}

    def write(self, records: Mapping[str, CrossingRecord], path: Path) -> None:
        """Write what controllers keep.

        Raises:
            StorageFailed: The disk is full or may not be written.
        """
        write_gbt20999({name: controller_file(record) for name, record in records.items()}, path)

    def connect(self, host: str, port: int, user: str, password: str) -> ControllerLink:  # noqa: ARG002
        """A line to the controllers; the protocol knows no login.

        Raises:
            NotThere: Nobody answers.
        """
        return ControllerPort(host, port, self.controllers)


def controller_file(record: CrossingRecord, controller: Controller | None = None) -> ControllerFile:
    """A controller as a file tells it; without `controller` its tables of conflicts stay empty.

    Raises:
        BadInput: A plan cannot be told (see `tree_of`).
    """
    return ControllerFile(record.cross_id, signal_id_of(record.cross_id), record.groups, tree_of(record, controller))


def records_in(path: Path, now: Mapping[str, StagedPlan]) -> dict[str, CrossingRecord]:
    """The plans of a file, with what it does not hold from today's.

    Raises:
        BadInput: It is no such file, or not of these signals.
    """
    found = {}
    for name, one in read_gbt20999(path, now).items():
        same = [g.links for g in now[name].groups] == [g.links for g in one.groups]
        record = replace(one, groups=now[name].groups).record if same else one.record
        own = {number: kept_from(now[name], plan) for number, plan in record.plans.items()}
        found[name] = replace(record, plans=own)
    return found


def emulate_gbt20999(
    asked: Emulation, *, port: int, log: Callable[[str], None]
) -> tuple[LoopbackServer, tuple[str, ...]]:
    """A port behind which controllers of these signals answer.

    Raises:
        BadInput: The kept file is broken.
        OSError: The port is taken.
    """
    files = read_gbt20999(asked.kept_before) if asked.kept_before else {}

    def told(crossing: EmulatedCrossing) -> EmulatedController:
        tls, own = crossing.record.cross_id, controller_file(crossing.record, crossing.controller)
        if tls in files:
            crossing.record = files[tls].record
            own = replace(files[tls], tree=replace(files[tls].tree, conflicts=own.tree.conflicts))
        return EmulatedController(own, crossing)

    found = {one.told.signal_id: one for one in asked.crossings(told).values()}
    keep = asked.keeper(
        lambda path: write_gbt20999({one.told.signal: replace(one.told, tree=one.tree) for one in found.values()}, path)
    )
    lock = Lock()

    def converse() -> ControllerTalk:
        return ControllerTalk(found, lock, log, keep)

    return LoopbackServer(port, converse), tuple(one.told.signal for one in found.values())
