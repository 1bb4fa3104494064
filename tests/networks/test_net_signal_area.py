"""Signals by a circle on the map, or by their ids."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from networks.errors import BadInput
from networks.signals.layouts.area import read_area
from networks.signals.layouts.links import read_signal_links

LOCATION = (
    '<location netOffset="{}" convBoundary="0.00,0.00,1000.00,1000.00" origBoundary="0,0,0,0" projParameter="{}"/>'
)
UTM = "+proj=utm +zone=35 +ellps=WGS84 +datum=WGS84 +units=m +no_defs"


def net(folder: Path, location: str) -> Path:
    """Signals 1, 2 and 3 at x = 100, 200 and 800 m, y = 0."""
    parts = []
    for tls, x in (("1", 100), ("2", 200), ("3", 800)):
        for name, begin, end in (("a", x - 60, x), ("b", x, x + 40)):
            lane = f'<lane id="{name}{tls}_0" index="0" speed="13.9" length="50" shape="{begin},0.00 {end},0.00"/>'
            parts.append(f'<edge id="{name}{tls}" from="{name}{tls}n" to="j{tls}">{lane}</edge>')
        parts.append(f'<tlLogic id="{tls}" type="static" programID="0"><phase duration="9" state="G"/></tlLogic>')
        parts.append(f'<junction id="j{tls}" type="traffic_light" x="{x}" y="0" incLanes="a{tls}_0" shape=""/>')
        link = f'from="a{tls}" to="b{tls}" fromLane="0" toLane="0" tl="{tls}" linkIndex="0" dir="s" state="O"'
        parts.append(f"<connection {link}/>")
    (folder / "n.net.xml").write_text(f'<net version="1.20">{location}{"".join(parts)}</net>')
    return folder / "n.net.xml"


def test_three_numbers_are_a_circle_unless_all_are_signals(tmp_path: Path) -> None:
    plain = net(tmp_path, LOCATION.format("0.00,0.00", "!"))
    assert read_area("150,0,60", plain) == ("1", "2") and read_area("120,0,60", plain) == ("1",)
    assert read_area("150, 0, 700", plain) == ("1", "2", "3")
    assert read_area("3,1,2", plain) == ("1", "2", "3") and read_area("2,1", plain) == ("1", "2")
    assert read_area("2,x", plain) == ("2", "x")  # whether there is an x, the search says


def test_degrees_are_degrees_where_the_network_knows_where_it_lies(tmp_path: Path) -> None:
    from pyproj import Transformer

    placed = net(tmp_path, LOCATION.format("-385000.00,-6671000.00", UTM))
    lon, lat = Transformer.from_crs("EPSG:32635", "EPSG:4326", always_xy=True).transform(385_200.0, 6_671_000.0)
    assert read_area(f"{lon:.7f},{lat:.7f},5", placed) == ("2",)
    assert read_area("790,0,20", placed) == ("3",)


@pytest.mark.parametrize(("words", "said"), [("500,0,10", "nearest, 2, is 300 m"), ("1,1,0", "above 0")])
def test_an_empty_circle_is_refused(tmp_path: Path, words: str, said: str) -> None:
    with pytest.raises(BadInput) as told:
        read_area(words, net(tmp_path, LOCATION.format("0.00,0.00", "!")))
    assert said in str(told.value)


def test_the_links_of_a_packed_network_are_those_of_the_plain_one(tmp_path: Path) -> None:
    plain = net(tmp_path, LOCATION.format("0.00,0.00", "!"))
    packed = tmp_path / "p.net.xml.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    links = read_signal_links(packed)
    assert links == read_signal_links(plain) and list(links) == ["1", "2", "3"]
