"""The timing sheet of one signal: everything that an engineer wants on paper beside the controller."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from viz.report import templates
from viz.signals.diagrams.bars import bars
from viz.signals.diagrams.ring_diagram import ring_diagram
from viz.signals.diagrams.stage_diagram import stage_picture
from viz.signals.plans.course import course, greens
from viz.signals.plans.one_round import one_round
from viz.signals.plans.plan_stage import PlanStage, plan_stages
from viz.signals.sheets.rule_sheet import rule_sheet
from viz.signals.sheets.standing import crossed, standing_lines
from viz.text import both, known, spans, words

if TYPE_CHECKING:
    from networks import Controller, Layout, RuleTable, SignalGroup, SignalPlan, Verdict

_WINDS = ("E", "NE", "N", "NW", "W", "SW", "S", "SE")
_TURNS = "slLrRt"


@dataclass(frozen=True)
class SignalSheet:
    """What a sheet is drawn from.

    Attributes:
        layout: The signal's ground.
        controller: Its groups, conflicts, intergreens and crossings.
        plan: What it runs.
        faults: What is unsafe about the plan, a sentence each; not shown where there are verdicts.
        verdicts: The plan held against rules (networks.check_rules).
        rules: What it was held against.
    """

    layout: Layout
    controller: Controller
    plan: SignalPlan
    faults: Sequence[str] = ()
    verdicts: Sequence[Verdict] = ()
    rules: RuleTable | None = None

    @property
    def findings(self) -> int:
        """How many things are wrong."""
        return sum(one.passed is False for one in self.verdicts) if self.verdicts else len(self.faults)

    @property
    def streets(self) -> str:
        """Names of the streets that meet, "" where the network holds none."""
        return ", ".join(sorted({one.name for one in self.layout.edges.values() if one.name})[:4])


def sheet(signal: SignalSheet) -> Markup:
    """The timing sheet as a part of an HTML page in both languages; `page` makes it a whole one.

    Stage pictures, one cycle as bars, groups, intergreen matrix, people on foot, phases, findings.
    """
    once, controller = one_round(signal.plan), signal.controller
    plan = once.plan
    shown: dict[str, Any] = {
        "signal": signal,
        "plan": plan,
        "phases": signal.plan.phases,
        "branches": any(phase.following for phase in signal.plan.phases),
        "unreached": once.unreached,
        "choices": once.choices,
        "control": known("sheet.control", plan.control),
        "source": known("sheet.source", plan.source),
        "stages": [_stage(signal, one) for one in plan_stages(plan)],
        "bars": bars(controller, plan, title=plan.tls_id),
        "rings": _rings(signal),
        "letters": {phase_letter for phase in plan.phases for phase_letter in phase.state},
        "groups": [_group(signal, group) for group in controller.groups if group.links],
        "names": controller.conflicts.names,
        "cell": lambda losing, gaining: _cell(controller, losing, gaining),
        "verdicts": rule_sheet(signal.verdicts, signal.rules, whole=True) if signal.verdicts and signal.rules else "",
        "standing": [spans(line) for line in standing_lines(signal.layout, plan)],
        "walks": [_walk(signal, n) for n in range(len(controller.crossings))],
    }
    return Markup(templates().get_template("sheet.html.j2").render(shown))


def stage_diagram(signal: SignalSheet) -> Markup:
    """The stage diagram alone, as a part of an HTML page in both languages."""
    stages = [_stage(signal, one) for one in plan_stages(one_round(signal.plan).plan)]
    template: Any = templates().get_template("stages.html.j2")
    return Markup(template.render(stages=stages))


def _rings(signal: SignalSheet) -> Markup:
    """The ring-barrier diagram; empty where a controller with eight phases cannot show the plan."""
    from networks import BadInput, timing_of
    from networks.timing.ringing import rings_of

    try:
        rings = rings_of(timing_of(one_round(signal.plan).plan, signal.controller), signal.layout)
        return ring_diagram(rings, signal.layout, signal.controller, title=signal.plan.tls_id)
    except BadInput:
        return Markup("")


def _stage(signal: SignalSheet, stage: PlanStage) -> dict[str, Any]:
    controller = signal.controller
    going = [g.name for g in controller.groups if any(stage.state[link] in "Gg" for link in g.links)]
    title = f"{signal.plan.tls_id}: {stage.number}: {' '.join(going)}"
    return {
        "stage": stage,
        "groups": " ".join(going),
        "picture": stage_picture(signal.layout, controller, stage.state, title=title),
        "seconds": f"{stage.seconds:g}",
        "from_to": both("sheet.from_to", begin=f"{stage.begin_s:g}", end=f"{stage.end_s:g}"),
        "limits": both("sheet.limits", least=f"{stage.least_s:g}", most=f"{stage.most_s:g}") if stage.free else "",
        "change": f"{stage.change_s:g}",
    }


def _group(signal: SignalSheet, group: SignalGroup) -> dict[str, Any]:
    plan = one_round(signal.plan).plan
    found = greens(course(plan, group.links), plan.cycle_s)
    seconds = sum(end - begin for begin, end in found)
    always = seconds >= plan.cycle_s
    times = ", ".join(f"{begin:g}–{end % plan.cycle_s or plan.cycle_s:g}" for begin, end in found)
    return {
        "name": group.name,
        "origin": origin(signal.layout, group),
        "movements": movements(signal.layout, group),
        "links": " ".join(map(str, group.links)),
        "times": both("sheet.always") if always else times or both("sheet.never"),
        "seconds": f"{seconds:g}",
        "share": f"{100 * seconds / plan.cycle_s:.0f} %",
        "yellow": f"{group.yellow_s:g}",
        "least": f"{group.min_green_s:g}",
    }


def origin(layout: Layout, group: SignalGroup) -> Markup:
    """Where a group's traffic comes from, in both languages: wind and street."""
    own = [m for m in layout.movements if m.index in group.links]
    return edge_origin(layout, own[0].from_edge) if own else Markup("")


def edge_origin(layout: Layout, edge_id: str) -> Markup:
    """Where the traffic of an edge comes from, in both languages; empty where no movement begins there."""
    first = next((m for m in layout.movements if m.from_edge == edge_id), None)
    if first is None:
        return Markup("")
    edge = layout.edges.get(edge_id)
    street = (edge.name or edge.road or edge.edge_id) if edge else ""
    wind = words(f"sheet.wind.{_WINDS[round((first.heading_in + math.pi) / (math.pi / 4)) % 8]}")
    inside = words("sheet.inside") if edge_id in layout.inner else {"en": "", "zh": ""}
    told = {tongue: " ".join(filter(None, (wind[tongue], street, inside[tongue]))) for tongue in wind}
    return spans(told)


def movements(layout: Layout, group: SignalGroup) -> Markup:
    """What a group lets go, in both languages: left, straight, on foot."""
    own = [m for m in layout.movements if m.index in group.links]
    turns = [words(f"sheet.turn.{letter}") for letter in _TURNS if any(m.direction == letter for m in own)]
    if group.kind == "pedestrian":
        turns = []
    kinds = [] if group.kind == "vehicle" else [known("sheet.mode", group.kind)]
    told = [*kinds, *turns]
    return spans({"en": ", ".join(one["en"] for one in told), "zh": "、".join(one["zh"] for one in told)})


def _cell(controller: Controller, losing: str, gaining: str) -> str:
    if losing == gaining:
        return "–"
    said = controller.conflicts.between(losing, gaining).value
    if said == "conflict":
        return f"{controller.intergreens.between(losing, gaining):g}"
    return "~" if said == "permissive" else ""


def _walk(signal: SignalSheet, number: int) -> dict[str, str]:
    one = signal.controller.crossings[number]
    return {
        "over": crossed(signal.layout, one),
        "stopped": " ".join(one.stopped),
        "width": f"{one.width_m:.1f}",
        "walk": f"{one.walk_s:g}",
        "clearance": f"{one.clearance_s:.1f}",
    }
