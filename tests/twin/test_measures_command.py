"""`twin measures`: the dictionary on the terminal, in both languages."""

from __future__ import annotations

import json

import pytest

from scenarios import MEASURES
from twin.cli import run


def test_every_measure_is_listed_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    for language in ("en", "zh"):
        assert run(["measures", "list", "--lang", language]) == 0
        told = capsys.readouterr().out
        for one in MEASURES.values():
            assert f"{one.name} " in told and one.title[language] in told


def test_the_list_as_json_has_source_and_direction(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measures", "list", "--json"]) == 0
    told = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert set(told) == set(MEASURES)
    assert told["trip_buffer_index"]["better"] == "lower" and "FHWA" in told["trip_buffer_index"]["source"]["en"]


def test_one_is_described_with_its_source_and_a_wrong_name_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measures", "describe", "tpi", "--lang", "zh"]) == 0
    assert "GB/T 33171-2016" in capsys.readouterr().out
    assert run(["measures", "describe", "tpj"]) != 0
    told = capsys.readouterr().err
    assert "no measure is called 'tpj'" in told and "tpi" in told
