"""Whether a warning holds here: polygons, codes of areas, and what nobody can judge."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from twin.feeds import Situation
from twin.plans import Here, signals_of
from twin.plans.here import kin

NOON = datetime(2026, 7, 17, 12, tzinfo=UTC)
HERE = Here((11.2, 44.4, 11.5, 44.6), ("310115", "UUC003", "048453"))


def ring(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def warned(area: dict[str, Any] | None = None, **codes: list[str]) -> Situation:
    details = {"areas": [{"name": "somewhere", "geocodes": codes}] if codes else [{"name": "somewhere"}]}
    return Situation("w", "", NOON, "weather", NOON, severity="severe", area=area, words={"": "暴雨"}, details=details)


def holds(one: Situation, here: Here = HERE) -> bool:
    return len(signals_of([one], NOON, here)) == 1


def test_a_polygon_that_touches_the_city_holds_and_another_does_not() -> None:
    assert holds(warned(ring(11.4, 44.5, 12.0, 45.0))) and holds(warned(ring(10.0, 44.0, 12.0, 45.0)))
    assert not holds(warned(ring(12.0, 44.5, 12.5, 45.0)))
    bow_tie = {"type": "Polygon", "coordinates": [[[11, 44], [12, 45], [12, 44], [11, 45], [11, 44]]]}
    assert holds(warned(bow_tie)), "a ring that crosses itself is mended, not refused"
    assert holds(warned({"type": "Polygon", "coordinates": "none"})), "what nobody can judge counts"
    assert holds(warned(ring(12.0, 44.5, 12.5, 45.0)), Here(None)), "a city without a place on the globe"


def test_a_code_that_is_kin_to_ours_holds() -> None:
    assert holds(warned(ISO=["310115"])) and holds(warned(UGC=["UUC001", "uuc003"]))
    assert not holds(warned(ISO=["310110"])) and not holds(warned(UGC=["UUC001"]))
    far = ring(12.0, 44.5, 12.5, 45.0)
    assert holds(warned(far, UGC=["UUC003"])), "an area is the union of all that describes it"
    assert not holds(warned(far, UGC=["UUC001"]))


def mixed(*areas: dict[str, Any], area: dict[str, Any] | None) -> Situation:
    details = {"areas": [{"name": "somewhere", **one} for one in areas]}
    return Situation("m", "", NOON, "weather", NOON, severity="severe", area=area, words={"": "暴雨"}, details=details)


def test_areas_of_mixed_kinds_are_judged_one_by_one() -> None:
    """A polygon elsewhere says nothing of an area beside it that has a code alone, or a name alone."""
    far, near = ring(12.0, 44.5, 12.5, 45.0), ring(11.4, 44.5, 12.0, 45.0)
    drawn, ours, theirs = {"drawn": True}, {"drawn": False, "geocodes": {"UGC": ["UUC003"]}}, {"UGC": ["UUC009"]}
    other, named = {"drawn": False, "geocodes": theirs}, {"drawn": False}
    nobody = Here(HERE.box)
    assert holds(mixed(drawn, ours, area=far)) and not holds(mixed(drawn, other, area=far))
    assert holds(mixed(drawn, other, area=near)) and holds(mixed(drawn, named, area=far))
    assert holds(mixed(drawn, other, area=far), nobody), "who knows no codes of ours cannot judge one"
    assert not holds(mixed(drawn, drawn, area=far), nobody)
    assert not holds(mixed({"drawn": True, "geocodes": theirs}, area=far), nobody), "its polygon says where it is"
    assert holds(mixed(other, ours, area=None)) and not holds(mixed(other, other, area=None))
    told = nobody.unknown(mixed(drawn, other, area=far))
    assert told is not None and "UUC009" in told["en"]
    assert nobody.unknown(mixed(drawn, other, area=near)) is None and HERE.unknown(mixed(other, area=far)) is None


def test_without_a_place_or_without_our_codes_it_counts_and_that_is_said() -> None:
    nobody = Here(HERE.box)
    assert holds(warned()) and holds(warned(UGC=["XXX"]), nobody)
    said = nobody.unknown(warned(UGC=["XXX"]))
    assert said is not None and "--area-code" in said["en"] and "XXX" in said["zh"]
    assert nobody.unknown(warned(ring(11, 44, 12, 45), UGC=["XXX"])) is None and HERE.unknown(warned(U=["X"])) is None


@pytest.mark.parametrize(
    ("scheme", "code", "ours", "same"),
    [
        ("", "310000", "310115", True),  # the province, and a district of it
        ("", "310115", "310000", True),
        ("", "310000000000", "310115", True),
        ("", "310110", "310115", False),  # 31011 is no area
        ("", "320000", "310115", False),
        ("", "000000", "310115", False),
        ("SAME", "048000", "048453", True),
        ("SAME", "048453", "048453", True),
        ("SAME", "048455", "048453", False),
        ("SAME", "049000", "048453", False),
        ("NUTS3", "FI1B", "FI1B1", True),
        ("NUTS3", "FI1C", "FI1B1", False),
        ("EMMA_ID", "FI0", "FI008", False),
        ("", "", "", False),
    ],
)
def test_codes_as_their_numberings_tell_what_lies_in_what(scheme: str, code: str, ours: str, same: bool) -> None:
    assert kin(scheme, code, ours) is same
