"""What names a person is found wherever it stands, what does not is left alone, and cells hide those in them."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest
from buses import govern, message, record
from city_rows import at
from hypothesis import given
from hypothesis import strategies as st

from networks.errors import BadInput
from twin.feeds import Dead, Fault, Message, Position
from twin.store import FeedStore, audit, cells_of
from twin.store.columns import arrow_of
from twin.store.identifiers import identifiers

PERSONAL = {
    '{"vehicle": "浙A12345"}': "plate (CN)",
    '{"vehicle": "粤B·D12345"}': "plate (CN)",
    "<reg>ABC-123</reg>": "plate (EU)",
    '"B-MA 1234"': "plate (EU)",
    "a;AB-123-CD;b": "plate (EU)",
    "write to anna.k+x@mail.example.fi now": "e-mail",
    "wifi 00:1a:2B:3c:4d:5e seen": "MAC",
    '"id": 490154203237518,': "IMEI",
    "call 13812345678": "phone",
    "call +358 40 123 4567": "phone",
    '{"licensePlate": "x"}': "name of a field",
    "<DriverRef>7</DriverRef>": "name of a field",
    "a,plate_no,b": "name of a field",
    '{"车牌号": 1}': "name of a field",
}
HARMLESS = (
    '{"id": 490154203237519, "time": 1700000000000, "lat": 60.1234567890123}',
    '{"plate": null, "template": 1, "driverless": true}',
    '"2026-11-01T12:00:00+02:00", "AB-12", "E12 -34"',
    "https://city.example/feed?x=1 @home 3@",
    "12:34:56:78:90:12:34 550e8400-e29b-41d4-a716-446655440000",
)


@pytest.mark.parametrize("text", PERSONAL)
def test_what_names_a_person_is_found(text: str) -> None:
    assert [found.sort for found in identifiers(text)] == [PERSONAL[text]]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_names_nobody_is_left_alone(text: str) -> None:
    assert list(identifiers(text)) == []


def test_the_search_takes_time_in_proportion_to_the_text() -> None:
    for piece in ("a", "1", "a.", "+1 ", "00:", "plate_", '"B-', "浙A"):
        assert len(list(identifiers(piece * 50_000))) >= 0


def test_the_audit_says_feed_number_and_place_and_tells_no_value(store: FeedStore, tmp_path: Path) -> None:
    log = tmp_path / "log"
    clean = message([("0123456789abcdef", 0)], 1)
    packed = Message(gzip.compress("浙A12345".encode()), "t", at(3))
    chinese = Message("粤B12345".encode("gb18030"), "from 00:1a:2b:3c:4d:5e", at(4))
    record(log, [clean, message("{call 13812345678", 2), packed, chinese, Message(b"PK\x03\x04zip", "t", at(5))])
    store.take("buses", 0, 1, [], [Dead("buses", 0, at(0), "t", (Fault("place", "'anna@mail.example' is no number"),))])
    seen = audit(store, {"buses": log})
    assert {sort for _, sort in seen.findings} == {"phone", "plate (CN)", "MAC", "e-mail"}
    assert seen.findings["buses", "phone"].places == ["message 1, character 6: 13… (11 characters)"]
    assert seen.findings["buses", "plate (CN)"].count == 2
    assert seen.findings["buses", "MAC"].places[0].startswith("message 3, topic or headers")
    assert (seen.looked["messages"], seen.unread["buses"]) == (5, 1)
    assert "e-mail" not in {sort for _, sort in audit(store, {"buses": log}, ["@mail.example"]).findings}


def test_movers_are_pseudonyms_or_public(store: FeedStore) -> None:
    rows = [("0123456789abcdef", "taxi"), ("taxi 7", "taxi"), ("18/1033", "bus"), ("ABC-123", "bus"), ("me", "")]
    told = [(0, Position(mover, at(n), 24.9, 60.1, at(n), kind)) for n, (mover, kind) in enumerate(rows)]
    store.take("a", 0, 1, told, [])
    found = audit(store, {}).findings
    assert {sort: one.count for (_, sort), one in found.items()} == {
        "mover that is no pseudonym": 2,
        "plate (EU)": 1,
    }


def test_a_store_without_persons_is_clean(store: FeedStore, tmp_path: Path) -> None:
    log = tmp_path / "log"
    record(log, [message([("18/1033", n), ("18/7", n)], n) for n in range(5)])
    govern(store, log)
    seen = audit(store, {"buses": log})
    assert not seen.findings
    assert (seen.looked["messages"], seen.looked["rows"]) == (5, 10)


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3), st.integers(0, 3), st.integers(0, 1)), max_size=60),
    st.integers(2, 4),
)
def test_no_cell_with_fewer_than_k_comes_out(told: list[tuple[int, int, int, int]], k: int) -> None:
    rows = [
        (0, n, Position(f"m{mover}", at(600 + 900 * p), 24 + x * 0.5, 60 + y * 0.5, at(0), speed_mps=float(mover)))
        for n, (mover, x, y, p) in enumerate(told)
    ]
    cells = cells_of([arrow_of("positions", "a", rows)] if rows else [], k=k, cell_m=1000, period_s=900)
    movers: dict[tuple[int, int, int], set[int]] = {}
    for mover, x, y, p in told:
        movers.setdefault((x, y, p), set()).add(mover)
    enough = Counter(len(found) for found in movers.values() if len(found) >= k)
    assert Counter(cells.table["movers"].to_pylist()) == enough
    assert cells.left_out == len(movers) - sum(enough.values())
    assert sum(cells.table["positions"].to_pylist()) + cells.left_out_positions == len(told)
    for row in cells.table.to_pylist():
        assert min(abs(row["lat"] - 60 - y * 0.5) for y in range(4)) * 111_320 <= 501


def test_cells_that_hide_nobody_are_refused() -> None:
    with pytest.raises(BadInput, match="hide nobody"):
        cells_of([], k=1, cell_m=250, period_s=900)
