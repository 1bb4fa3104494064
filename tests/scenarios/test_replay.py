"""Replay: the same digests from a manifest alone; elsewhere the measures decide, and what differs is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from networks.errors import BadInput, NotThere
from scenarios import Run, SerialExecutor, Store, parse_scenario, repeat, run_members
from scenarios.results.made_with import differences, made_with
from scenarios.results.replay import REPEATERS, Measured, words

if TYPE_CHECKING:
    from networks import City

TINY = """\
name: tiny
city: helsinki
period: {begin: 2026-07-17T17:00:00+03:00, end: 2026-07-17T17:02:00+03:00, warm_up_s: 60}
demand: {profile: weekday_evening, scale: 0.1}
"""


@pytest.fixture(scope="module")
def tiny(helsinki: City, tmp_path_factory: pytest.TempPathFactory) -> Run:
    store = Store(tmp_path_factory.mktemp("replay") / "runs")
    return run_members(helsinki, [(parse_scenario(TINY), 3)], store, SerialExecutor())[0]


@pytest.fixture
def store(tiny: Run, tmp_path: Path) -> Store:
    """A copy that a test may spoil."""
    shutil.copytree(tiny.folder.parent.parent, tmp_path / "runs")
    return Store(tmp_path / "runs")


def copied(folder: Path, _store: Store, scratch: Store, _city: Path | None) -> Path:
    """Repeats nothing: the result as it was made first, however its manifest was edited since."""
    place = scratch.place("run", folder.name)
    shutil.copytree(folder, place)
    (place / "manifest.json").write_text((folder.parent.parent / "first.json").read_text(), encoding="utf-8")
    return place


def edit(store: Store, run_id: str, **fields: object) -> None:
    place = store.place("run", run_id) / "manifest.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | fields), encoding="utf-8")


def test_a_run_is_repeated_from_its_manifest(tiny: Run, store: Store, helsinki: City, tmp_path: Path) -> None:
    found = repeat(tiny.run_id[:6], store, Store(tmp_path / "scratch"), city_folder=helsinki.folder)
    assert found.verdict == "same bytes"
    assert set(found.same) == set(tiny.digests) and found.different == () and found.makers == ()
    assert all(one.relative == 0 for one in found.measures)
    assert Store(tmp_path / "scratch").ids("run") == [tiny.run_id]


def test_elsewhere_the_measures_decide(
    tiny: Run, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(REPEATERS, "run", f"{__name__}:copied")
    shutil.copy(tiny.folder / "manifest.json", store.root / "first.json")
    tables = tiny.manifest["tables"]
    others = {name: entry | {"digest": "0" * 64} for name, entry in tables.items()}
    maker = made_with()
    older = maker | {"code": "older", "wheels": maker["wheels"] | {"numpy": "1.0 sha256:0"}}

    edit(store, tiny.run_id, tables=others)
    with pytest.raises(NotThere, match="changed"):  # a manifest that does not fit its tables
        repeat(tiny.run_id, store, Store(tmp_path / "s1"))
    edit(store, tiny.run_id, tables=tables, files={"extra.bin": "0"}, made_with=older)
    found = repeat(tiny.run_id, store, Store(tmp_path / "s2"))
    assert found.verdict == "within tolerance" and found.different == ("extra.bin",)
    assert [one["en"].split(":")[0] for one in found.makers] == ["the wheel of numpy", "the twin's code"]
    assert "within 0.05" in words(found)["en"]
    edit(store, tiny.run_id, measures=tiny.measures | {"mean_delay_s": tiny.measures["mean_delay_s"] * 1.2})
    found = repeat(tiny.run_id, store, Store(tmp_path / "s3"))
    assert found.verdict == "different" and [one.name for one in found.beyond] == ["mean_delay_s"]
    assert "mean_delay_s" in words(found)["zh"]
    edit(store, tiny.run_id, measures=tiny.measures, made_with=maker)
    found = repeat(tiny.run_id, store, Store(tmp_path / "s4"))
    assert found.verdict == "different" and "same wheels" in words(found)["en"]


def test_what_cannot_be_repeated_is_said(tiny: Run, store: Store, helsinki: City, tmp_path: Path) -> None:
    scratch = Store(tmp_path / "scratch")
    with pytest.raises(NotThere, match="no run 'zzz'"):
        repeat("zzz", store, scratch)
    assignment = store.ids("assignment")[0]
    with pytest.raises(BadInput, match="no run"):
        repeat(assignment, store, scratch)
    edit(store, tiny.run_id, inputs=tiny.manifest["inputs"] | {"city": "0" * 64})
    with pytest.raises(NotThere, match="neither in cities/"):
        repeat(tiny.run_id, store, scratch)
    with pytest.raises(BadInput, match="another digest"):
        repeat(tiny.run_id, store, scratch, city_folder=helsinki.folder)
    edit(store, tiny.run_id, inputs=tiny.manifest["inputs"] | {"forecast": "gone"})
    with pytest.raises(NotThere, match="forecast"):
        repeat(tiny.run_id, store, scratch, city_folder=helsinki.folder)


def test_makers_are_compared_by_what_changes_bytes() -> None:
    maker = made_with()
    assert differences(maker, maker) == ()
    newer = maker | {"processor": maker["processor"] | {"model": "other"}}
    assert "processor" in differences(maker, newer)[0]["en"]
    generic = {"numba_cpu": "generic"}
    assert differences(maker | generic, newer | generic) == ()
    arm = maker | generic | {"processor": {"machine": "aarch64"}}
    assert "aarch64" in differences(maker | generic, arm)[0]["zh"]
    assert len(differences({}, maker)) > len(maker["wheels"])
    assert all("sha256:" in told for name, told in maker["wheels"].items() if told != "absent")


def test_relative_differences() -> None:
    assert Measured("x", 0.0, 0.0).relative == 0.0
    assert Measured("x", 4.0, 5.0).relative == Measured("x", -5.0, -4.0).relative == pytest.approx(0.2)
    assert Measured("x", 0.0, 1.0).relative == 1.0
