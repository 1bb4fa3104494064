"""A small plan and the book that it works in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_plan import NOON, TEXT

from twin.desk import Book
from twin.plans import Plan, PlanBook, read_plan


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    file = tmp_path / "flood.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return read_plan(file)


@pytest.fixture
def open_book(tmp_path: Path, plan: Plan) -> Callable[..., PlanBook]:
    """Open the same book again, as after a crash."""

    def opened(**more: bool) -> PlanBook:
        return PlanBook(Book.open(tmp_path / "desk.sqlite", now=lambda: NOON), [plan], **more)

    return opened
