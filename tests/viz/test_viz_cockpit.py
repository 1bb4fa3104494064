"""The cockpit's page and files, without a browser."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from small_town import small_city

from networks.errors import NotThere
from viz import base_layers, cockpit_asset, cockpit_page
from viz.cockpit import ASSETS, FILM_SCRIPTS, SCRIPTS
from viz.head import LOOK, NAV
from viz.pack import unpack
from viz.report import PAGES


def test_the_page_needs_only_its_own_files() -> None:
    page = cockpit_page()
    assert sorted(re.findall(r'(?:src|href)="([^"]+)"', page)) == sorted(
        ["data:,", *NAV, *(f"/static/{name}" for name in (LOOK, *ASSETS))]
    )
    assert "style=" not in page and not re.search(r"<script>|\son\w+=", page), "a strict policy can be sent"
    assert "© OpenStreetMap contributors" in page


@pytest.mark.parametrize("name", [*ASSETS, LOOK])
def test_every_file_is_there_with_its_type(name: str) -> None:
    body, kind = cockpit_asset(name)
    assert len(body) > 300 and kind.startswith("text/css" if name.endswith("css") else "text/javascript")


def test_a_file_that_is_not_ours_is_not_served() -> None:
    with pytest.raises(NotThere, match="passwd"):
        cockpit_asset("../../etc/passwd")


def test_the_script_carries_both_languages() -> None:
    script = cockpit_asset("cockpit.js")[0].decode()
    words = json.loads(script.split("window.cockpitText=")[1].split(";\n")[0])
    assert words["cockpit.approve"] == ["Approve", "批准"]


def test_the_city_is_json_in_the_order_of_its_layers() -> None:
    city = small_city()
    told = json.loads(json.dumps(base_layers(city), allow_nan=False))
    assert told["edge_ids"] == list(city.layer("edges")["edge_id"])
    assert len(unpack(told["blocks"]["walk"]["starts"])) == len(city.layer("walk_links")) + 1
    assert {marker["kind"] for marker in told["blocks"]["markers"]} == {"hospital", "fire_station"}


def test_the_room_opens_lightly() -> None:
    heavy = (
        "import sys, viz; print(sorted({'matplotlib', 'pydeck', 'geopandas', 'pandas', 'jinja2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("scripts", [SCRIPTS, FILM_SCRIPTS])
def test_no_two_parts_of_the_script_give_one_name_to_two_things(scripts: tuple[str, ...]) -> None:
    given = re.compile(r"^(?:async )?(?:function|let|const) ([A-Za-z_]\w*)", re.MULTILINE)
    more = re.compile(r"^let (.+);$", re.MULTILINE)
    names: list[str] = []
    for part in ("words", *(f"cockpit/{part}" for part in scripts)):
        code = (PAGES / f"{part}.js").read_text(encoding="utf-8")
        names += given.findall(code)
        names += [name for line in more.findall(code) for name in re.findall(r", (\w+) =", line)]
    assert sorted(names) == sorted(set(names))
