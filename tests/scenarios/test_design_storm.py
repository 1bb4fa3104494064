"""Design storms of a scenario: by depth, or by a town's intensity formula."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from scenarios import Rainfall, Scenario, hyetograph_of
from scenarios.rain.rainfall import ChicagoText

FORMULA = {"a1_mm_min": 17.969, "c": 1.24, "b_min": 18.415, "n": 0.785, "return_period_years": 10}
BEGIN = datetime(2026, 7, 17, 14, tzinfo=UTC)


def storm(**fields: Any) -> Rainfall:
    given = {"begin": BEGIN, "duration_s": 7200, **fields}
    return Rainfall.model_validate({"kind": "rainfall", "source": "Suzhou 2025", "chicago": given})


def test_a_town_s_formula_gives_depth_and_shape(short: Scenario) -> None:
    rain = hyetograph_of(short.replacing(interventions=[storm(formula=FORMULA, peak_ratio=0.43)]))
    assert rain is not None
    assert rain.depth_mm == pytest.approx(60 * 17.969 * 2.24 / (120 + 18.415) ** 0.785 * 2)
    assert "Suzhou 2025; 10 years" in rain.source
    assert rain.times_s[0] == short.seconds(BEGIN)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "exactly one of: depth_mm, formula"),
        ({"depth_mm": 30, "formula": FORMULA}, "exactly one of: depth_mm, formula"),
        ({"formula": FORMULA | {"n": 1.5}}, "less than 1"),
        ({"formula": FORMULA | {"a1_mm_min": -1}}, "greater than 0"),
        ({"formula": FORMULA | {"unit": "mm"}}, "Extra inputs"),
    ],
)
def test_half_a_storm_is_refused(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        ChicagoText.model_validate({"begin": BEGIN, **fields})
