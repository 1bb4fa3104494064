"""A file of feeds: what is right is made, and every mistake is told with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from networks.errors import BadInput, NotThere
from twin.feeds.spec import read_feeds

GOOD = """store: {folder: kept}
feeds:
  - id: drops
    title: {en: Files, zh: 文件}
    source: {kind: folder, path: in, once: true}
    format: sensorthings
    every_s: 60
  - id: more
    source: {kind: folder, path: /somewhere}
    format: sensorthings
    options:
      datastreams: {a: {measure: speed, factor: 0.2777}}
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "feeds.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_right_file_gives_feeds_with_paths_relative_to_it(tmp_path: Path) -> None:
    feeds = read_feeds(written(tmp_path, GOOD))
    assert feeds.folder == tmp_path / "kept" and [feed.id for feed in feeds.feeds] == ["drops", "more"]
    assert feeds.feed("drops").connection.path == tmp_path / "in" and feeds.feeds[0].text.every_s == 60.0
    assert feeds.feed("more").connection.path == Path("/somewhere")
    assert feeds.feed("more").options.datastreams["a"].factor == 0.2777
    with pytest.raises(NotThere, match="drops, more"):
        feeds.feed("other")


@pytest.mark.parametrize(
    ("was", "is_now", "line", "word"),
    [
        ("every_s: 60", "every_s: -1", 7, "greater than 0"),
        ("every_s: 60", "evry_s: 60", 7, "no such field"),
        ("format: sensorthings\n    every_s", "format: sensor-things\n    every_s", 6, "there is no format"),
        ("kind: folder, path: in", "kind: folders, path: in", 5, "there is no transport"),
        ("kind: folder, path: in", "path: in", 5, "source.kind: this field is missing"),
        ("path: in, once: true", "once: true", 5, "source.path: this field is missing"),
        ("path: in, once: true", "path: in, onse: true", 5, "source.onse: there is no such field"),
        ("measure: speed", "measure: sped", 12, "unknown measure 'sped'"),
        ("id: more", "id: drops", 8, "second feed"),
        ("id: more", "id: ../more", 8, "pattern"),
        ("feeds:\n", "feeds: []\nother:\n", 2, "at least 1"),
        ("id: more", "id: [", 10, "is not YAML"),
        ("title: {en: Files, zh: 文件}", "id: twice", 4, "written twice"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(tmp_path: Path, was: str, is_now: str, line: int, word: str) -> None:
    assert was in GOOD
    with pytest.raises(BadInput) as told:
        read_feeds(written(tmp_path, GOOD.replace(was, is_now, 1)))
    assert word in str(told.value) and told.value.place == f"line {line}", str(told.value)
    assert told.value.file is not None and told.value.file.endswith("feeds.yaml")


@pytest.mark.parametrize("text", ["", "42", "[1, 2]", "feeds: 3", "\0", "&a [*a]", "[" * 3000])
def test_what_is_no_file_of_feeds_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput):
        read_feeds(written(tmp_path, text))
    with pytest.raises(BadInput, match="no such file"):
        read_feeds(tmp_path / "none.yaml")


def test_files_that_name_persons_may_not_stay(tmp_path: Path) -> None:
    text = "feeds:\n  - id: taxis\n    source: {kind: folder, path: in}\n    format: jtt808\n"
    with pytest.raises(BadInput, match="name persons") as told:
        read_feeds(written(tmp_path, text))
    assert told.value.place == "line 3"
    assert read_feeds(written(tmp_path, text.replace("path: in", "path: in, after: delete"))).feeds
