"""What a person may give us by mistake, and a disk without room."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from small_towns import ROAD, block, town_xml

from networks import BadMap, build_city, demo_extract

Write = Callable[..., Path]


def refused(source: Path, tmp_path: Path, **more: Path) -> BadMap:
    """Build, expect a refusal, and check that nothing is left behind."""
    out = tmp_path / "cities" / "city"
    with pytest.raises(BadMap) as caught:
        build_city(source, out, **more)
    assert caught.value.exit_status == 2
    assert caught.value.file
    assert caught.value.expected or caught.value.remedy
    assert not out.exists()
    assert not out.parent.exists() or list(out.parent.iterdir()) == []
    return caught.value


def test_a_missing_file(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "not-here.osm.pbf", tmp_path).what


def test_a_file_that_is_no_map_by_name(tmp_path: Path) -> None:
    picture = tmp_path / "map.png"
    picture.write_bytes(b"\x89PNG")
    assert ".osm.pbf" in str(refused(picture, tmp_path).expected)


@pytest.mark.parametrize("name", ["map.osm", "map.osm.gz", "map.osm.bz2", "map.osm.pbf"])
@pytest.mark.parametrize("content", [b"", b"hello, I am a letter\n" * 50, b"<html><body>502</body></html>"])
def test_a_file_that_is_no_map_inside(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    refused(file, tmp_path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_pbf(tmp_path: Path, share: float) -> None:
    whole = demo_extract().read_bytes()
    file = tmp_path / "cut.osm.pbf"
    file.write_bytes(whole[: int(len(whole) * share)])
    assert "truncated" in str(refused(file, tmp_path).remedy)


def test_a_truncated_xml(write: Write, tmp_path: Path) -> None:
    text = town_xml(*block())
    refused(write(text[: len(text) // 2]), tmp_path)


def test_a_map_without_roads(write: Write, tmp_path: Path) -> None:
    nodes, _ = block()
    paths = {1: ([1, 2, 3], {"highway": "footway"}), 2: ([101, 102], {"highway": "motorway", "access": "private"})}
    assert "no road for cars" in refused(write(town_xml(nodes, paths)), tmp_path).what


def test_a_single_one_way_street_is_no_network(write: Write, tmp_path: Path) -> None:
    nodes, _ = block()
    street = {1: ([1, 2, 3], {**ROAD, "oneway": "yes"})}
    town = write(town_xml(nodes, street, bounds=(-1, -1, 5, 5)))
    assert "connected" in refused(town, tmp_path).what


def test_a_terrain_that_is_none_or_elsewhere(write: Write, tmp_path: Path) -> None:
    import numpy as np
    import rasterio
    from rasterio.transform import from_origin

    town = write(town_xml(*block()))
    assert "no such terrain" in refused(town, tmp_path, dem=tmp_path / "no.tif").what
    text = tmp_path / "text.tif"
    text.write_text("no raster")
    assert "cannot be read" in refused(town, tmp_path, dem=text).what
    elsewhere = tmp_path / "elsewhere.tif"
    with rasterio.open(
        elsewhere, "w", driver="GTiff", height=9, width=9, count=1, dtype="float32", crs="EPSG:32635",
        transform=from_origin(500_000, 5_000_000, 10, 10),
    ) as raster:  # fmt: skip
        raster.write(np.ones((1, 9, 9), dtype="float32"))
    assert "covers only 0%" in refused(town, tmp_path, dem=elsewhere).what


def test_a_folder_with_something_else_is_not_replaced(write: Write, tmp_path: Path) -> None:
    out = tmp_path / "letters"
    out.mkdir()
    (out / "letter.txt").write_text("dear")
    with pytest.raises(BadMap, match="something else"):
        build_city(write(town_xml(*block())), out)
    assert (out / "letter.txt").read_text() == "dear"


def test_a_failed_build_leaves_the_older_city_alone(write: Write, tmp_path: Path) -> None:
    out = tmp_path / "city"
    older = build_city(write(town_xml(*block())), out)
    with pytest.raises(BadMap):
        build_city(write("<osm", "broken.osm"), out)
    assert type(older).open(out, verify=True).digest == older.digest


@pytest.mark.parametrize("room_kb", [100, 700, 2500])
def test_a_full_disk_is_named_and_nothing_is_left(tmp_path: Path, room_kb: int) -> None:
    """On a real small file system, in a mount namespace of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    script = (
        "from networks import *; from pathlib import Path; import sys, os\n"
        "try: build_city(demo_extract(), Path(sys.argv[1]) / 'city')\n"
        "except StorageFailed as e: print(e.what, os.listdir(sys.argv[1])); sys.exit(e.exit_status)"
    )
    if shutil.which("unshare") is None:
        pytest.skip("unshare (util-linux) is not here")
    mount = f'mount -t tmpfs -o size={room_kb}k none "$1" || exit 77; exec "$2" -c "$3" "$1"'
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", mount, "sh", str(disk), sys.executable, script], capture_output=True, text=True
    )
    if done.returncode in (1, 77) and "Traceback" not in done.stderr:
        pytest.skip(f"no private mounts here: {done.stderr.strip()}")
    assert done.returncode == 5, done.stderr
    assert "the disk is full" in done.stdout
    assert done.stdout.strip().endswith("[]")
