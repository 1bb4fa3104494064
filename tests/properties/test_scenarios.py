"""Whatever is written into a scenario file, it is read or refused in words; the digest is that of its content."""

from __future__ import annotations

import json

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from networks.errors import BadScenario
from scenarios import Scenario, parse_scenario
from scenarios.library import library_scenarios

TEXT = library_scenarios()["cloudburst_evening"].read_text(encoding="utf-8")
LINES = TEXT.splitlines(keepends=True)
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.text(max_size=8))
ANY = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, len(LINES) - 1), st.text(max_size=30))
def test_a_line_replaced_by_anything_is_read_or_refused_in_words(line: int, text: str) -> None:
    changed = "".join([*LINES[:line], text + "\n", *LINES[line + 1 :]])
    try:
        parse_scenario(changed)
    except BadScenario as told:
        assert told.what


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(["period", "seeds", "demand", "dispatch", "interventions", "measures", "title", "name"]), ANY)
def test_a_field_of_any_shape_is_read_or_refused_with_a_line(field: str, value: object) -> None:
    content = yaml.safe_load(TEXT)
    content[field] = value
    try:
        parse_scenario(yaml.safe_dump(content, allow_unicode=True))
    except BadScenario as told:
        assert told.place is None or told.place.startswith("line ")


@settings(deadline=None, max_examples=50)
@given(st.floats(0, 3), st.integers(0, 100), st.booleans(), st.text(min_size=1, max_size=20))
def test_the_digest_survives_json_and_sees_every_input(scale: float, seed: int, by_forecast: bool, words: str) -> None:
    base = parse_scenario(TEXT)
    demand = {**base.demand.model_dump(), "scale": scale}
    dispatch = {**base.dispatch.model_dump(mode="json"), "policy": "forecast" if by_forecast else "free_flow"}
    changed = base.replacing(demand=demand, dispatch=dispatch, seeds={"first": seed}, title={"en": words})
    again = Scenario.model_validate(json.loads(json.dumps(changed.model_dump(mode="json"))))
    assert again == changed
    assert again.digest == changed.digest
    assert (changed.digest == base.digest) == (scale == base.demand.scale and not by_forecast)
