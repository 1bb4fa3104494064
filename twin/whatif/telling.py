"""A comparison as JSON for the page: measures side by side, each with its paired interval and verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scenarios import MEASURES, days_in_words
from scenarios.benefit import benefit_between
from twin.whatif.planned import Settled, settled_json
from twin.whatif.what_if import SCENARIO, WhatIf

if TYPE_CHECKING:
    from pathlib import Path

    from networks import City
    from scenarios import Column, Ensemble, Scenario, SideBySide


def result_of(
    scenario: Scenario, done: SideBySide, settled: Settled | None, asked: Mapping[str, Any], spent_s: float
) -> dict[str, Any]:
    """What was found with the members so far.

    A cell is of one measure under one response against `before`, seed by seed: `mean`, `difference`, `low`, `high`
    (90 % interval; null below two pairs), `n` pairs, `verdict`.
    """
    seeds = [run.seed for run in done.before.runs]
    rows = [_row(name, done) for name in scenario.measures or tuple(MEASURES)]
    return {
        "name": scenario.name,
        "seeds": seeds,
        "members": asked["members"],
        "spent_s": round(spent_s, 1),
        "columns": [_side("before", done.before), *(_column(one, done) for one in done.columns)],
        "rows": [row for row in rows if row is not None],
        "settled": settled_json(settled) if settled is not None else None,
        "guesses": _guesses(done),
        "made_with": _made_with(done),
    }


def about(found: WhatIf, result: Mapping[str, Any], city: City, runs: Path) -> dict[str, Any]:
    """What the method page says beside the figures: who asked what, of which city, on which grounds, and a repeat."""
    from scenarios import read_responses

    settled = result["settled"]
    told = [*result["guesses"], *(settled["told"] if settled else ())]
    seeds = ",".join(str(seed) for seed in result["seeds"])
    return {
        "name": found.name,
        "title": found.title,
        "who": found.who,
        "at": found.at.isoformat(timespec="seconds"),
        "kinds": [one.kind for one in read_responses(found.responses)],
        "city": city.name,
        "digest": city.digest[:16],
        "attribution": city.attribution,
        "licences": sorted(city.manifest["licences"].items()),
        "guesses": list({one["en"]: one for one in told}.values()),
        "scenario": (found.folder / SCENARIO).read_text(encoding="utf-8"),
        "command": f"twin run {found.name}.yaml --city {city.folder} --responses '{found.responses}' --seeds {seeds} "
        f"--runs {runs}\ntwin assign {city.folder} --scheme {found.name}.yaml",
    }


def _row(name: str, done: SideBySide) -> dict[str, Any] | None:
    from viz.phrases import measure_title

    before, cells = _number(done.before.mean(name)), [_cell(column, name) for column in done.columns]
    if before is None and not any(cells):
        return None
    measure = MEASURES[name]
    told = {"measure": name, "title": measure_title(name), "unit": measure.unit, "better": measure.better}
    return told | {"definition": measure.definition, "before": before, "cells": cells}


def _cell(column: Column, name: str) -> dict[str, Any] | None:
    row = column.row(name)
    if row is None:
        mean = _number(column.ensemble.mean(name))
        return None if mean is None else {"mean": mean, "difference": None, "low": None, "high": None, "n": 0}
    figures = {"mean": row.mean_b, "difference": row.difference, "low": row.low, "high": row.high}
    told: dict[str, Any] = {key: _number(value) for key, value in figures.items()}
    return told | {"n": row.n, "verdict": row.verdict}


def _column(column: Column, done: SideBySide) -> dict[str, Any]:
    gain = benefit_between(done.before, column.ensemble)
    told: dict[str, Any] | None = None
    if gain is not None:
        told = {"mean": _number(gain.mean), "low": _number(gain.low), "high": _number(gain.high), "n": gain.n}
        told |= {"currency": gain.value.currency, "per_person_h": gain.value.per_person_h, "source": gain.value.source}
    left_out = list(column.against.left_out)
    days = list(days_in_words(column.ensemble))
    return _side(column.label, column.ensemble) | {"benefit": told, "left_out": left_out, "days": days}


def _side(label: str, ensemble: Ensemble) -> dict[str, Any]:
    runs = [{"seed": run.seed, "run_id": run.run_id, "valid": run.valid} for run in ensemble.runs]
    return {"label": label, "ensemble": ensemble.scenario.name, "valid": len(ensemble.valid), "runs": runs}


def _guesses(done: SideBySide) -> list[Any]:
    """What all of it rests on, as the first member's manifest says it."""
    manifest = done.before.runs[0].manifest
    told = [manifest[part]["provenance"] for part in ("demand", "visitors") if "provenance" in manifest.get(part, {})]
    return [*told, *manifest.get("guesses", ())]


def _made_with(done: SideBySide) -> dict[str, Any]:
    made = done.before.runs[0].manifest.get("made_with", {})
    return {str(key): value for key, value in made.items() if isinstance(value, str | int | float)}


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
