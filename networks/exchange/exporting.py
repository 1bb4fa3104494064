"""Plans in another format, with what is kept and what is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from networks.errors import BadInput
from networks.exchange.gmns_reading import read_gmns
from networks.exchange.gmns_writing import write_gmns
from networks.exchange.nema_reading import read_nema
from networks.exchange.nema_writing import nema_element, write_nema
from networks.exchange.ntcip_objects import write_sheet
from networks.exchange.ntcip_reading import read_ntcip
from networks.exchange.ntcip_writing import ntcip_objects
from networks.exchange.telling import less_safe, not_held, read_back, rings_in_words, tell_rings
from networks.exchange.utdf_lanes import check_serving, served_columns
from networks.exchange.utdf_reading import read_utdf
from networks.exchange.utdf_writing import write_utdf
from networks.signals.layouts.layout import Layout
from networks.signals.plans.plan import SignalPlan
from networks.timing.ring_plan import RingPlan
from networks.timing.timing import Control

NEMA_PROGRAM = "NEMA"
"""Added to the programme's name: SUMO refuses a programme of a name that the network has already."""


@dataclass(frozen=True)
class Report:
    """What became of each signal.

    Attributes:
        written: Signal id -> lines about it.
        left_out: Signal id -> why it is not in the file.
    """

    written: dict[str, list[str]]
    left_out: dict[str, str]


def export_utdf(plans: Mapping[str, SignalPlan], layouts: Mapping[str, Layout], path: Path) -> Report:
    """Write plans as a UTDF combined file, read it back and compare.

    Raises:
        BadInput: A plan is not of the network, or none of them can be told in rings.
        StorageFailed: The disk is full or may not be written.
    """
    rings, left_out = _that_fit(
        plans, layouts, "UTDF", lambda one: check_serving(served_columns(one, layouts[one.tls_id])[0], one.tls_id)
    )
    write_utdf(rings, layouts, path)
    back = read_utdf(path, rings, layouts).rings
    written = {}
    for number, tls in enumerate(sorted(rings), 1):
        torn = served_columns(rings[tls], layouts[tls])[1]
        missing = [f"different phases of links that are all {', '.join(torn)}"] if torn else []
        written[tls] = [
            f"INTID {number}, {line}" if n == 0 else line
            for n, line in enumerate(_lines(plans[tls], rings[tls], back[tls], missing, layouts[tls]))
        ]
    return Report(written, left_out)


def export_nema(plans: Mapping[str, SignalPlan], layouts: Mapping[str, Layout], path: Path) -> Report:
    """Write plans as SUMO's NEMA programs, read them back and compare.

    Raises:
        BadInput: A plan is not of the network, or none of them can be told in rings.
        StorageFailed: The disk is full or may not be written.
    """
    rings, left_out = _that_fit(plans, layouts, "NEMA", lambda one: nema_element(one))
    named = {tls: replace(one, program_id=f"{one.program_id}_{NEMA_PROGRAM}") for tls, one in rings.items()}
    write_nema(named, path)
    back = read_nema(path, rings)
    change = "SUMO lets a light turn yellow at the end of each phase, also where the next phase serves it"
    written = {}
    for tls, one in named.items():
        missing = [] if one.control in (Control.FIXED, Control.COORDINATED) or not one.offset_s else ["its offset"]
        crossed = any(_serves_again(one, link) for link in range(len(one.red)))
        written[tls] = [*_lines(plans[tls], one, back[tls], missing, layouts[tls]), *([change] if crossed else [])]
    return Report(written, left_out)


def export_gmns(plans: Mapping[str, SignalPlan], layouts: Mapping[str, Layout], folder: Path) -> Report:
    """Write plans as a folder of GMNS signal tables, read them back and compare.

    Raises:
        BadInput: A plan is not of the network, or none of them can be told in rings.
        StorageFailed: The disk is full or may not be written.
    """
    rings, left_out = _that_fit(plans, layouts, "GMNS", lambda one: one)
    write_gmns(rings, layouts, folder)
    back = read_gmns(folder, rings, layouts)
    missing = ["how a clearance parts into yellow and red", "the programme's name, detectors"]
    return Report(
        {tls: _lines(plans[tls], one, back[tls], missing, layouts[tls]) for tls, one in sorted(rings.items())}, left_out
    )


def export_ntcip(plans: Mapping[str, SignalPlan], layouts: Mapping[str, Layout], path: Path) -> Report:
    """Write plans as a sheet of NTCIP 1202 objects, read it back and compare.

    Raises:
        BadInput: A plan is not of the network, or none of them can be told.
        StorageFailed: The disk is full or may not be written.
    """
    rings, left_out = _that_fit(plans, layouts, "NTCIP", ntcip_objects)
    write_sheet({tls: ntcip_objects(one) for tls, one in rings.items()}, path)
    back, written = read_ntcip(path, rings), dict[str, list[str]]()
    unsafe = {tls: fault for tls in sorted(rings) if (fault := less_safe(plans[tls], back[tls], layouts[tls]))}
    if unsafe:
        left_out |= {tls: f"read back it would be unsafe: {fault}" for tls, fault in unsafe.items()}
        rings = {tls: one for tls, one in rings.items() if tls not in unsafe}
        path.unlink()
        if not rings:
            tls, why = next(iter(left_out.items()))
            raise BadInput(f"no plan can be written as NTCIP: {why}", place=f"signal {tls}")
        write_sheet({tls: ntcip_objects(one) for tls, one in rings.items()}, path)
    for tls, one in sorted(rings.items()):
        free = [] if one.control in (Control.FIXED, Control.COORDINATED) else ["its offset, today's greens"]
        missing = ["which links a phase serves, detectors", *free]
        written[tls] = _lines(plans[tls], one, back[tls], missing, layouts[tls])
    return Report(written, left_out)


def _serves_again(rings: RingPlan, link: int) -> bool:
    return sum(link in phase.protected | phase.permitted for phase in rings.phases) > 1


def _lines(plan: SignalPlan, rings: RingPlan, back: RingPlan, missing: list[str], layout: Layout) -> list[str]:
    lines = [f"phases {rings_in_words(rings)}; {read_back(plan, back)}"]
    if fault := less_safe(plan, back, layout):
        lines.append(f"read back it is less safe than the plan: {fault}")
    if lost := not_held(rings) + missing:
        lines.append(f"not in the file, kept from the network's plan when it is read: {'; '.join(lost)}")
    return lines


def _that_fit(
    plans: Mapping[str, SignalPlan], layouts: Mapping[str, Layout], name: str, check: Callable[[RingPlan], object]
) -> tuple[dict[str, RingPlan], dict[str, str]]:
    """The ring plans that pass a check, and why the others do not."""
    told = tell_rings(plans, layouts)
    rings, left_out = {}, dict(told.left_out)
    for tls, one in told.rings.items():
        try:
            check(one)
            rings[tls] = one
        except BadInput as error:
            left_out[tls] = error.what
    if not rings:
        tls, why = next(iter(left_out.items()), ("?", "there is no plan"))
        raise BadInput(f"no plan can be written as {name}: {why}", place=f"signal {tls}")
    return rings, left_out
