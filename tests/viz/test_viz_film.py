"""A film of the cockpit: what is kept of a served city, and the page that plays it without a server."""

from __future__ import annotations

import gzip
import html
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from small_film import BEGIN, hour_of, small_film, state
from small_town import small_city
from watched import Watched, colours

from networks.errors import BadInput, NotThere
from twin.cli import run
from twin.film import read_reel
from viz.film import film_page


def at(minute: int) -> Any:
    """A moment of the film."""
    return BEGIN + timedelta(minutes=minute)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    small_film(folder / "film")
    return folder


def test_a_stretch_has_what_stood_when_it_began_each_forecast_once_and_the_decision(served: Path) -> None:
    reel = read_reel(served / "film", at(8), at(21))
    assert reel.moments[0].now == at(7).isoformat() and reel.moments[-1].now == at(21).isoformat()
    assert len(reel.hours) == 4 and reel.name == "Small Town"
    told = {one.now: json.loads(gzip.decompress(one.packed))["state"] for one in reel.moments}
    status = {now: document["recommendations"][0]["status"] for now, document in told.items()}
    assert status[at(11).isoformat()] == "proposed" and status[at(12).isoformat()] == "approved"
    assert all("speed_ratio" not in document.get("roads", {}) for document in told.values()), "the hour has them"


def test_a_moment_that_says_nothing_new_is_not_kept(tmp_path: Path) -> None:
    film = small_film(tmp_path, minutes=1)
    hour = hour_of(BEGIN, 84, 0)
    again = state(small_city(), 0, hour) | {"now": (BEGIN + timedelta(seconds=10)).isoformat(), "busy": "forecast"}
    assert not film.take(again, hour), "another clock and a busy loop alone"
    assert film.take(again | {"log": []}, hour)


def test_what_is_older_than_it_is_kept_goes(tmp_path: Path) -> None:
    small_film(tmp_path, kept=timedelta(minutes=10))
    reel = read_reel(tmp_path, at(-60), at(60))
    assert reel.moments[0].now == at(15).isoformat(), "the last cycle was at 25"
    assert len(list(tmp_path.glob("*/hours/*"))) == 6, "forecasts two hours longer"


def test_moments_that_follow_too_soon_are_left_out_unless_they_show_another_forecast(served: Path) -> None:
    reel = read_reel(served / "film", at(0), at(29), every=timedelta(minutes=4))
    assert [int(one.now[14:16]) for one in reel.moments] == [0, 4, 5, 9, 10, 14, 15, 19, 20, 24, 25, 29]


@pytest.mark.parametrize(("begin", "end", "what"), [(90, 120, "in this stretch"), (20, 10, "before it begins")])
def test_a_stretch_that_is_not_there_is_refused(served: Path, begin: int, end: int, what: str) -> None:
    with pytest.raises((NotThere, BadInput), match=what):
        read_reel(served / "film", at(begin), at(end))


def test_a_damaged_moment_is_named(tmp_path: Path) -> None:
    small_film(tmp_path, minutes=2)
    torn = sorted(tmp_path.glob("*/moments/*"))[1]
    torn.write_bytes(torn.read_bytes()[:-20])
    with pytest.raises(BadInput, match="damaged") as caught:
        read_reel(tmp_path)
    assert caught.value.file == str(torn)


def test_the_command_writes_one_file_that_asks_for_nothing(
    served: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["film", str(served), "-o", str(tmp_path / "film.html")]) == 0
    assert re.search(r"2026-07-17T18:00 to 2026-07-17T18:29, 30 moments, 6 forecasts", capsys.readouterr().out)
    page = (tmp_path / "film.html").read_text(encoding="utf-8")
    own = html.unescape(re.sub(r"<script.*?</script>|<style.*?</style>", "", page, flags=re.DOTALL))
    assert re.findall(r'(?:src|href)="([^"]+)"', own) == ["data:,"] and "default-src 'none'" in own
    hours = re.findall(r'id="film-hour-\d+">([^<]+)<', page)
    assert len(hours) == 6
    reel = read_reel(served / "film")
    assert all(b"secret" not in gzip.decompress(one) for one in reel.hours.values()), "a camera's address was kept"
    assert run(["film", str(tmp_path), "-o", str(tmp_path / "none.html")]) == 2
    assert "nothing was filmed here" in capsys.readouterr().err and not (tmp_path / "none.html").exists()


@pytest.mark.full
@pytest.mark.browser
def test_it_plays_from_a_disk_without_a_network(browser: Any, served: Path, tmp_path: Path) -> None:
    reel = read_reel(served / "film")
    place = tmp_path / "film.html"
    page = film_page(reel.city, [(one.now, one.hour, one.packed) for one in reel.moments], reel.hours)
    place.write_text(page, encoding="utf-8")
    seen = Watched(browser, "desk")
    seen.page.context.set_offline(True)
    seen.page.goto(f"file://{place}")
    seen.until(lambda: seen.run("!!window.cockpitFilm && window.cockpitMap?.hourDrawn === 'run-0'"), "it never opened")
    assert "18:00" in seen.page.inner_text("#time") and "nothing is live" in seen.page.inner_text("#link")
    assert seen.page.locator("button.approve, [data-do='cockpit.approve']").count() == 0, "nothing can be decided"
    first = seen.picture("#map")
    assert colours(first) > 20
    seen.run("window.cockpitFilm.seek(window.cockpitFilm.times[26])")
    seen.until(lambda: seen.run("window.cockpitMap.hourDrawn === 'run-25'"), "the later forecast never came")
    assert "18:26" in seen.page.inner_text("#time") and "Olga" in seen.page.inner_text("#decided")
    assert abs(seen.picture("#map") - first).max() > 0.2, "slower streets look slower"
    seen.page.click("[data-do='desk.before_after']")
    seen.run("location.hash = '#s=street:n3_2'")
    seen.until(lambda: "Shift greens" in seen.page.inner_text("#picked"), "the street does not tell what would change")
    assert "−3.2" in seen.page.inner_text("#picked") and "−5 to −1.4" in seen.page.inner_text("#picked")
    seen.page.select_option("#film-pace", "300")
    seen.run("window.cockpitFilm.seek(window.cockpitFilm.times[0])")
    seen.page.click("#film-play")
    seen.until(lambda: "18:29" in seen.page.inner_text("#time"), "it does not play to its end")
    seen.page.click("#language")
    assert "录像" in seen.page.inner_text("#link")
    assert not seen.errors and all(url.startswith(("file:", "blob:", "data:")) for url in seen.asked)
    seen.page.close()
