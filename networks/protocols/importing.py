"""Files in the format of a protocol, read as plans of SUMO's and held against those of today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.gat1049.file import read_gat1049
from networks.protocols.gbt20999.station import records_in
from networks.protocols.spat.reading import read_spat
from networks.protocols.staged.comparing import changed_plan, changes
from networks.protocols.staged.plan import StagedPlan
from networks.protocols.staged.telling import staged_plans
from networks.signals.controllers.building import build_controller
from networks.signals.layouts.layout import Layout
from networks.signals.plans.plan import SignalPlan
from networks.timing.likeness import likeness
from networks.timing.looping import shown_loop

Read = Callable[[Path, Mapping[str, StagedPlan]], dict[str, CrossingRecord]]


@dataclass(frozen=True)
class Imported:
    """What a file says of the signals of a network.

    Attributes:
        plans: By signal; today's to the last digit where the file changes nothing.
        changed: Signal -> what it changes, a phrase each.
    """

    plans: dict[str, SignalPlan]
    changed: dict[str, list[str]]


def import_gat1049(path: Path, today: Mapping[str, SignalPlan], layouts: Mapping[str, Layout]) -> Imported:
    """The plans that run, or the first ones, of objects of GA/T 1049.2.

    Raises:
        BadInput: It is no such file, or a crossing is not of the network.
    """
    return import_staged(path, today, layouts, lambda file, now: read_gat1049(file, now)[1])


def import_gbt20999(path: Path, today: Mapping[str, SignalPlan], layouts: Mapping[str, Layout]) -> Imported:
    """The plans that run of trees of GB/T 20999-2017.

    Raises:
        BadInput: It is no such file, or a signal is not of the network.
    """
    return import_staged(path, today, layouts, records_in)


def import_spat(path: Path, today: Mapping[str, SignalPlan]) -> Imported:
    """The plans of a replay of one cycle.

    Raises:
        BadInput: It is no such file, or a signal is not of the network.
    """
    found = Imported({}, {})
    for tls, plan in read_spat(path, today).items():
        found.plans[tls] = plan
        if plan is not today[tls]:
            compared = likeness(shown_loop(today[tls]), plan)
            a, b = compared.cycles_s
            cycle = f"cycle {a:g} -> {b:g} s" if a != b else f"other lights for {compared.seconds:g} s of the cycle"
            found.changed[tls] = [cycle, f"links {', '.join(map(str, compared.links))}"]
    return found


def import_staged(path: Path, today: Mapping[str, SignalPlan], layouts: Mapping[str, Layout], read: Read) -> Imported:
    """The plans of a file held against those of today.

    Raises:
        BadInput: It cannot be read, or a crossing is not of the network.
    """
    now, _ = staged_plans({tls: plan for tls, plan in today.items() if tls in layouts}, layouts, {})
    found = Imported({}, {})
    for tls, record in sorted(read(path, now).items()):
        found.plans[tls] = changed_plan(today[tls], now[tls], record.plan, build_controller(layouts[tls]))
        if said := changes(now[tls], record.plan):
            found.changed[tls] = said
    return found
