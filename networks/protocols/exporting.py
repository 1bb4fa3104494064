"""Plans in the format of a protocol, each read back and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from networks.errors import BadInput
from networks.exchange.exporting import Report
from networks.landing import landing_file
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.gat1049.file import read_gat1049, write_gat1049
from networks.protocols.gbt20999.file import write_gbt20999
from networks.protocols.gbt20999.station import controller_file, records_in
from networks.protocols.spat.messages import messages, movements_of, plan_shown, write_lines
from networks.protocols.spat.reading import read_spat
from networks.protocols.staged.plan import StagedPlan
from networks.protocols.staged.showing import plan_of_staged
from networks.protocols.staged.telling import staged_plans
from networks.signals.controllers.building import build_controller
from networks.signals.controllers.checking import check_plan
from networks.signals.layouts.layout import Layout
from networks.signals.plans.plan import STATIC, SignalPlan
from networks.signals.plans.stretching import new_faults
from networks.timing.likeness import likeness
from networks.timing.looping import shown_loop

FIRST_PLAN = 1
Write = Callable[[Mapping[str, CrossingRecord], Path], None]


def export_gat1049(
    plans: Mapping[str, SignalPlan],
    layouts: Mapping[str, Layout],
    path: Path,
    *,
    edition: int = 2024,
    wiring: Mapping[str, SignalPlan] | None = None,
) -> Report:
    """Write plans as objects of GA/T 1049.2, read them back and compare.

    Args:
        plans: By signal.
        layouts: The ground.
        path: The file.
        edition: 2013 or 2024.
        wiring: The network's plans: lamps that they show alike hang together. None: those of `plans` do.

    Raises:
        BadInput: A plan is not of the network, or none of them can be told.
        StorageFailed: The disk is full or may not be written.
    """
    missing = ["red-amber", *(["limits of greens, the programme's name"] if edition == 2013 else [])]
    return export_staged(
        plans,
        layouts,
        path,
        "GA/T 1049.2",
        lambda records, out: write_gat1049(records, out, edition),
        lambda file, now: read_gat1049(file, now)[1],
        missing,
        wiring or {},
    )


def export_gbt20999(
    plans: Mapping[str, SignalPlan],
    layouts: Mapping[str, Layout],
    path: Path,
    *,
    wiring: Mapping[str, SignalPlan] | None = None,
) -> Report:
    """Write plans as trees of GB/T 20999-2017, read them back and compare.

    Args:
        plans: By signal.
        layouts: The ground.
        path: The file.
        wiring: As `export_gat1049` has it.

    Raises:
        BadInput: A plan is not of the network, or none of them can be told.
        StorageFailed: The disk is full or may not be written.
    """

    def write(records: Mapping[str, CrossingRecord], out: Path) -> None:
        own = {tls: controller_file(one, build_controller(layouts[tls])) for tls, one in records.items()}
        write_gbt20999(own, out)

    missing = ["limits of stages' greens, the names of programme and stages"]
    return export_staged(plans, layouts, path, "GB/T 20999", write, records_in, missing, wiring or {})


def export_spat(plans: Mapping[str, SignalPlan], layouts: Mapping[str, Layout], path: Path) -> Report:
    """Write one cycle of each plan as SPaT messages, read them back and compare.

    Raises:
        BadInput: None of the plans can be told.
        StorageFailed: The disk is full or may not be written.
    """
    told, left_out = dict[str, Iterator[tuple[float, dict[str, Any]]]](), dict[str, str]()
    counts = dict[str, int]()
    for number, (tls, plan) in enumerate(sorted(plans.items()), 1):
        try:
            shown = plan_shown(plan)
            movements = movements_of(tls, shown, build_controller(layouts[tls]))
        except BadInput as error:
            left_out[tls] = error.what
            continue
        told[tls] = messages(tls, number, shown, movements, repeats=True, fixed=plan.kind == STATIC)
        counts[tls] = len(movements)
    if not told:
        tls, why = next(iter(left_out.items()), ("?", "there is no plan"))
        raise BadInput(f"no plan can be written as SPaT: {why}", place=f"signal {tls}")
    with landing_file(path) as beside, beside.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(write_lines(told))
    back, lines = read_spat(path, {tls: plans[tls] for tls in told}), dict[str, list[str]]()
    for tls, count in counts.items():
        compared = likeness(shown_loop(plans[tls]), shown_loop(back[tls]))
        links = ", ".join(map(str, compared.links))
        said = "the same in every second" if compared.same else f"other lights on links {links}"
        lines[tls] = [f"{count} signal groups; read back it shows {said}"]
        if plans[tls].kind != STATIC:
            lines[tls].append("a replay of today's lengths: which detectors lengthen a green is not in the file")
    return Report(lines, left_out)


def export_staged(
    plans: Mapping[str, SignalPlan],
    layouts: Mapping[str, Layout],
    path: Path,
    name: str,
    write: Write,
    read: Callable[[Path, Mapping[str, StagedPlan]], dict[str, CrossingRecord]],
    missing: list[str],
    wiring: Mapping[str, SignalPlan],
) -> Report:
    """Write what a format can tell, read it back, and say of each signal what it shows and what is not in the file.

    Raises:
        BadInput: A plan is not of the network, or none of them can be told.
        StorageFailed: The disk is full or may not be written.
    """
    staged, left_out = staged_plans(plans, layouts, wiring)
    trial = path.with_name(f".{path.name}.trial")
    for tls in sorted(staged):
        try:
            write({tls: CrossingRecord(tls, {FIRST_PLAN: staged[tls]}, FIRST_PLAN)}, trial)
        except BadInput as error:
            left_out[tls] = error.what
            del staged[tls]
    trial.unlink(missing_ok=True)
    if not staged:
        tls, why = next(iter(left_out.items()), ("?", "there is no plan"))
        raise BadInput(f"no plan can be written as {name}: {why}", place=f"signal {tls}")
    write({tls: CrossingRecord(tls, {FIRST_PLAN: one}, FIRST_PLAN) for tls, one in staged.items()}, path)
    back = read(path, staged)
    for tls, record in sorted(back.items()):
        if why := _unsafe(plans[tls], record.plan, layouts[tls]):
            left_out[tls] = f"read back it would be unsafe: {why}"
            del staged[tls]
    if len(staged) < len(back):
        path.unlink()
        if not staged:
            tls, why = next(iter(left_out.items()))
            raise BadInput(f"no plan can be written as {name}: {why}", place=f"signal {tls}")
        write({tls: CrossingRecord(tls, {FIRST_PLAN: one}, FIRST_PLAN) for tls, one in staged.items()}, path)
    told = {tls: _lines(plans[tls], one, back[tls].plan, layouts[tls], missing) for tls, one in sorted(staged.items())}
    return Report(told, dict(sorted(left_out.items())))


def _unsafe(plan: SignalPlan, back: StagedPlan, layout: Layout) -> str:
    """What is less safe in what the file tells than in the plan; "" where nothing is."""
    controller = build_controller(layout)
    faults = new_faults(check_plan(plan_of_staged(back, plan, controller), controller), check_plan(plan, controller))
    return f"{faults[0]}{f' and {len(faults) - 1} more' if faults[1:] else ''}" if faults else ""


def _lines(plan: SignalPlan, own: StagedPlan, back: StagedPlan, layout: Layout, missing: list[str]) -> list[str]:
    controller = build_controller(layout)
    shown = likeness(shown_loop(plan), plan_of_staged(back, plan, controller))
    links = ", ".join(map(str, shown.links))
    said = "the same in every second" if shown.same else f"other lights on links {links} for {shown.seconds:g} s"
    lines = [f"plan {FIRST_PLAN}, {len(own.stages)} stages of {len(own.groups)} groups; read back it shows {said}"]
    lost = ["who gives way among the greens (the network tells)", *missing]
    if not any(group.red_amber_s for group in own.groups):
        lost = [one for one in lost if one != "red-amber"]
    if plan.kind != STATIC:
        lost.append("which detectors and gaps lengthen a green")
    return [*lines, f"not in the file, kept from the network's plan when it is read: {'; '.join(lost)}"]
