"""Maps that are broken, hostile or odd, as a user meets them: through the command line, with a time limit."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest
from command_line import left_over, refused, twin

from networks import City

pytestmark = pytest.mark.beside

STEPS = range(4)


def town(more: str = "", head: str = "") -> str:
    """A grid of 4 x 4 junctions as OSM XML."""
    nodes = [
        f'<node id="{row * 100 + column + 1}" version="1" lat="{60.17 + row * 0.0009:.7f}"'
        f' lon="{24.94 + column * 0.0018:.7f}"/>'
        for row in STEPS
        for column in STEPS
    ]
    lines = [[i * 100 + column + 1 for column in STEPS] for i in STEPS]
    lines += [[row * 100 + i + 1 for row in STEPS] for i in STEPS]
    ways = [
        f'<way id="{way}" version="1">' + "".join(f'<nd ref="{ref}"/>' for ref in refs)
        + '<tag k="highway" v="residential"/></way>'
        for way, refs in enumerate(lines, start=1000)
    ]  # fmt: skip
    return "\n".join(['<?xml version="1.0"?>', head, '<osm version="0.6">', *nodes, *ways, more, "</osm>"])


BOMB = (
    '<!DOCTYPE osm [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)
LONG = '<node id="9" version="1" lat="60.17" lon="24.94"><tag k="name" v="' + "x" * 70_000 + '"/></node>'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (town('<node id="8" lat="1" lon="&d;"/>', BOMB), ["line 2", "XML entities", "to do: export"]),
        (town("<way></relation>"), ["line 28, column", "mismatched tag", "to do: "]),
        (town(LONG), ["line 28", "tag value is too long", "expected: tags of at most 255", "to do: shorten"]),
        (town().replace('lat="60', 'lat="95'), ["node 1: lat 95.17", "a place on Earth", "to do: check"]),
        (
            town().replace('lat="60.1700000"', 'lat="-33.0"', 1),
            ["node 1 of way 1000 at 24.9400, -33.0000", "expected: one city", "to do: mend that object, or clip"],
        ),
        ('<osmChange version="0.6"/>', ["a file of changes", "to do: apply it first"]),
    ],
)
def test_a_broken_map_is_refused_in_words(tmp_path: Path, text: str, says: list[str]) -> None:
    (tmp_path / "bad.osm").write_text(text, encoding="utf-8")
    refused("build", "bad.osm", cwd=tmp_path, says=["bad.osm", *says])
    assert not (tmp_path / "cities").exists()


@pytest.mark.parametrize("name", ["half.osm.gz", "zip.osm.pbf"])
def test_a_packed_map_that_is_cut_or_no_map(tmp_path: Path, name: str) -> None:
    if name.startswith("zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("town.osm", town())
    else:
        whole = gzip.compress(town().encode())
        (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    refused("build", name, cwd=tmp_path, says=[name, "cannot be read", "expected: a complete", "to do: "])


def test_an_odd_map_is_mended_in_the_open(tmp_path: Path) -> None:
    odd = (
        '<node id="1" version="2" lat="60.17001" lon="24.94"/><node id="2" version="9" visible="false"/>'
        '<way id="5000" version="1"><nd ref="3"/><nd ref="3"/><tag k="highway" v="primary"/></way>'
        '<way id="5001" version="1"><tag k="highway" v="primary"/></way>'
        '<way id="5002" version="1"><nd ref="3"/><nd ref="4"/><tag k="highway" v="service"/>'
        '<tag k="name" v="\U0001f6a6 \u202eشارع &lt;b&gt;"/></way>'
    )
    (tmp_path / "odd.osm").write_text(town(odd), encoding="utf-8")
    done = twin("build", "odd.osm", "--out", "odd", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    repairs = City.open(tmp_path / "odd", verify=True).layer("repairs")
    told = set(zip(repairs.rule, repairs.osm, strict=True))
    assert {("object_twice", "n1"), ("object_deleted", "n2")} <= told
    assert left_over(tmp_path) == []
