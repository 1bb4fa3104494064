"""Scenario files of the page say the same as the page, and read nothing of the server."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planning_town import closure

from networks.errors import BadScenario
from scenarios import Scenario, parse_scenario
from twin.whatif import Question, as_yaml, opened, scenario_of

AT = "2026-07-17T17:0{}:00+03:00"
minutes = st.integers(0, 9).map(AT.format)
spot = st.fixed_dictionaries({"lon": st.floats(24.9, 25.0), "lat": st.floats(60.1, 60.2)})
kinds = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just("road_closure"), "edges": st.lists(st.text(min_size=1, max_size=9), min_size=1, max_size=4)},
        optional={"begin": minutes},
    ),
    st.fixed_dictionaries(
        {"kind": st.just("rainfall"), "source": st.text(min_size=1, max_size=20), "on_drivers": st.booleans(),
         "chicago": st.fixed_dictionaries({"begin": minutes, "depth_mm": st.floats(0.1, 200.0)})},
    ),
    st.fixed_dictionaries({"kind": st.just("demand_change"), "scale": st.floats(0.0, 2.0)}),
)  # fmt: skip
events = st.fixed_dictionaries({"kind": st.just("event"), "name": st.text(min_size=1, max_size=30), "at": spot,
                                "people": st.integers(1, 10**6), "ends": minutes})  # fmt: skip
calls = st.fixed_dictionaries({"kind": st.just("emergency_call"), "call_id": st.just("c"), "at": spot, "time": minutes})
words = st.fixed_dictionaries({"en": st.text(max_size=40), "zh": st.text(max_size=40)})


@given(st.lists(kinds, max_size=1), st.lists(events, max_size=1), st.lists(calls, max_size=1), words)
def test_the_file_says_what_the_page_said(changes: list, events: list, calls: list, title: dict) -> None:
    scenario = scenario_of(Question(scenario=closure(interventions=[*changes, *events, *calls], title=title)), "town")
    text = as_yaml(scenario, "twin run it")
    assert parse_scenario(text) == scenario == opened(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "YAML"),
        ("- 1", "not a scenario"),
        ("a: &x [1]\nb: *x", "alias"),
        ("name: x\ninterventions: [{kind: signal_plan, file: /etc/passwd}]", "file|plans|period"),
        ("x" * 70_000, "too long"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(BadScenario) as told:
        opened(text)
    assert any(word in str(told.value) for word in words.split("|"))


def test_rain_of_a_folder_of_the_server_is_not_taken() -> None:
    radar = {"folder": "/etc", "digest": "0" * 64}
    rain = {"kind": "rainfall", "radar": radar, "source": "me"}
    with pytest.raises(BadScenario, match="browser"):
        scenario_of(Question(scenario=closure(interventions=[rain])), "town")


def test_the_seeds_are_those_that_the_command_line_takes() -> None:
    scenario = scenario_of(Question(scenario=closure(), members=3), "town")
    assert scenario.seeds.all == (1, 2, 3) and scenario.city == "town" and isinstance(scenario, Scenario)
