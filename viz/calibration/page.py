"""The report of a calibration: one HTML file, both languages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from networks.sentence import say
from viz.calibration.charts import by_distance, distance_rows, lengths, scatter
from viz.calibration.residual_map import residual_map
from viz.palette import BLUE, GREY, ORANGE, hex_of
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import both

if TYPE_CHECKING:
    from calibration.counting import Repair
    from calibration.proof import Proof, Side, Verdict

SHOWN_REPAIRS = 40


def calibration_page(
    title: str, net_file: Path, proof: Proof, repairs: Sequence[Repair], seeds: int, notes: Sequence[Any] = ()
) -> str:
    """The page.

    Args:
        title: Its heading: the town.
        net_file: The network, for the map.
        proof: What was found.
        repairs: What was wrong with the counts.
        seeds: Simulations of the answer.
        notes: More that the answer rests on, sentences.
    """
    left_out = [one for one in repairs if one.action == "left_out"]
    shown = {
        "css": Markup(_colours()) + page_file("calibration.css"),
        "headline": _headline(proof),
        "good": proof.ours.held.geh5 > 0.85,
        "sides": [name for name, _ in _sides(proof)],
        "figures": _figures(proof),
        "ceiling": _share(proof.ceiling) if proof.ceiling == proof.ceiling else "",
        "guides": _guides(proof.verdicts),
        "scatter": scatter(proof),
        "map": residual_map(net_file, proof),
        "distance": by_distance(proof),
        "bands": distance_rows(proof),
        "lengths": lengths(proof),
        "journeys": _journeys(proof),
        "word": _JOURNEY_WORDS,
        "left_out": left_out[:SHOWN_REPAIRS],
        "more_left_out": max(0, len(left_out) - SHOWN_REPAIRS),
        "repaired": len(repairs) - len(left_out),
        "parts": ", ".join(proof.hold.parts[:12]) + (" …" if len(proof.hold.parts) > 12 else ""),
        "rule": both(f"calibration.rule_{proof.hold.rule}"),
        "seeds": both("calibration.seeds", seeds=seeds),
        "notes": notes,
    }
    part = Markup(templates().get_template("calibration.html.j2").render(shown))
    hours = (proof.counts.end_s - proof.counts.begin_s) / 3600
    window = f"{_clock(proof.counts.begin_s)}–{_clock(proof.counts.end_s)}"
    lead = both("calibration.lead", sensors=len(proof.counts.sensors), hours=f"{hours:g}", window=window)
    return page(title, [part], kind=both("calibration.kind"), lead=lead)


_JOURNEY_WORDS = {
    "journeys": say("Journey times", "行程时间"),
    "route": say("route", "线路"),
    "measured": say("measured, s", "实测（秒）"),
    "simulated": say("simulated, s", "仿真（秒）"),
    "off": say("off", "误差"),
    "inside": say("within 15 % or 1 min", "误差≤15%或1分钟"),
}
_YES, _NO = say("yes", "是"), say("no", "否")


def _journeys(proof: Proof) -> list[dict[str, Any]]:
    """A row for each route, the farthest off first."""
    rows = []
    for one in proof.journeys or ():
        off = one.simulated_s / max(one.observed_s, 1e-9) - 1
        inside = abs(one.simulated_s - one.observed_s) <= max(0.15 * one.observed_s, 60.0)
        cells = (one.name, f"{one.observed_s:.0f}", f"{one.simulated_s:.0f}", f"{100 * off:+.0f} %")
        rows.append({"cells": cells, "inside": inside, "told": _YES if inside else _NO, "off": abs(off)})
    return sorted(rows, key=lambda row: (row["inside"], -row["off"]))


def _headline(proof: Proof) -> Markup:
    held, used = proof.ours.held, proof.ours.used
    told = {"share": _share(held.geh5), "used": _share(used.geh5), "flows": held.n, "sensors": len(proof.hold.held)}
    return both("calibration.headline", **told)


def _sides(proof: Proof) -> list[tuple[Markup, Side]]:
    named = (("ours", proof.ours), ("before", proof.before), ("peer", proof.peer))
    return [(both(f"calibration.side_{name}"), side) for name, side in named if side is not None]


def _figures(proof: Proof) -> list[tuple[Markup, list[str]]]:
    """A row for each figure, a cell for each demand: narrow enough for a phone."""
    columns = [_cells(side) for _, side in _sides(proof)]
    return [(both(f"calibration.{name}"), [column[name] for column in columns]) for name in columns[0]]


def _cells(side: Side) -> dict[str, str]:
    held, used = side.held, side.used
    mean_km = float(side.runs.lengths_m.mean()) / 1000 if len(side.runs.lengths_m) else float("nan")
    return {
        "held_geh": _share(held.geh5), "mape": _share(held.mape), "rmse": f"{held.rmse_vph:.0f}",
        "r2": _number(held.r2), "bias": f"{100 * held.bias:+.0f} %", "used_geh": _share(used.geh5),
        "vehicles": f"{side.runs.vehicles:,}", "mean_km": _number(mean_km),
        "waiting": f"{100 * side.runs.waiting:.1f} %",
    }  # fmt: skip


def _guides(verdicts: Sequence[Verdict]) -> list[tuple[str, list[Verdict]]]:
    guides = dict.fromkeys(one.guide for one in verdicts)
    return [(name, [one for one in verdicts if one.guide == name]) for name in guides]


def _share(value: float) -> str:
    return f"{100 * value:.0f} %" if value == value else "–"


def _number(value: float) -> str:
    return f"{value:.2f}" if value == value else "–"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 3600}:{int(seconds) // 60 % 60:02d}"


def _colours() -> str:
    return f":root{{--cal-over:{hex_of(ORANGE)};--cal-under:{hex_of(BLUE)};--cal-right:{hex_of(GREY)};}}\n"
