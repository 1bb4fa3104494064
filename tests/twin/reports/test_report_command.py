"""`twin report`: the page, what it rests on, and files that other programs open."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest

from networks.errors import BadInput
from twin.cli import run
from twin.origin import origin_of
from viz.reports.basis import Basis, Datum, framed

if TYPE_CHECKING:
    from networks import City

RESOURCES = """\
stations:
  - {id: south, name: Erottaja, at: [24.9455, 60.1655], source: trial}
units:
  - {id: A1, station: south, class: ambulance, source: trial}
"""


@pytest.fixture(scope="module")
def covered(helsinki: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    (folder / "resources.yaml").write_text(RESOURCES, encoding="utf-8")
    asked = ["emergency", "coverage", str(helsinki.folder), "--resources", str(folder / "resources.yaml")]
    assert run([*asked, "--out", str(folder / "cov")]) == 0
    return folder / "cov"


@pytest.fixture(scope="module")
def reported(covered: Path) -> Path:
    out = covered.parent / "report"
    assert run(["report", "coverage", str(covered), "-o", str(out)]) == 0
    return out


def test_a_folder_knows_the_command_that_wrote_it(helsinki: City, covered: Path) -> None:
    origin = origin_of(covered)
    assert origin is not None and origin.city == helsinki.folder
    assert origin.command.startswith(f"twin emergency coverage {helsinki.folder} --resources ")
    told = {Path(one.path).name: one for one in origin.inputs}
    assert told["resources.yaml"].size_bytes == len(RESOURCES) and len(told["resources.yaml"].digest) == 64
    assert told[helsinki.folder.name].digest == helsinki.digest and "cov" not in told


def test_what_the_report_says_to_repeat_gives_the_same_bytes(covered: Path, reported: Path) -> None:
    page = (reported / "report.html").read_text(encoding="utf-8")
    again = covered.parent / "again"
    command = origin_of(covered).command  # type: ignore[union-attr]
    assert command in page
    words = command.replace(str(covered), str(again)).split()[1:]
    assert run(words) == 0
    for name in ("coverage.html", "coverage.csv"):
        assert (again / name).read_bytes() == (covered / name).read_bytes()


def test_the_page_is_whole_and_says_what_it_rests_on(helsinki: City, reported: Path) -> None:
    page = (reported / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") and page.count("</main>") == 1
    assert page.index('id="basis"') < page.index("</main>")
    for told in ("Method", "方法", "Assumptions", "假设", "How to repeat it", "如何重现", "resources.yaml"):
        assert told in page
    assert all(guess["zh"] in page for guess in helsinki.guesses)


def test_layers_open_where_the_project_says_they_are(helsinki: City, reported: Path) -> None:
    import pyogrio

    with zipfile.ZipFile(reported / "report.qgz") as packed:
        root = ElementTree.fromstring(packed.read("report.qgs"))
    layers = {one.findtext("layername"): one for one in root.iter("maplayer")}
    assert list(layers) == ["coverage", "roads", "water"]
    ids = {one.get("id") for one in root.iter("layer-tree-layer")}
    assert ids == {one.findtext("id") for one in layers.values()}
    for name, layer in layers.items():
        source = layer.findtext("datasource") or ""
        assert source.startswith("./")
        file, _, inner = source.partition("|layername=")
        about = pyogrio.read_info(reported / file, layer=inner)
        assert about["crs"] == helsinki.crs == layer.findtext("srs/spatialrefsys/authid")
        assert about["features"] > 0 and str(layer.get("geometry")) in about["geometry_type"], name
    table = pyogrio.read_dataframe(reported / "map.gpkg", layer="coverage")
    edges = helsinki.layer("edges").set_index("edge_id")
    assert len(table) == len(edges)
    assert table.geometry.length.to_numpy() == pytest.approx(edges.loc[table["edge_id"]].geometry.length.to_numpy())
    rows = csv.DictReader((reported / "coverage.csv").read_text(encoding="utf-8").splitlines())
    assert sorted(table["now_s"]) == pytest.approx(sorted(float(row["now_s"]) for row in rows))


def test_a_raster_lies_on_the_terrain(helsinki: City, tmp_path: Path) -> None:
    import rasterio

    from twin.reports.layers import write_rasters

    terrain = helsinki.terrain()
    depth = np.zeros(terrain.surface.shape)
    depth[5, 9] = 0.75
    np.savez(tmp_path / "maps.npz", deepest_m=depth, other=np.zeros((2, 2)))
    assert [one.file for one in write_rasters(tmp_path, helsinki, tmp_path)] == ["deepest_m.tif"]
    with rasterio.open(tmp_path / "deepest_m.tif") as raster:
        x, y = raster.xy(5, 9)
        assert (x, y) == pytest.approx(
            (terrain.transform[2] + 9.5 * terrain.transform[0], terrain.transform[5] + 5.5 * terrain.transform[4])
        )
        assert next(raster.sample([(x, y)]))[0] == 0.75 and raster.read(1).sum() == 0.75


def test_a_report_without_a_city_says_what_it_cannot_give(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "old"
    source.mkdir()
    (source / "report.html").write_text("<html><main><p>figures</p></main></html>", encoding="utf-8")
    assert run(["report", "calibration", str(source), "-o", str(tmp_path / "r"), "--lang", "zh"]) == 0
    assert "未指定城市数据文件夹" in capsys.readouterr().out
    page = (tmp_path / "r" / "report.html").read_text(encoding="utf-8")
    assert "Nobody kept the command" not in page and "twin report calibration" in page
    assert "nobody can say which lanes" in page and not (tmp_path / "r" / "report.qgz").exists()


def test_bad_input_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["report", "flood", str(tmp_path), "-o", str(tmp_path / "r")]) == 2
    assert "no page for a report of the kind flood" in capsys.readouterr().err
    assert run(["report", "flood", str(tmp_path), "-o", str(tmp_path)]) == 2
    assert "take the place" in capsys.readouterr().err
    (tmp_path / "flood.html").write_text("<main></main>", encoding="utf-8")
    (tmp_path / "origin.json").write_text(json.dumps({"format": "other"}), encoding="utf-8")
    assert run(["report", "flood", str(tmp_path), "-o", str(tmp_path / "r")]) == 2
    assert "origin.json" in capsys.readouterr().err
    (tmp_path / "origin.json").unlink()
    monkeypatch.setenv("PATH", "")
    assert run(["report", "flood", str(tmp_path), "-o", str(tmp_path / "r"), "--pdf"]) == 2
    assert "apt-get install chromium" in capsys.readouterr().err and not (tmp_path / "r").exists()


def test_names_from_outside_are_texts_in_the_frame() -> None:
    page = framed("<main></main>", Basis("flood", [Datum("<script>alert(1)</script>")], repeat=["twin <b>"]))
    assert "<script>" not in page and "&lt;script&gt;" in page and "twin &lt;b&gt;" in page
    with pytest.raises(BadInput, match="without an end"):
        framed("<p>", Basis("flood"))


def test_a_pdf_of_each_language_is_printed_on_a4(tmp_path: Path, chromium: Path) -> None:
    from viz.printing import print_pdf

    assert chromium.exists()
    page = tmp_path / "page.html"
    page.write_text("<style>@page{size:A4}</style><main>one page</main>", encoding="utf-8")
    print_pdf(page, tmp_path / "page.pdf", "zh")
    assert b"594.95" in (tmp_path / "page.pdf").read_bytes() or b"595" in (tmp_path / "page.pdf").read_bytes()
