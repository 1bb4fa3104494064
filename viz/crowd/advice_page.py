"""The page of advice for a visitor day: what to do, maps before and after, what changes, what else was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from scenarios.ensembles.interval import mean_interval
from scenarios.visits.advising.advice import ranked_lower, risks_of_advice
from viz.crowd.advice_map import dense_map, frame_of
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import both, spans, text

if TYPE_CHECKING:
    from networks import WalkGraph
    from networks.sentence import Sentence
    from scenarios.searches.recommendation import Effect
    from scenarios.visits.advising.advice import CrowdAdvice
    from scenarios.visits.advising.judging import Judged


def advice_page(title: Sentence, graph: WalkGraph, advice: CrowdAdvice) -> str:
    """The page.

    Args:
        title: The day's name.
        graph: The streets.
        advice: The answer.
    """
    chosen = advice.chosen
    shown = {
        "css": Markup(page_file("crowd.css")),
        "chosen": spans(chosen.candidate.title) if chosen else "",
        "why": advice.why,
        "risks": risks_of_advice(chosen) if chosen else (),
        "maps": _maps(graph, advice),
        "effects": _effects(chosen) if chosen else (),
        "shares": _shares(advice),
        "tried": _tried(advice),
        "rests_on": advice.rests_on,
        "receipt": both(
            "advice.receipt", days=advice.days, cpu=f"{advice.cpu_s:,.0f}",
            seeds=f"{advice.seeds[0]}–{advice.seeds[-1]}", share=f"{100 * advice.compliance:.0f}",
        ),
        "left_out": both("advice.left_out", count=advice.searched.left_out) if advice.searched.left_out else "",
    }  # fmt: skip
    part = Markup(templates().get_template("crowd_advice.html.j2").render(shown))
    return page(title, [part], kind=both("advice.kind"))


def _maps(graph: WalkGraph, advice: CrowdAdvice) -> list[dict[str, Any]]:
    means = [np.mean([one.dense_min for one in days], axis=0) for days in (advice.base, advice.after) if days]
    most = float(means[0].max())
    if not most:
        return []
    frame = frame_of(graph, means[0])
    found = []
    for key, days, mean in zip(("advice.before", "advice.after"), (advice.base, advice.after), means, strict=False):
        total, low, high = mean_interval([one.outcome.dense_min for one in days])
        told = {
            "total": f"{total:,.0f}",
            "low": f"{max(0.0, low):,.0f}",
            "high": f"{high:,.0f}",
            "most": f"{most:,.0f}",
            "off": f"{total - float(mean.sum()):,.0f}",
        }
        label = f"{text(key, 'en')} / {text(key, 'zh')}"
        svg = dense_map(graph, mean, most, frame, label)
        found.append({"title": both(key), "svg": svg, "told": both("advice.scale", **told)})
    return found


def _effects(chosen: Judged) -> list[dict[str, Any]]:
    rows = []
    for key, one in chosen.effects.items():
        if one.base or one.difference:
            rows.append(
                {
                    "name": both(f"measure.{key}"),
                    "base": f"{one.base:,.0f}",
                    "change": f"{one.difference:+,.0f}",
                    "interval": _span(one),
                    "verdict": both(f"verdict.{one.verdict}"),
                }
            )
    return rows


def _shares(advice: CrowdAdvice) -> list[tuple[str, str, str]]:
    if advice.chosen is None:
        return []
    rows = sorted([*advice.beside, (advice.compliance, advice.chosen)], key=lambda pair: pair[0])
    return [(f"{100 * share:.0f} %", _less(one), f"{100 * one.kept:.1f} %") for share, one in rows]


def _less(one: Judged) -> str:
    low, high = (100 * bound for bound in one.less_between)
    return f"{100 * one.less:.0f} % ({low:.0f} … {high:.0f})"


def _tried(advice: CrowdAdvice) -> list[dict[str, Any]]:
    rows = []
    fresh, choice, search = both("advice.fresh"), both("advice.in_choice"), both("advice.in_search")
    told = advice.chosen or advice.withdrawn
    if advice.withdrawn is not None:
        rows.append(_judged(advice.withdrawn, fresh))
    rows += [_judged(one, choice) for one in advice.weighed if told is None or one.candidate != told.candidate]
    known = {one.candidate.name for one in advice.weighed}
    for candidate, effect, why in advice.behind:
        if candidate.name not in known:
            rows.append(_row(candidate.title, effect, search, why))
    return rows


def _judged(one: Judged, where: Markup) -> dict[str, Any]:
    return _row(one.candidate.title, one.effects["dense_min"], where, one.why_not or ranked_lower())


def _row(title: Sentence, effect: Effect, where: Markup, why: Sentence) -> dict[str, Any]:
    return {
        "name": spans(title),
        "change": f"{effect.difference:+,.0f}",
        "draws": Markup("{} {}").format(effect.n, where),
        "why": spans(why),
    }


def _span(one: Effect) -> str:
    return f"{one.low:+,.0f} … {one.high:+,.0f}" if one.low == one.low else "–"
