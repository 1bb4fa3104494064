"""JSON from strangers: what bombs and careless senders write is refused with its reason."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.errors import BadInput
from twin.feeds.formats.checks import Findings
from twin.feeds.formats.json_in import json_in, shown


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        (b"[" * 100_000, "deep"),
        (b"[" * 40 + b"]" * 40, "deep"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "deep"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": NaN}', "NaN"),
        (b"[-Infinity]", "Infinity"),
        (b'{"a": "\\ud800"}', "half a character"),
        (b'{"\\udfff": 1}', "half a character"),
        (b'["\\u0000"]', "U\\+0000"),
        ('{"a": 1}'.encode("utf-16"), "UTF-16"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),
        (b"{'a': 1}", "no JSON"),
        (b'{"a": 1} x', "no JSON"),
        (b"", "no JSON"),
        (b"[" + b"1," * 600 + b"1]", "at most 1000"),
    ],
)
def test_bombs_and_what_is_no_json_are_refused(payload: bytes, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        json_in(payload, longest_bytes=1000 if b"1," * 600 in payload else 1 << 20)


def test_a_byte_order_mark_may_stand_before_it_and_32_levels_are_fine() -> None:
    assert json_in(b"\xef\xbb\xbf[1]", longest_bytes=100) == [1]
    assert json_in(b"[" * 32 + b"]" * 32, longest_bytes=100)
    assert json_in(b'{"a": "\\ud83d\\ude00 \\u4e2d"}', longest_bytes=100) == {"a": "😀 中"}


def test_numbers_that_nothing_holds_are_infinite_so_that_their_place_refuses_them() -> None:
    huge, many, small = json_in(b"[1e999, " + b"9" * 4000 + b", 123456789012345678]", longest_bytes=10_000)
    assert math.isinf(huge) and math.isinf(many) and small == 123456789012345678


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=5), inner, max_size=4
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON, st.booleans())
def test_what_is_fine_comes_back_as_it_was(value: object, escaped: bool) -> None:
    assert json_in(json.dumps(value, ensure_ascii=escaped).encode(), longest_bytes=1 << 20) == value


@given(st.text(st.characters()))
def test_what_is_shown_can_be_kept(text: str) -> None:
    assert "\x00" not in shown(text) and len(shown(text).encode()) <= 240


def test_a_message_of_a_million_unknown_names_does_not_fill_the_memory_of_health() -> None:
    found = Findings()
    for number in range(1000):
        found.left_out[f"name {number}"] += 1
        found.fault(BadInput("wrong", place=str(number)))
    result = found.understood()
    assert len(result.left_out) == 201 and result.left_out["others"] == 800
    assert len(result.faults) == 101 and result.faults[-1].what == "900 more parts are wrong"
