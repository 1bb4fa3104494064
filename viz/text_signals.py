"""A signal on the terminal: its groups, stages, intergreens, phases and faults, for an engineer to read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from viz.signals.sheets.standing import crossed, standing_lines

if TYPE_CHECKING:
    from rich.console import RenderableType

    from networks import Controller, Layout, SignalGroup, SignalPlan
    from viz.signals.sheets.sheet import SignalSheet

_WINDS = ("E", "NE", "N", "NW", "W", "SW", "S", "SE")
_ID_WIDTH = 20
_TURNS = {"s": "straight", "l": "left", "L": "half left", "r": "right", "R": "half right", "t": "around"}
_COLOURS = {"G": "black on green", "g": "black on dark_sea_green4", "y": "black on yellow", "u": "black on orange3"}


def signal_list(signals: Mapping[str, SignalSheet]) -> Table:
    """One line for each signal: where, stages, cycle, control, source, rules that it fails."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("signal", min_width=min(_ID_WIDTH, max(map(len, signals), default=0)), overflow="fold")
    table.add_column("streets", overflow="fold")
    table.add_column("stages", justify="right", no_wrap=True)
    table.add_column("cycle s", justify="right", no_wrap=True)
    for name in ("control", "source", "fails"):
        table.add_column(name, justify="right" if name == "fails" else "left", no_wrap=True)
    for tls, one in signals.items():
        plan = one.plan
        streets = ", ".join(sorted({edge.name for edge in one.layout.edges.values() if edge.name})[:3])
        count = Text(str(one.findings), style="bold red" if one.findings else "")
        stages = str(len(one.controller.stages))
        table.add_row(tls, streets, stages, f"{plan.cycle_s:g}", plan.kind, plan.source, count)
    return table


def signal_sheet(signal: SignalSheet, width: int) -> Iterator[RenderableType]:
    """The sheet of one signal, part by part, for a terminal of `width` columns."""
    layout, controller, plan = signal.layout, signal.controller, signal.plan
    control = f"{plan.kind}, cycle {plan.cycle_s:g} s, offset {plan.offset_s:g} s"
    yield Text.assemble((f"signal {plan.tls_id}", "bold"), f"  program {plan.program_id}: {control}")
    yield Text.assemble(
        "plan source: ", (plan.source, "bold"), "; groups, stages and intergreens derived from the network"
    )
    if standing := standing_lines(layout, plan):
        yield _heading("What stands there")
        yield from (Text(f"  {line['en']}") for line in standing)
    yield _heading("Groups")
    yield _groups(layout, controller)
    yield _heading("Stages")
    yield _stages(controller)
    yield _heading("Intergreens, s: from row to column; empty: no conflict, ~: one gives way")
    yield from _matrices(controller, width)
    if controller.crossings:
        yield _heading("People on foot")
        yield _walks(layout, controller)
    yield _heading("One cycle: G green, g gives way, y yellow, . red")
    yield from _course(controller, plan, width)
    yield _heading("Phases")
    yield _phases(plan)
    yield _heading("Check")
    yield from _check(signal)


def _check(signal: SignalSheet) -> Iterator[Text]:
    """What fails, in words; the rules themselves stand in `twin signals check`."""
    rules = signal.rules.locale if signal.rules else "no rules"
    wrong = [one for one in signal.verdicts if one.passed is False]
    for one in wrong:
        shown = "" if one.found is None else f"{one.found:g} of "
        yield Text(
            f"  {one.rule}: {one.subject}: {one.why['en'] or f'{shown}{one.required:g} {one.unit}'}", style="red"
        )
    if not wrong:
        untold = sum(one.passed is None for one in signal.verdicts)
        rest = f"; {untold} figures that the plan alone cannot tell" if untold else ""
        yield Text(f"  every rule of {rules} holds{rest}", style="green")


def _heading(words: str) -> Text:
    return Text(f"\n{words}", style="bold")


def _groups(layout: Layout, controller: Controller) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("group", "from", "movements", "links", "green >=", "yellow"):
        table.add_column(name, justify="right" if name in ("green >=", "yellow") else "left", overflow="fold")
    for group in controller.groups:
        origin, movements = described(layout, group)
        links = " ".join(map(str, group.links))
        table.add_row(group.name, origin, movements, links, f"{group.min_green_s:g}", f"{group.yellow_s:g}")
    return table


def described(layout: Layout, group: SignalGroup) -> tuple[str, str]:
    """Where a group comes from, and its movements, in a few words each."""
    own = [m for m in layout.movements if m.index in group.links]
    if not own:
        return "", group.kind
    edge = layout.edges.get(own[0].from_edge)
    street = (edge.name or edge.road or edge.edge_id) if edge else ""
    wind = _WINDS[round((own[0].heading_in + math.pi) / (math.pi / 4)) % 8]
    inside = " (inside)" if own[0].from_edge in layout.inner else ""
    turns = [word for letter, word in _TURNS.items() if any(m.direction == letter for m in own)]
    kind = "" if group.kind == "vehicle" else f"{group.kind}: "
    return f"{wind} {street}{inside}".strip(), kind + ", ".join(turns)


def _stages(controller: Controller) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("stage")
    table.add_column("green groups", overflow="fold")
    table.add_column("green >=", justify="right")
    for stage in controller.stages:
        table.add_row(stage.name, " ".join(stage.groups) or "nobody drives, people walk", f"{stage.min_green_s:g}")
    return table


def _matrices(controller: Controller, width: int) -> Iterator[Table]:
    """The matrix in as many blocks of columns as the width asks for."""
    names = list(controller.conflicts.names)
    most = max(1, (width - 6) // 5)
    for first in range(0, len(names), most):
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
        table.add_column("", style="bold", no_wrap=True)
        columns = names[first : first + most]
        for name in columns:
            table.add_column(name, justify="right", no_wrap=True, min_width=3)
        for losing in names:
            table.add_row(losing, *(_cell(controller, losing, gaining) for gaining in columns))
        yield table


def _cell(controller: Controller, losing: str, gaining: str) -> str:
    if losing == gaining:
        return "-"
    said = controller.conflicts.between(losing, gaining).value
    if said == "conflict":
        return f"{controller.intergreens.between(losing, gaining):g}"
    return "~" if said == "permissive" else ""


def _walks(layout: Layout, controller: Controller) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, justify in (("over", "left"), ("while red", "left"), ("width m", "right"), ("walk s", "right")):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    table.add_column("clearance s", justify="right")
    for one in controller.crossings:
        table.add_row(
            crossed(layout, one),
            " ".join(one.stopped),
            f"{one.width_m:.1f}",
            f"{one.walk_s:g}",
            f"{one.clearance_s:.1f}",
        )
    return table


def _course(controller: Controller, plan: SignalPlan, width: int) -> Iterator[Text]:
    """A line for each group over one cycle at its written lengths; one column for each second where they fit."""
    room = max(20, width - 8)
    step = max(1, math.ceil(plan.cycle_s / room))
    seconds = [phase.state for phase in plan.phases for _ in range(round(phase.duration_s))]
    ruler = "".join(f"{t:<{10}}" for t in range(0, len(seconds), 10 * step))
    yield Text(" " * 6 + ruler[: math.ceil(len(seconds) / step)], style="dim")
    for group in controller.groups:
        if not group.links:
            continue
        line = Text(f"{group.name:<6}", style="bold")
        for state in seconds[::step]:
            letter = _strongest({state[link] for link in group.links})
            line.append(letter, style=_COLOURS.get(letter, "red"))
        yield line


def _strongest(letters: set[str]) -> str:
    return next((one for one in "Ggyu" if one in letters), ".")


def _phases(plan: SignalPlan) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("s", "min", "max"):
        table.add_column(name, justify="right")
    table.add_column("what", no_wrap=True)
    table.add_column("state", overflow="fold")
    for phase in plan.phases:
        limits = (f"{phase.min_s:g}", f"{phase.max_s:g}") if phase.min_s < phase.max_s else ("", "")
        table.add_row(f"{phase.duration_s:g}", *limits, phase.name, phase.state)
    return table
