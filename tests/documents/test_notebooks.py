"""The notebooks run, and print what they are kept with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "notebooks"
BOOKS = sorted(FOLDER.glob("*.ipynb"))


def told(book: Any) -> list[str]:
    """What each cell prints, in however many pieces the kernel sends it, and the kinds of what it shows."""
    cells = [cell.get("outputs", []) for cell in book.cells]
    shown = [output for cell in cells for output in cell if output.output_type == "display_data"]
    printed = [
        "".join(one.text for one in cell if one.output_type == "stream" and one.name == "stdout") for cell in cells
    ]
    return [*filter(None, printed), *(f"shown: {', '.join(sorted(one.data))}" for one in shown)]


def run(book: Any, folder: Path) -> Any:
    """A copy that was run from its first cell on."""
    again = nbformat.from_dict({**book, "cells": [{**cell} for cell in book.cells]})
    where = {"metadata": {"path": str(folder)}}
    return NotebookClient(again, timeout=240, startup_timeout=240, resources=where).execute()


def test_there_are_five_and_each_shows_what_it_printed() -> None:
    assert len(BOOKS) == 5
    assert all(told(nbformat.read(file, as_version=4)) for file in BOOKS)


@pytest.mark.parametrize("file", BOOKS, ids=lambda file: file.stem)
def test_a_notebook_prints_what_it_is_kept_with(file: Path, tmp_path: Path) -> None:
    book = nbformat.read(file, as_version=4)
    assert told(run(book, tmp_path)) == told(book)


def test_a_cell_that_fails_fails_the_test(tmp_path: Path) -> None:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("assert 1 + 1 == 3")])
    with pytest.raises(CellExecutionError, match="AssertionError"):
        run(book, tmp_path)
