"""Formats and transports by name."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from networks.errors import BadInput
from twin.feeds import FORMATS, SOURCES, format_named, names
from twin.feeds.plugins import _loaded


@pytest.fixture
def another_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A package on the path that offers formats of its own."""

    def offer(*lines: str) -> None:
        info = tmp_path / "elsewhere-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("\n".join(("[citytwin.formats]", *lines)) + "\n")
        (tmp_path / "elsewhere.py").write_text("class Theirs:\n    pass\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        importlib.invalidate_caches()
        _loaded.cache_clear()

    yield offer
    _loaded.cache_clear()


def test_a_format_of_another_package_is_found(another_package) -> None:
    another_package("theirs = elsewhere:Theirs")
    assert format_named("theirs").__name__ == "Theirs"
    assert "theirs" in names(FORMATS)


def test_two_packages_with_one_name_are_refused(another_package) -> None:
    another_package("cap = elsewhere:Theirs")
    with pytest.raises(BadInput, match="2 packages bring a format 'cap': citytwin, elsewhere"):
        format_named("cap")


def test_a_name_nobody_brings_is_told_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="there is no format 'datex9'") as told:
        format_named("datex9")
    assert "datex2" in str(told.value)


def test_a_plugin_that_cannot_be_loaded_names_its_package(another_package) -> None:
    another_package("broken = elsewhere_missing:Theirs")
    with pytest.raises(BadInput, match="'broken' of elsewhere cannot be loaded"):
        format_named("broken")


def test_transports_are_listed() -> None:
    assert {"mqtt", "http", "folder"} <= set(names(SOURCES))
