"""The file of thresholds: every figure has a source, and every mistake its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from networks.errors import BadInput
from twin.alarms import SHIPPED, read_thresholds, shipped_thresholds


def test_the_shipped_file_is_whole_and_rises() -> None:
    told = shipped_thresholds()
    assert told.ponding.limits == tuple(sorted(told.ponding.limits))
    assert [told.ponding.level(depth) for depth in (0.14, 0.15, 0.3, 9.0)] == [None, "IV", "II", "I"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("filled: {value: 0.5,", "filled: {value: 1.5,", "a share is above 0 and at most 1"),
        ("periods: {value: 2,", "periods: {value: 2.5,", "a whole number"),
        ("periods: {value: 2,", "periods: {value: two,", "valid number"),
        ("periods: {value: 2,", "periods: {value: .inf,", "finite"),
        ('level_I: {value: 0.5, source: "ours: nobody', 'level_I: {value: 0.1, source: "ours: nobody', "must rise"),
        ("  suspected: {", "  suspectd: {", "no such field"),
        ('source: "the target itself"', 'source: ""', "source"),
        ("sensor:\n", "sensor:\n  reopened: {value: 2, source: ours}\n", "written twice"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "own.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput, match=says) as wrong:
        read_thresholds(file)
    assert "line " in str(wrong.value)


def test_what_is_no_yaml_or_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        read_thresholds(tmp_path / "none.yaml")
    (tmp_path / "text.yaml").write_text("- 1\n", encoding="utf-8")
    with pytest.raises(BadInput):
        read_thresholds(tmp_path / "text.yaml")
