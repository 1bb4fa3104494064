"""Two languages, whole: no sentence missing, none written past the catalogue."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from viz.cockpit import SCRIPTS
from viz.report import PAGES
from viz.signals.pages.workspace import PARTS
from viz.text import CATALOGUE, LANGUAGES, SHARED, both, for_page, known, spans, text
from viz.text_advice import ADVICE_WORDS
from viz.text_calibration import CALIBRATION_WORDS
from viz.text_choices import CHOICE_WORDS
from viz.text_cockpit import COCKPIT
from viz.text_crowd import CROWD_WORDS
from viz.text_desk import DESK_WORDS
from viz.text_emergency import EMERGENCY_WORDS
from viz.text_film import FILM_WORDS
from viz.text_flood import FLOOD_WORDS
from viz.text_gain import GAIN
from viz.text_greenwave import GREENWAVE
from viz.text_head import HEAD_WORDS
from viz.text_jams import JAM_WORDS
from viz.text_live import LIVE_WORDS
from viz.text_optimise import OPTIMISE
from viz.text_parameters import PARAMETER_WORDS
from viz.text_periods import PERIODS
from viz.text_plan_review import PLAN_REVIEW_WORDS
from viz.text_quality import QUALITY
from viz.text_rain import RAIN_WORDS
from viz.text_report import REPORT
from viz.text_reports import REPORTS_WORDS
from viz.text_rimea import RIMEA_WORDS
from viz.text_sheet import SHEET
from viz.text_shelf import SHELF_WORDS
from viz.text_siting import SITING_WORDS
from viz.text_skill import SKILL_WORDS
from viz.text_spot import SPOT_WORDS
from viz.text_verdicts import VERDICTS
from viz.text_visits import VISIT_WORDS
from viz.text_what_if import WHAT_IF_WORDS
from viz.text_workspace import WORKSPACE
from viz.what_if import SCRIPTS as WHAT_IF_SCRIPTS

CHINESE = re.compile("[一-鿿]")
SAME_IN_BOTH = {"language.other_from_en", "language.other_from_zh", "rimea.turned"}
SOURCES = sorted([*PAGES.rglob("*.js"), *PAGES.rglob("*.j2"), *PAGES.parent.rglob("*.py")])


def test_no_key_is_given_twice() -> None:
    parts = (
        SHARED,
        REPORT,
        COCKPIT,
        DESK_WORDS,
        LIVE_WORDS,
        FILM_WORDS,
        QUALITY,
        SHEET,
        VERDICTS,
        OPTIMISE,
        GAIN,
        PERIODS,
        RAIN_WORDS,
        FLOOD_WORDS,
        EMERGENCY_WORDS,
        GREENWAVE,
        CROWD_WORDS,
        ADVICE_WORDS,
        CALIBRATION_WORDS,
        PARAMETER_WORDS,
        SITING_WORDS,
        JAM_WORDS,
        RIMEA_WORDS,
        VISIT_WORDS,
        SKILL_WORDS,
        SPOT_WORDS,
        CHOICE_WORDS,
        PLAN_REVIEW_WORDS,
        REPORTS_WORDS,
        SHELF_WORDS,
        WORKSPACE,
        WHAT_IF_WORDS,
        HEAD_WORDS,
    )
    assert len(CATALOGUE) == sum(len(part) for part in parts)


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_every_sentence_is_in_both_languages(key: str) -> None:
    english, chinese = CATALOGUE[key]
    assert english.strip() and chinese.strip()
    if key not in SAME_IN_BOTH:
        assert CHINESE.search(chinese), "not translated"
        assert not CHINESE.search(english)
    fields = [sorted(name for _, name, _, _ in Formatter().parse(sentence) if name) for sentence in (english, chinese)]
    assert fields[0] == fields[1], "the same places to fill in"


def test_every_key_that_is_used_exists() -> None:
    used = re.compile(r"""(?:\bt|\bword|\bwords|\bboth|\btext|_key|data-label=|has)\(?["'`]([a-z]+\.[\w ./]+)["'`]""")
    missing = {
        (source.name, key)
        for source in SOURCES
        for key in used.findall(source.read_text(encoding="utf-8"))
        if key not in CATALOGUE and not key.endswith(".")
    }
    assert not missing


@pytest.mark.parametrize(
    "name",
    [
        "report.html.j2",
        "cockpit.html.j2",
        "workspace.html.j2",
        "cockpit/cards.html.j2",
        "cockpit/dialogs.html.j2",
        "cockpit/film.html.j2",
        "head/links.html.j2",
        "head/seat.html.j2",
        "head/session.html.j2",
        "signals.html.j2",
        "sheet.html.j2",
        "stages.html.j2",
        "nowcast.html.j2",
        "flood.html.j2",
        "emergency.html.j2",
        "rimea.html.j2",
        "basis.html.j2",
        "what_if.html.j2",
        "what_if_method.html.j2",
        "reports.html.j2",
    ],
)
def test_no_words_outside_the_catalogue(name: str) -> None:
    page = (PAGES / name).read_text(encoding="utf-8")
    page = re.sub(r"<title>.*?</title>", "", page, flags=re.DOTALL)
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", page, flags=re.DOTALL)
    words = set(re.findall(r"[A-Za-z一-鿿]{2,}", bare)) - {"citytwin", "OpenStreetMap", "contributors"}
    assert not words


@pytest.mark.parametrize(
    "name",
    [
        "report.js",
        "map.js",
        *(f"head/{part}.js" for part in ("look", "me", "session")),
        "reports.js",
        "words.js",
        "tiles.js",
        "maps_again.js",
        "nowcast.js",
        *(f"cockpit/{part}.js" for part in (*SCRIPTS, "film")),
        *(f"workspace/{part}.js" for part in PARTS),
        *(f"what_if/{part}.js" for part in WHAT_IF_SCRIPTS),
    ],
)
def test_scripts_say_nothing_of_their_own(name: str) -> None:
    code = re.sub(r"/\*.*?\*/", "", (PAGES / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    strings = re.findall(r"\"([^\"\n]*)\"", code)
    sentences = [one for one in strings if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", one) and one[0] not in ".#u"]
    assert sentences == [] and not CHINESE.search(code)


def test_words_are_escaped() -> None:
    assert "<script>" not in spans({"en": "<script>", "zh": "<script>"})
    assert both("report.play") == '<span lang="en">Play</span><span lang="zh-CN">播放</span>'


def test_unknown_names_stay_as_they_are() -> None:
    assert known("figure", "something_new") == dict.fromkeys(LANGUAGES, "something_new")
    with pytest.raises(KeyError):
        text("no.such", "en")


def test_a_page_gets_its_own_part() -> None:
    part = for_page("verdict")
    assert set(part) == {"verdict.better", "verdict.worse", "verdict.cannot tell"}
