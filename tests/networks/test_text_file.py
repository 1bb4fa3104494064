"""Text files and tables that people write: read whole, or refused with the file, the line and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from networks.errors import BadCorrections, BadInput
from networks.text_file import read_rows, read_text


def test_a_byte_order_mark_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("\ufeffname,depth\n西湖,1\n".encode())
    assert read_text(file) == "name,depth\n西湖,1\n"
    assert read_rows(file, ("name",)) == [(2, {"name": "西湖", "depth": "1"})]


def test_lines_are_those_of_the_file_and_short_rows_are_filled(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('name,depth\n"two\nlines",1\nshort\n', encoding="utf-8")
    assert read_rows(file, ("name", "depth")) == [
        (3, {"name": "two\nlines", "depth": "1"}),
        (4, {"name": "short", "depth": ""}),
    ]


@pytest.mark.parametrize(
    ("content", "why"), [(None, "there is no such file"), (b"\xff\xfe\xd8", "it is no text in UTF-8")]
)
def test_what_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, why: str) -> None:
    file = tmp_path / "a.yaml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadCorrections, match=why) as told:
        read_text(file, expected="corrections", remedy="check the path", error=BadCorrections)
    assert (told.value.file, told.value.expected, told.value.remedy) == (str(file), "corrections", "check the path")


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("name\n", encoding="utf-8")
    with pytest.raises(BadInput, match="columns are missing: depth, time") as told:
        read_rows(file, ("name", "time", "depth"))
    assert told.value.place == "line 1"
    assert told.value.expected == "CSV: name,time,depth"
