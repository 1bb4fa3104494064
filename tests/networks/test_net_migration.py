"""Cities of older formats: what a migration adds, keeps, and refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import geopandas as gpd
import pytest

from networks import LAYERS, BadCity, City, migrate_city, read_sentence
from networks.layers import write_layer
from networks.manifest import write_manifest
from networks.migration import ADDED, ADDED_LAYERS, FORMAT_2, MANIFEST_ADDED, lacks_rule


@pytest.fixture
def older(town: City) -> Path:
    """A town's folder with nothing that came after format 2."""
    city = town
    about = json.loads((city.folder / "city.json").read_text(encoding="utf-8"))
    for layer in LAYERS:
        file = city.folder / "layers" / f"{layer}.parquet"
        if layer in ADDED_LAYERS:
            file.unlink()
            continue
        write_layer(gpd.read_parquet(file)[[*FORMAT_2[layer].split(), "geometry"]], file)
    kept = {key: value for key, value in about.items() if key not in MANIFEST_ADDED} | {"format": 2}
    write_manifest(city.folder, kept)
    return city.folder


def test_every_column_has_a_value_for_older_cities() -> None:
    without = [f"{layer}.{column}" for layer in LAYERS for column in LAYERS[layer] if lacks_rule(layer, column)]
    assert without == [], "say in networks/migration.py what an older city gets there"


def test_the_rules_name_what_there_is_and_fit_its_type() -> None:
    assert set(LAYERS) >= ADDED_LAYERS and set(ADDED_LAYERS).isdisjoint(FORMAT_2)
    kinds = {"str": str, "int64": int, "float64": float, "bool": bool}
    for name, value in ADDED.items():
        layer, column = name.split(".")
        assert type(value) is kinds[LAYERS[layer][column].dtype], name
        assert column not in FORMAT_2[layer].split()


def test_a_rule_that_is_missing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not lacks_rule("edges", "lanes") and not lacks_rule("doubts", "kind")
    assert lacks_rule("edges", "colour")
    monkeypatch.setitem(ADDED, "edges.colour", "unknown")  # type: ignore[arg-type]
    assert not lacks_rule("edges", "colour")


def test_an_older_city_says_how_to_bring_it_up_to_date(older: Path) -> None:
    with pytest.raises(BadCity, match="older format 2") as caught:
        City.open(older)
    assert caught.value.remedy == f"bring it up to date with: twin migrate {older}"


def test_a_migrated_city_is_whole_and_keeps_its_ids(older: Path) -> None:
    net = (older / "roads.net.xml").read_bytes()
    ids = gpd.read_parquet(older / "layers" / "edges.parquet").edge_id.tolist()
    done = migrate_city(older)
    city = City.open(older, verify=True)
    assert (done.was, city.manifest["format"], done.city.digest) == (2, 3, city.digest)
    for name, columns in LAYERS.items():
        assert list(city.layer(name).columns) == [*columns, "geometry"]
        assert set(city.manifest["provenance"][name]) == {*columns, "geometry"}
        assert city.manifest["counts"][name] == len(city.layer(name))
    assert city.layer("edges").edge_id.tolist() == ids == list(city.road_graph().edge_ids)
    assert city.net_file.read_bytes() == net
    added = {f"{layer}.{column}" for layer in FORMAT_2 for column in LAYERS[layer]} - {
        f"{layer}.{column}" for layer, columns in FORMAT_2.items() for column in columns.split()
    }
    assert {f"{one.layer}.{one.column}" for one in done.changes if one.column} == added
    assert {one.layer for one in done.changes if not one.column} == set(ADDED_LAYERS)
    assert all(read_sentence(one.done) for one in done.changes)
    assert [one["file"] for one in city.manifest["datasets"]] == ["town.osm"]
    assert "migrated from format 2" in city.guesses[-1]["en"] and "由格式2迁移" in city.guesses[-1]["zh"]


def test_the_city_as_it_was_is_kept_beside_it_unless_unwanted(older: Path) -> None:
    before = {f.relative_to(older): f.read_bytes() for f in sorted(older.rglob("*")) if f.is_file()}
    taken = older.with_name("town.format2")
    taken.mkdir()
    unwanted = older.with_name("second")
    shutil.copytree(older, unwanted)
    kept = migrate_city(older).backup
    assert kept == older.with_name("town.format2-2")
    assert {f.relative_to(kept): f.read_bytes() for f in sorted(kept.rglob("*")) if f.is_file()} == before
    assert migrate_city(unwanted, backup=False).backup is None
    assert {p.name for p in older.parent.iterdir() if p.is_dir()} == {
        "town",
        "town.format2",
        "town.format2-2",
        "second",
    }


def test_what_is_up_to_date_is_left_alone(older: Path) -> None:
    migrate_city(older, backup=False)
    before = (older / "city.json").read_bytes()
    again = migrate_city(older)
    assert again.changes == () and again.backup is None
    assert (older / "city.json").read_bytes() == before


def test_a_city_of_today_that_lacks_a_column_or_layer_is_migrated_too(older: Path) -> None:
    migrate_city(older, backup=False)
    about = json.loads((older / "city.json").read_text(encoding="utf-8"))
    (older / "layers" / "doubts.parquet").unlink()
    write_manifest(older, about)
    with pytest.raises(BadCity, match="layers doubts") as caught:
        City.open(older)
    assert "twin migrate" in str(caught.value.remedy)
    assert [one.layer for one in migrate_city(older, backup=False).changes] == ["doubts"]


def test_a_column_that_is_no_more_goes(older: Path) -> None:
    file = older / "layers" / "zones.parquet"
    write_layer(gpd.read_parquet(file).assign(colour="red"), file)
    write_manifest(older, json.loads((older / "city.json").read_text(encoding="utf-8")))
    gone = [one for one in migrate_city(older, backup=False).changes if one.column == "colour"]
    assert len(gone) == 1 and "left out" in gone[0].done["en"]
    assert "colour" not in City.open(older).layer("zones")


@pytest.mark.parametrize(
    "manifest", ["{}", "[]", "not json", '{"format": 1, "files": {}, "digest": "", "guesses": []}']
)
def test_what_is_no_city_or_too_old_is_refused(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "city.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(BadCity):
        migrate_city(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["city.json"]


def test_a_changed_city_is_not_made_good_by_a_migration(older: Path) -> None:
    net = older / "roads.net.xml"
    net.write_bytes(net.read_bytes().replace(b'speed="11.11"', b'speed="22.22"', 1))
    with pytest.raises(BadCity, match="changed since"):
        migrate_city(older)
    assert not older.with_name("town.format2").exists()
