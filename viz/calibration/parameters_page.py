"""The page of fitted parameters: what was found, how sure, and what it changes; one HTML file, both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from viz.calibration.plane import Plane, svg
from viz.palette import BLUE, ORANGE, hex_of
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import LANGUAGES, both, spans, text

if TYPE_CHECKING:
    from calibration.parameters import FittedParameters, Found

_COLOURS = f":root{{--cal-over:{hex_of(ORANGE)};--cal-under:{hex_of(BLUE)};}}\n"
_TIMES = {"flow": 1.0, "speed": 3.6, "travel_time": 1.0}


def parameters_page(title: str, found: FittedParameters) -> str:
    """The page.

    Args:
        title: Its heading: the town.
        found: What was found.
    """
    verdict = found.judgement
    shown = {
        "css": Markup(_COLOURS) + page_file("calibration.css"),
        "kept": verdict.kept,
        "headline": _headline(found),
        "left": spans(verdict.left) if verdict.left else "",
        "rows": [_row(one) for one in found.found],
        "errors": _errors(found),
        "course": _course(found),
    }  # fmt: skip
    part = Markup(templates().get_template("parameters.html.j2").render(shown))
    street = found.experiment.street
    seen = len(street.counts.sensors) + (len(street.journeys.names) if street.journeys else 0)
    search = text(f"parameters.{found.search}", "en"), text(f"parameters.{found.search}", "zh")
    told = {"simulations": len(found.misfits), "sensors": seen}
    told["periods"] = street.counts.vehicles.shape[1]
    leads = (text("parameters.lead", one, search=name, **told) for one, name in zip(LANGUAGES, search, strict=True))
    lead = spans(dict(zip(LANGUAGES, leads, strict=True)))
    return page(title, [part], kind=both("parameters.kind"), lead=lead)


def _headline(found: FittedParameters) -> Markup:
    key = "parameters.kept" if found.judgement.kept else "parameters.stays"
    reason = found.judgement.reason
    return spans({one: text(key, one, reason=reason[one]) for one in ("en", "zh")})


def _row(one: Found) -> dict[str, Any]:
    kind = one.parameter.kind
    name = both(f"parameters.{one.parameter.group}") + Markup(": ") + spans(kind.told) + Markup(f" ({kind.name})")
    data = both("parameters.informed" if one.informed else "parameters.not_informed")
    if one.trades:
        data += Markup("; ") + both("parameters.trades", names=", ".join(one.trades))
    source = (both("parameters.guessed") if kind.guessed else Markup("")) + spans(kind.source)
    return {
        "name": name, "before": f"{one.parameter.start:.2f} {kind.unit}", "found": f"{one.value:.2f} {kind.unit}",
        "interval": f"{one.low:.2f} – {one.high:.2f}", "bar": _bar(one), "data": data, "source": source,
        "bounds": f"{one.parameter.low:.2f} – {one.parameter.high:.2f} {kind.unit}",
    }  # fmt: skip


def _bar(one: Found) -> Markup:
    low, high, log = one.parameter.low, one.parameter.high, one.parameter.kind.log

    def at(value: float) -> float:
        share = np.log(value / low) / np.log(high / low) if log else (value - low) / (high - low)
        return 8 + 124 * float(np.clip(share, 0, 1))

    fill = hex_of(BLUE) if one.informed else "#c9ced6"
    return Markup(
        f'<svg viewBox="0 0 140 20" width="140" height="20" aria-hidden="true">'
        f'<path d="M8 10H132" stroke="#8a94a0"/>'
        f'<path d="M{at(one.low):.1f} 10H{at(one.high):.1f}" stroke="{fill}" stroke-width="7" opacity=".55"/>'
        f'<circle cx="{at(one.parameter.start):.1f}" cy="10" r="5.5" fill="none" stroke="#22262e" stroke-width="1.4"/>'
        f'<circle cx="{at(one.value):.1f}" cy="10" r="3.4" fill="#22262e"/></svg>'
    )


def _errors(found: FittedParameters) -> list[tuple[Any, ...]]:
    verdict = found.judgement
    pairs = [("parameters.at_used", verdict.used_before, verdict.used_after)]
    if verdict.held_before is not None and verdict.held_after is not None:
        pairs.append(("parameters.at_held", verdict.held_before, verdict.held_after))
    rows: list[tuple[Any, ...]] = []
    for where, before, after in pairs:
        rows.append((both(where), both("parameters.misfit"), f"{before.misfit:.2f}", f"{after.misfit:.2f}"))
        for kind, times in _TIMES.items():
            old, new = times * before.errors[kind], times * after.errors[kind]
            if old == old:
                rows.append((both(where), both(f"parameters.{kind}"), f"{old:.2f}", f"{new:.2f}"))
    return rows


def _course(found: FittedParameters) -> Markup:
    misfits = found.misfits
    own = found.judgement.used_before.misfit
    most = float(max(np.quantile(misfits, 0.95), own) * 1.1)
    plane = Plane(float(len(misfits)), most)
    parts = [plane.frame("parameters.number", "parameters.misfit")]
    parts.append(plane.line([(0.0, own), (float(len(misfits)), own)], "cal-geh"))
    for number, value in enumerate(misfits.tolist(), 1):
        parts.append(
            f'<circle class="cal-used" cx="{plane.x(number):.1f}" cy="{plane.y(min(value, most)):.1f}" r="3"/>'
        )
    label = " / ".join(text("parameters.course", one) for one in ("en", "zh"))
    return svg(parts, label)
