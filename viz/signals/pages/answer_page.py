"""The report of a search for signal timings: what is gained, what fails, and what changes at each signal."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from viz.report import templates
from viz.signals.pages.page import page
from viz.signals.sheets.diff_sheet import diff_sheet
from viz.signals.sheets.gain_sheet import fold_id, mode_sheet, overview_sheet, pair, signal_sheet, streets
from viz.signals.sheets.sheet import SignalSheet
from viz.text import both, spans

if TYPE_CHECKING:
    from scenarios.signals.searching.answer import Answer
    from scenarios.signals.trying.days import DayGain

_MOST_STARTS, _MOST_DRAWN, _MOST_SLOWER = 8, 6, 20
"""Settings that are told; signals whose arrivals are drawn: those that gain most; movements that are listed."""


def answer_page(answer: Answer, net: Path, title: str, rules: str, *, undo: str = "") -> str:
    """The report as one HTML file, English and Chinese, for screens and A4 paper.

    Args:
        answer: What was found.
        net: The SUMO network of the signals.
        title: The case.
        rules: Name of the rules that the plans were made by.
        undo: The command that puts today's plans back; a signal's id is added.
    """
    from networks import equipment_of, equipped_for, read_layouts
    from networks.rules.regulating import rule_controller
    from networks.rules.table import read_rules
    from scenarios.signals.trying.aim import GUARD

    layouts, table = read_layouts(net), read_rules(rules)
    shown = {
        "offer": spans(answer.offer.words) if answer.offer.words["en"] else "",
        "stop": answer.offer.advised_against,
        "gains": answer.gains,
        "guard": GUARD.get(answer.gains[-1].definition),
        "modes": mode_sheet(answer.look) if answer.look else "",
        "broken": _broken(answer),
        "failing": answer.failing[:40],
        "limit": f"{answer.limit:g}" if math.isfinite(answer.limit) else "",
        "slower": answer.slower[:_MOST_SLOWER],
        "unlisted": max(len(answer.slower) - _MOST_SLOWER, 0),
        "counted": ", ".join(tls for tls, plan in sorted(answer.plans.items()) if equipment_of(plan).countdown),
        "rules": rules,
        "droppable": answer.droppable,
        "permitted": ", ".join(sorted({one.tls_id for one in answer.permitted})),
        "days": [_day(one) for one in answer.days],
        "asks": any(plan.kind != "static" for plan in answer.plans.values()),
        "start": [(name, cost) for name, cost in answer.grid if math.isfinite(cost)][:_MOST_STARTS],
    }
    parts = [Markup(templates().get_template("optimise.html.j2").render(shown))]
    if answer.look:
        parts.append(overview_sheet(answer.look, layouts, net))
    parts.append(Markup(templates().get_template("optimise_search.html.j2").render(shown)))
    seen = answer.look.signals if answer.look else {}
    for place, tls in enumerate([*seen, *sorted(set(answer.plans) - set(seen))]):
        layout = equipped_for(layouts[tls], answer.today[tls])
        signal = SignalSheet(layout, rule_controller(layout, table), answer.today[tls])
        parts.append(_fold(answer, signal, diagrams=place < _MOST_DRAWN, undo=undo))
    lead = both("optimise.lead", simulations=answer.simulations, seeds=len(answer.after), rules=rules)
    return page(title, parts, kind=both("optimise.kind"), lead=lead)


def _day(gain: DayGain) -> Markup:
    worth = {"before": f"{gain.before:.1f}", "after": f"{gain.after:.1f}"}
    return both("optimise.day", name=gain.name, seeds=gain.seeds, **worth)


def _broken(answer: Answer) -> Markup:
    """What the plans are worth with failed detectors, in both languages; nothing where no plan listens to one."""
    found = answer.failed_detectors
    if found is None:
        return Markup("")
    return both(
        "optimise.failed",
        failed=found.failed,
        detectors=found.detectors,
        seeds=len(found.sound),
        broken=f"{found.cost.after:.1f}",
        sound=f"{found.cost.before:.1f}",
        today=f"{found.kept.before:.1f}",
    )


def _fold(answer: Answer, signal: SignalSheet, *, diagrams: bool, undo: str) -> Markup:
    """All about one signal, folded but for its name and its gain."""
    tls = signal.plan.tls_id
    look = answer.look.signals.get(tls) if answer.look else None
    seen = Markup("")
    if look is not None and answer.look is not None:
        seen = signal_sheet(look, signal.layout, answer.look.seed, diagrams=diagrams)
    changes = diff_sheet(
        signal, answer.plans[tls], reasons=answer.reasons(tls), undo=f"{undo} --signal {tls}" if undo else ""
    )
    shown = {
        "tls": tls, "target": fold_id(tls), "streets": streets(signal.layout), "seen": seen, "changes": changes,
        "why": _why(answer, tls),
        "delay": pair(look.delay_s) if look else None,
    }  # fmt: skip
    return Markup(templates().get_template("gain_fold.html.j2").render(shown))


def _why(answer: Answer, tls: str) -> Markup:
    questions = answer.why(tls)
    return (
        Markup(templates().get_template("explained.html.j2").render(questions=questions)) if questions else Markup("")
    )
