"""The review: from the audit alone, in both languages, and it says what was late."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta, timezone

import pytest
from small_plan import at, ponding, signal
from sqlalchemy import delete, update

from networks.errors import NotThere
from twin.desk.tables.casing import case_answers, case_calls, case_steps, cases
from twin.desk.tables.keeping import audit
from twin.plans import PlanBook, review
from viz import review_page

Opened = Callable[..., PlanBook]


@pytest.fixture
def lived(open_book: Opened) -> PlanBook:
    """Forecast at 12:00, there at 12:30; heard at 12:08, 3 minutes late; done in time; stood down at 13:10."""
    book = open_book()
    book.take([signal()], [ponding(minute=30)], at(0))
    book.sign("flood-1", "sign:III", who="Li", role="operator", why="water", now=at(4))
    book.answer("flood-1", "ready", "acknowledged", who="pumps", now=at(8))
    book.answer("flood-1", "pump", "acknowledged", who="pumps", now=at(6))
    book.answer("flood-1", "pump", "done", who="pumps", now=at(30))
    book.take([signal()], [ponding(minute=30)], at(30))
    book.take([], [], at(45))
    book.take([], [], at(65))
    book.sign("flood-1", "end:1", who="Li", role="operator", why="dry", now=at(70))
    return book


def test_figures_come_from_the_audit_alone(lived: PlanBook) -> None:
    whole = review(lived.book, "flood-1")
    with lived.book.work() as link:
        for table in (case_answers, case_calls, case_steps, cases):
            link.execute(delete(table))
    assert review(lived.book, "flood-1") == whole
    went = whole.went
    assert (went.called, went.heard, went.heard_late, went.unheard) == (2, 1, 1, 0)
    assert (went.due, went.done, went.done_late, went.undone) == (1, 1, 0, 0)
    assert went.heard_median_s == (8 + 2) / 2 * 60
    assert whole.lead.heard_at == at(6) and whole.lead.there_at == at(30) and whole.lead.forecast_at == at(0)
    assert whole.closed_at == at(70) and whole.why["en"] == "Li: dry" and whole.broken == 0


def test_the_page_says_it_in_both_languages_and_its_zone(lived: PlanBook) -> None:
    page = review_page(review(lived.book, "flood-1", timezone(timedelta(hours=8))))
    assert "24 min before" in page and "提前 24 分钟" in page
    assert "was acknowledged 3 min late" in page and "迟 3 分钟" in page
    assert "20:04" in page and "12:04" not in page and "EXERCISE" not in page
    assert "<script" in page and "http://" not in page.replace("http://www.w3.org", "")


def test_a_changed_entry_is_told_on_the_page(lived: PlanBook) -> None:
    seq = next(one.seq for one in lived.book.audit("flood-1") if one.action == "case answer")
    with lived.book.work() as link:
        row = link.execute(audit.select().where(audit.c.seq == seq)).one()
        changed = json.dumps(json.loads(row.detail) | {"late_s": 1.0})
        link.execute(update(audit).where(audit.c.seq == seq).values(detail=changed))
    made = review(lived.book, "flood-1")
    assert made.broken == 1 and "ITS CHAIN DOES NOT HOLD" in review_page(made)


def test_words_from_outside_are_escaped(open_book: Opened) -> None:
    book = open_book()
    book.take([signal()], [ponding()], at(0))
    book.answer("flood-1", "ready", "refused", who="<b>x</b>", words="<script>alert(1)</script>", now=at(1))
    page = review_page(review(book.book, "flood-1"))
    assert "<script>alert" not in page and "<b>x</b>" not in page


def test_an_unknown_case_is_told(open_book: Opened) -> None:
    with pytest.raises(NotThere, match="the audit knows no such case"):
        review(open_book().book, "flood-9")
