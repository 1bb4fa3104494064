"""The documents: what they print can be typed, their links lead somewhere, the site asks nothing of other computers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from said_commands import said_in, wrong_with

from twin.commands.report import KINDS, MAKERS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
OUTSIDE = re.compile(r"""(?:src=|<link[^>]*href=|url\(|@import\s+)["']?(?:https?:)?//[^"')\s]+""")


def build(config: Path, site: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mkdocs", "build", "-f", str(config), "-d", str(site)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = build(ROOT / "mkdocs.yml", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_prints_is_there_with_its_options(page: Path) -> None:
    wrong = {said: wrong_with(said) for said in said_in(page)}
    assert {said: what for said, what in wrong.items() if what} == {}


def test_what_a_report_without_its_folder_recommends_can_be_typed() -> None:
    assert set(MAKERS) == set(KINDS)
    assert {words: what for words in MAKERS.values() if (what := wrong_with(words))} == {}


def test_a_command_or_an_option_that_is_not_there_is_told() -> None:
    assert wrong_with("twin conquer CITY") == ["no command 'conquer'"]
    assert wrong_with("twin signals check|frob PLAN") == ["no command 'frob'"]
    assert wrong_with("twin run FILE --seeds 8 --speed 3") == ["no option --speed"]
    assert wrong_with("twin run FILE --seeds 8") == []


def test_pages_say_more_than_a_few_commands() -> None:
    """Were the pattern broken, everything above would pass."""
    assert sum(1 for page in PAGES for _ in said_in(page)) > 300


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_links_of_pages_outside_the_site_lead_to_files(page: str) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", (ROOT / page).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_site_asks_nothing_of_another_computer(site: Path) -> None:
    pages = [*site.rglob("*.html"), *site.rglob("*.css")]
    assert len(pages) > 60
    asked = {found for page in pages for found in OUTSIDE.findall(page.read_text(encoding="utf-8"))}
    assert asked == set()


def test_the_reference_says_what_docstrings_say(site: Path) -> None:
    flood = (site / "python" / "models.flood.html").read_text(encoding="utf-8")
    assert "Water that comes in at some cells" in flood
    assert "none negative (m3/s)" in flood
    assert "--seeds" in (site / "commands.html").read_text(encoding="utf-8")


def test_a_link_that_leads_nowhere_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("[away](nowhere.md)", encoding="utf-8")
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    alone = re.sub(r"^(hooks|nav|extra_css):.*\n(?:  .*\n)*", "", text, flags=re.MULTILINE)
    (tmp_path / "mkdocs.yml").write_text(alone, encoding="utf-8")
    done = build(tmp_path / "mkdocs.yml", tmp_path / "site")
    assert done.returncode != 0
    assert "nowhere.md" in done.stdout + done.stderr
