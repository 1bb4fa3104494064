"""Numbers in OSM tags: closed-form cases, and texts of any kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.osm.values import (
    KMH,
    MOST_LANES,
    read_altitude,
    read_lanes,
    read_layer,
    read_length,
    read_number,
    read_speed,
    says_yes,
    tidy,
)

READERS = (read_lanes, read_speed, read_length, read_layer, read_altitude)


@pytest.mark.parametrize(
    ("text", "value", "repaired"),
    [
        ("2", 2, False),
        (" 2 ", 2, False),
        ("２", 2, False),
        ("2;3", 2, True),
        ("3; 2", 2, True),
        ("1.5", 1, True),
        ("2 x 2", 4, True),
        ("2×2", 4, True),
        ("2+1", 3, True),
        ("3 lanes", 3, True),
        ("3车道", 3, True),
        ("2-3", 2, True),
        ("0", None, True),
        ("-1", None, True),
        ("99", None, True),
        ("yes", None, True),
        ("none", None, True),
        ("", None, False),
        (None, None, False),
    ],
)
def test_lanes(text: str | None, value: int | None, repaired: bool) -> None:
    read = read_lanes(text)
    assert (read.whole, read.repaired) == (value, repaired)


@pytest.mark.parametrize(
    ("text", "kmh", "repaired"),
    [
        ("50", 50, False),
        ("50 km/h", 50, True),
        ("30 mph", 30 * 1.609344, True),
        ("30mph", 30 * 1.609344, True),
        ("50;30", 30, True),
        ("30 mph;40 mph", 30 * 1.609344, True),
        ("none", 130, True),
        ("walk", 7, True),
        ("signals", None, True),
        ("variable", None, True),
        ("RO:urban", 50, True),
        ("DE:zone30", 30, True),
        ("DE:zone:30", 30, True),
        ("DE:30", 30, True),
        ("CN:urban", 50, True),
        ("RU:urban", 60, True),
        ("DE:motorway", 130, True),
        ("GB:nsl_single", 60 * 1.609344, True),
        ("GB:zone20", 20 * 1.609344, True),
        ("XX:nowhere", None, True),
        ("５０", 50, False),
        ("5000", None, True),
        ("0", None, True),
        ("-50", None, True),
        ("yes", None, True),
        ("5 knots", 5 * 1.852, True),
        ("", None, False),
    ],
)
def test_speeds(text: str, kmh: float | None, repaired: bool) -> None:
    read = read_speed(text)
    assert read.repaired == repaired
    assert read.value == (None if kmh is None else pytest.approx(kmh * KMH))


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("3.5", 3.5),
        ("3,5 m", 3.5),
        ("3.5m", 3.5),
        ("3.5 metres", 3.5),
        ("12'6\"", 12 * 0.3048 + 6 * 0.0254),
        ("12′6″", 12 * 0.3048 + 6 * 0.0254),
        ("12'", 12 * 0.3048),
        ("12 ft", 12 * 0.3048),
        ("350 cm", 3.5),
        ("~3", 3.0),
        ("ca. 3", 3.0),
        ("3-4", 3.0),
        ("１２．５", 12.5),
        ("2 x 2", 2.0),
        ("-3", None),
        ("0", None),
        ("5000", None),
        ("narrow", None),
        ("1.2.3", None),
    ],
)
def test_lengths(text: str, metres: float | None) -> None:
    assert read_length(text).value == (None if metres is None else pytest.approx(metres))


def test_altitudes_layers_numbers_and_yes() -> None:
    assert read_altitude("1,234 m").value == 1234.0
    assert read_altitude("−3.5").value == -3.5
    assert read_altitude("99999").value is None
    assert read_layer("-1").value == -1 and not read_layer("-1").repaired
    assert read_layer("1;2").value == 1 and read_layer("ground").value is None
    assert read_number("1,200", least=0, most=20000).value == 1200
    assert read_number("about 200 cars", least=0, most=20000).value == 200
    assert (says_yes("YES"), says_yes("no"), says_yes("maybe"), says_yes(None)) == (True, False, None, None)


@given(st.one_of(st.text(), st.from_regex(r"[-+~]?[0-9０-９.,;x' \"]{0,60}[a-zA-Z:/]{0,8}")))
def test_no_text_breaks_a_reader_and_values_stay_in_their_bounds(text: str) -> None:
    tidy(text)
    says_yes(text)
    for reader in READERS:
        read = reader(text)
        assert read.value is not None or read.repaired or not tidy(text)
    lanes, speed, length = read_lanes(text).value, read_speed(text).value, read_length(text, most=50.0).value
    assert lanes is None or (1 <= lanes <= MOST_LANES and lanes == int(lanes))
    assert speed is None or KMH * 0.999 <= speed <= 181 * KMH
    assert length is None or 0 < length <= 50


@given(st.integers(1, MOST_LANES), st.sampled_from(["", " ", "\t", "\u3000"]))
def test_plain_whole_numbers_are_read_as_they_stand(count: int, blank: str) -> None:
    read = read_lanes(f"{blank}{count}{blank}")
    assert (read.whole, read.repaired) == (count, False)


@given(st.floats(1, 150, allow_nan=False), st.sampled_from(["{}", "{} km/h", "{}km/h"]))
def test_speed_in_kmh_is_the_same_with_and_without_its_unit(kmh: float, pattern: str) -> None:
    assert read_speed(pattern.format(round(kmh, 1))).value == pytest.approx(round(kmh, 1) * KMH)
