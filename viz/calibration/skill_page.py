"""The page of forecast skill: one HTML file, both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from viz.calibration.plane import Plane, svg
from viz.palette import BLUE, GREEN, ORANGE, PINK, SKY, hex_of
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import CATALOGUE, LANGUAGES, both, spans, text, words

if TYPE_CHECKING:
    from calibration.skill import Measured, SkillRow

SHOWN_PLACES = 20
SHOULD_HOLD = (0.85, 0.95)
_HEADS = ("cases", "error", "best", "best_error", "gain", "held")
_BESIDE = ("served", "mixed", "twin")
_SAME = 0.005
"""A gain smaller than this is told as none."""


def skill_page(title: str, found: Measured) -> str:
    """The page.

    Args:
        title: Its heading: the town, or the folder of the ledger.
        found: What was measured.
    """
    shown = {
        "css": Markup(_colours()) + page_file("calibration.css") + page_file("skill.css"),
        "heads": [both(f"skill.head_{head}") for head in _HEADS],
        "quantities": [_quantity(row, found) for row in found.rows["quantity"]],
    }
    part = Markup(templates().get_template("skill.html.j2").render(shown))
    cases = sum(row.cases for row in found.rows["quantity"])
    silent = max(found.unanswered.values(), default=0.0)
    lead = both("skill.lead", cases=f"{cases:,}", unanswered=_share(silent))
    return page(title, [part], kind=both("skill.kind"), lead=lead)


def _quantity(row: SkillRow, found: Measured) -> dict[str, Any]:
    horizons = [one for one in found.rows["horizon"] if one.quantity == row.quantity]
    every = [one for one in found.rows["place"] if one.quantity == row.quantity]
    based = sorted((one for one in every if _baseline_share(one) > 0.5), key=lambda one: -one.cases)
    note = both("skill.places_note", count=len(based), all=len(every)) if based else both("skill.places_none")
    event = f"skill.event_{row.quantity}"
    told = {"hits": row.hits, "misses": row.misses, "false_alarms": row.false_alarms}
    return {
        "name": _named("quantity", row.quantity),
        "headline": _headline(row),
        "good": row.gain >= 0 or row.gain != row.gain,
        "legend": [(_class(name), _named("source", name)) for name in row.crps],
        "crps_title": _told("skill.chart_crps", unit=_name_of("unit", row.quantity)),
        "crps": _crps_chart(horizons),
        "held": _held_chart(horizons),
        "horizons": [_cells(one, f"{float(one.key) / 60:.0f} min") for one in horizons],
        "judged": _told("skill.table_note", judged=_name_of("source", row.judged)),
        "events": _told("skill.events", event=words(event), **told) if event in CATALOGUE else "",
        "places_note": note,
        "places": [_cells(one, str(one.key)) for one in based[:SHOWN_PLACES]],
    }


def _headline(row: SkillRow) -> Markup:
    names: dict[str, Mapping[str, str] | str] = {
        "quantity": _name_of("quantity", row.quantity),
        "judged": _name_of("source", row.judged),
        "held": _share(row.held[row.judged]),
    }
    if row.gain != row.gain:
        return _told("skill.alone", **names)
    key = "skill.same" if abs(row.gain) < _SAME else ("skill.better" if row.gain > 0 else "skill.worse")
    return _told(key, best=_name_of("source", row.best), gain=_share(abs(row.gain)), **names)


def _cells(row: SkillRow, name: str) -> dict[str, Any]:
    best = [_named("source", row.best), _number(row.error[row.best])] if row.best else ["–", "–"]
    cells = [name, f"{row.cases:,}", _number(row.error[row.judged]), *best, _signed(row.gain)]
    parts = sorted(row.behind.items(), key=lambda one: -one[1])
    behind = [
        Markup("{} {}").format(_named("source", source), _share(share)) for source, share in parts if share >= 0.05
    ]
    return {"cells": [*cells, _share(row.held[row.judged])], "behind": behind}


def _baseline_share(row: SkillRow) -> float:
    return sum(share for name, share in row.behind.items() if name not in _BESIDE)


def _crps_chart(rows: Sequence[SkillRow]) -> Markup:
    most = max((value for row in rows for value in row.crps.values()), default=1.0)
    plane = Plane(_most_minutes(rows), max(most, 1e-9) * 1.12)
    return _chart(plane, rows, "skill.axis_crps", "skill.axis_crps", lambda row: row.crps)


def _held_chart(rows: Sequence[SkillRow]) -> Markup:
    plane = Plane(_most_minutes(rows), 100.0)
    low, high = (plane.y(100 * share) for share in SHOULD_HOLD)
    left, right = plane.x(0.0), plane.x(plane.most_x)
    band = f'<path class="skill-band" d="M{left:.1f} {low:.1f}H{right:.1f}V{high:.1f}H{left:.1f}z"/>'
    held = {"served", "twin"}
    return _chart(
        plane, rows, "skill.axis_held", "skill.chart_held",
        lambda row: {name: 100 * share for name, share in row.held.items() if name in held or not held & set(row.held)},
        band,
    )  # fmt: skip


def _chart(
    plane: Plane, rows: Sequence[SkillRow], up: str, label: str, values: Callable[[SkillRow], dict[str, float]],
    below: str = "",
) -> Markup:  # fmt: skip
    parts = [below, plane.frame("skill.axis_minutes", up)]
    for name in sorted({name for row in rows for name in values(row)}, key=lambda name: name == "served"):
        points = [(float(row.key) / 60.0, values(row)[name]) for row in rows if name in values(row)]
        parts.append(plane.line(points, f"skill-line skill-{_class(name)}"))
        for x, y in points:
            tip = (
                f"{text(_key('source', name), 'en')}: {x:.0f} min, {y:.3g}"
                if _key("source", name) in CATALOGUE
                else name
            )
            spot = f'cx="{plane.x(x):.1f}" cy="{plane.y(y):.1f}" r="3.4"'
            parts.append(f'<circle class="skill-dot skill-{_class(name)}" {spot}><title>{tip}</title></circle>')
    return svg(parts, f"{text(label, 'en')} / {text(label, 'zh')}")


def _most_minutes(rows: Sequence[SkillRow]) -> float:
    return max((float(row.key) / 60.0 for row in rows), default=60.0) * 1.03


def _class(source: str) -> str:
    return source.replace(" ", "-")


def _key(sort: str, name: str) -> str:
    return f"skill.{sort}_{name}"


def _named(sort: str, name: str) -> Markup:
    """In both languages; a name that the catalogue does not have stays what it is."""
    return spans(_name_of(sort, name))


def _told(key: str, **names: Mapping[str, str] | str | int) -> Markup:
    """A sentence with words in it that have both languages themselves."""
    said = {
        lang: text(key, lang, **{at: one[lang] if isinstance(one, Mapping) else one for at, one in names.items()})
        for lang in LANGUAGES
    }
    return spans(said)


def _name_of(sort: str, name: str) -> dict[str, str]:
    return words(_key(sort, name)) if _key(sort, name) in CATALOGUE else dict.fromkeys(LANGUAGES, name)


def _number(value: float) -> str:
    """Digits after the point by size, so that figures of a column stand under each other."""
    return f"{value:.{2 if abs(value) < 10 else 1 if abs(value) < 100 else 0}f}" if value == value else "–"


def _share(value: float) -> str:
    return f"{100 * value:.0f} %" if value == value else "–"


def _signed(value: float) -> str:
    if value != value:
        return "–"
    return f"{100 * value:+.0f} %" if abs(value) >= _SAME else "0 %"


def _colours() -> str:
    named = {"served": BLUE, "twin": ORANGE, "mean": SKY, "blend": PINK, "boosting": GREEN}
    return ":root{" + "".join(f"--skill-{name}:{hex_of(colour)};" for name, colour in named.items()) + "}\n"
