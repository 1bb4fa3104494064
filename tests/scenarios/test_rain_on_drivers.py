"""A rainfall acts on drivers and on roads, each switchable by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from networks.errors import NotThere
from scenarios import Rainfall, Scenario, Store, check_scenario, flood_of, hyetograph_of, water_words
from scenarios.rain.rain_run import rain_on_drivers, rain_words

if TYPE_CHECKING:
    from networks import City


def with_rain(short: Scenario, **switches: bool) -> Scenario:
    rain, *others = short.interventions
    assert isinstance(rain, Rainfall)
    return short.replacing(interventions=[rain.model_copy(update=switches), *others])


def test_drivers_feel_the_rain_only_where_the_scenario_says_so(short: Scenario) -> None:
    assert rain_on_drivers(short) is None and rain_words(short) is None
    felt = with_rain(short, on_drivers=True)
    rain, words = rain_on_drivers(felt), rain_words(felt)
    assert rain is not None and rain.peak_mm_h == hyetograph_of(short).peak_mm_h  # type: ignore[union-attr]
    assert words is not None and "HCM" in words["en"] and "推测" in words["zh"]
    assert felt.digest != short.digest


def test_rain_without_water_needs_no_flood_and_no_terrain(
    short: Scenario, helsinki: City, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    air = with_rain(short, on_drivers=True, on_roads=False)
    before = store.ids("flood")
    assert flood_of(helsinki, air, store) is None and store.ids("flood") == before
    assert water_words(helsinki, air) is None

    def none(*_: Any) -> None:
        raise NotThere("no terrain")

    monkeypatch.setattr(type(helsinki), "terrain", none)
    check_scenario(air, helsinki)
    with pytest.raises(Exception, match="rainfall needs a terrain"):
        check_scenario(with_rain(short, on_drivers=True), helsinki)
