"""The data catalogue: sources with terms, products with lineage and hash."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from networks import BadInput, City, NotThere, catalogue, demo_extract, describe_dataset


@pytest.fixture
def copied(helsinki: City, tmp_path: Path) -> City:
    shutil.copytree(helsinki.folder, tmp_path / "city")
    return City.open(tmp_path / "city")


def test_the_map_is_a_source_with_terms_owner_and_hash(helsinki: City) -> None:
    source = catalogue(helsinki.manifest)[0]
    assert (source.name, source.kind, source.licence) == ("map", "source", "ODbL 1.0")
    assert source.owner == "OpenStreetMap contributors" and source.address.startswith("https://")
    assert source.sha256 == hashlib.sha256(demo_extract().read_bytes()).hexdigest()


def test_every_file_of_the_city_is_listed_once_with_its_lineage_and_its_hash(helsinki: City) -> None:
    products = [one for one in catalogue(helsinki.manifest) if one.kind == "product"]
    files = sorted(str(f.relative_to(helsinki.folder)) for f in helsinki.folder.rglob("*") if f.is_file())
    assert [one.file for one in products] == [name for name in files if name != "city.json"]
    for one in products:
        assert one.made_from == ("map",), one.file
        assert one.sha256 == hashlib.sha256((helsinki.folder / one.file).read_bytes()).hexdigest()


def test_what_is_told_of_a_source_stays_and_moves_neither_digest_nor_runs(copied: City) -> None:
    before = copied.digest
    describe_dataset(copied, "map", {"note": "ordered by the city", "date": "2019-04-21"})
    again = City.open(copied.folder, verify=True)
    assert again.digest == before
    source = catalogue(again.manifest)[0]
    assert (source.note, source.date, source.licence) == ("ordered by the city", "2019-04-21", "ODbL 1.0")


def test_an_unknown_source_and_a_date_that_is_none_are_refused_and_nothing_is_written(copied: City) -> None:
    before = (copied.folder / "city.json").read_bytes()
    with pytest.raises(NotThere, match="no dataset 'mpa'") as told:
        describe_dataset(copied, "mpa", {"owner": "x"})
    assert told.value.expected is not None and "map" in told.value.expected
    with pytest.raises(BadInput, match="is no date"):
        describe_dataset(copied, "map", {"date": "last summer"})
    assert (copied.folder / "city.json").read_bytes() == before


def test_a_product_of_two_sources_carries_both_terms_and_the_older_date() -> None:
    manifest = {
        "datasets": [
            {"name": "map", "kind": "source", "file": "a.osm", "licence": "ODbL 1.0", "date": "2026-07-03"},
            {"name": "terrain", "kind": "source", "file": "b.tif", "licence": "Etalab 2.0", "date": "2021-01-01"},
        ],
        "files": {"terrain.tif": {"sha256": "0" * 64, "bytes": 5}},
    }
    terrain = catalogue(manifest)[-1]
    assert terrain.made_from == ("terrain", "map")
    assert terrain.licence == "Etalab 2.0, ODbL 1.0" and terrain.date == "2021-01-01"
    assert json.loads(json.dumps(terrain.as_json()))["made_from"] == ["terrain", "map"]
