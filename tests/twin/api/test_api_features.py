"""OGC API Features: a client of the trade, the standard's requirements one by one, and places at the edge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from owslib.ogcapi.features import Features
from served import filled_desk, serving
from starlette.testclient import TestClient

from networks.errors import BadInput
from twin.api.behind import Behind, StateFeed
from twin.api.features import Collection, Feature, Table
from twin.api.features.asking import read_bounds, read_interval
from twin.api.features.city import ponding
from twin.api.server import application

T0 = datetime(2026, 7, 17, 12, tzinfo=UTC)


def street(number: int) -> Feature:
    line = shapely.LineString([(11.0 + number / 100, 44.0), (11.0 + number / 100, 44.005)])
    return Feature(f"edge/{number} #1", line, {"edge_id": f"edge/{number} #1", "lanes": 2})


def alarm(number: int, hours: float | None) -> Feature:
    ends = None if hours is None else T0 + timedelta(hours=hours)
    place = shapely.Point(11.0, 44.0) if number else None
    return Feature(f"a{number}", place, {"kind": "incident"}, T0 + timedelta(hours=number), ends)


COLLECTIONS = {
    "edges": Collection("Streets", "One direction of a street.", lambda: [street(n) for n in range(25)], still=True),
    "alarms": Collection("Alarms", "Trouble.", lambda: [alarm(0, 1), alarm(1, None), alarm(2, 5)]),
    "sensors": Collection("Sensors", "None here.", list),
}


@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    desk = filled_desk(tmp_path_factory.mktemp("desk"))
    yield TestClient(application(Behind(desk, StateFeed(dict), collections=COLLECTIONS)))
    desk.close()


def test_a_client_of_the_trade_reads_everything(behind: Behind) -> None:
    with serving(application(replace(behind, collections=COLLECTIONS))) as address:
        client = Features(f"{address}/ogc")
        assert client.feature_collections() == ["alarms", "edges", "sensors"]
        assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in client.conformance()["conformsTo"]
        assert client.api()["info"]["title"] == "citytwin"
        found = client.collection_items("edges", bbox=[11.005, 43.9, 11.025, 44.1], limit=1)
        assert found["numberMatched"] == 2 and found["numberReturned"] == 1
        one = client.collection_item("edges", "edge%2F7%20%231")
        assert one["properties"]["edge_id"] == "edge/7 #1" and one["geometry"]["type"] == "LineString"


def test_the_description_for_clients_is_openapi_3_0(features: TestClient) -> None:
    answer = features.get("/ogc/api")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    told = answer.json()
    assert told["openapi"] == "3.0.3" and '"null"' not in answer.text and '"const"' not in answer.text
    items = told["paths"]["/ogc/collections/{name}/items"]["get"]
    assert {"bbox", "datetime", "limit", "offset", "f", "name"} == {one["name"] for one in items["parameters"]}
    assert set(re.findall(r'"\$ref": "([^"]*)"', answer.text)) == {"#/components/schemas/Problem"}


def follow(features: TestClient, address: str) -> list[dict[str, Any]]:
    pages = []
    while address:
        page = features.get(address).json()
        pages.append(page)
        address = next((one["href"] for one in page["links"] if one["rel"] == "next"), "")
    return pages


def test_pages_follow_each_other_and_hold_each_feature_once(features: TestClient) -> None:
    pages = follow(features, "/ogc/collections/edges/items?limit=10&bbox=11.0,43,12,45")
    assert [page["numberReturned"] for page in pages] == [10, 10, 5]
    assert [page["numberMatched"] for page in pages] == [25, 25, 25]
    ids = [one["id"] for page in pages for one in page["features"]]
    assert ids == [f"edge/{n} #1" for n in range(25)]


def test_the_requirements_of_part_1_core(features: TestClient) -> None:
    landing = features.get("/ogc").json()
    assert {"service-desc", "conformance", "data"} <= {one["rel"] for one in landing["links"]}
    for one in landing["links"]:
        assert features.get(one["href"]).status_code == 200, one
    told = features.get("/ogc/collections").json()
    assert [one["rel"] for one in told["links"]] == ["self"]
    for one in told["collections"]:
        assert features.get(f"/ogc/collections/{one['id']}").json() == one
        rels = {link["rel"]: link for link in one["links"]}
        assert rels["items"]["type"] == "application/geo+json" and rels["items"]["title"]
        assert one["crs"] == ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]
    alarms, edges, sensors = told["collections"]
    assert edges["extent"]["spatial"]["bbox"] == [[11.0, 44.0, 11.24, 44.005]] and "extent" not in sensors
    assert alarms["extent"]["temporal"]["interval"] == [["2026-07-17T12:00:00Z", None]]
    page = features.get("/ogc/collections/edges/items")
    assert page.headers["content-type"] == "application/geo+json" and page.json()["type"] == "FeatureCollection"
    assert page.json()["numberReturned"] == 10 and page.json()["timeStamp"].endswith("Z")
    assert {"self", "collection", "next"} == {one["rel"] for one in page.json()["links"]}
    feature = features.get("/ogc/collections/edges/items/edge%2F3%20%231").json()
    assert {"self", "collection"} == {one["rel"] for one in feature["links"]}
    assert features.get(feature["links"][0]["href"]).json() == feature
    assert features.get("/ogc/collections/edges/items?limit=20000").status_code == 200
    for nothing in ("/ogc/collections/nothing", "/ogc/collections/nothing/items", "/ogc/collections/edges/items/x"):
        assert features.get(nothing).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=x",
        "bbox=1,2,3",
        "bbox=1,2,x,4",
        "bbox=nan,2,3,4",
        "bbox=11,45,12,44",
        "bbox=0,0,0,91",
        "bbox=",
        "datetime=yesterday",
        "datetime=2026-07-17",
        "datetime=2026-07-17T15:00:00",
        "datetime=2026-07-17T15:00:00Z/2026-07-17T14:00:00Z",
        "datetime=..",
        "datetime=a/b/c",
        "datetime=0001-01-01T00:00:00%2B14:00",
        "unknown=1",
        "f=xml",
        "offset=-1",
    ],
)
def test_a_parameter_that_is_unknown_or_invalid_is_400(features: TestClient, query: str) -> None:
    answer = features.get(f"/ogc/collections/edges/items?{query}")
    assert answer.status_code == 400 and answer.json()["error"], answer.text


def test_what_is_unknown_is_refused_at_every_address(features: TestClient) -> None:
    for path in ("", "/conformance", "/collections", "/collections/edges", "/collections/alarms/items/a1"):
        assert features.get(f"/ogc{path}?f=json").status_code == 200
        assert features.get(f"/ogc{path}?x=1").status_code == 400


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("2026-07-17T12:30:00Z", ["a0"]),
        ("2026-07-17T13:00:00Z", ["a0", "a1"]),
        ("2026-07-17T14:00:00%2B02:00", ["a0"]),
        ("2026-07-18T12:00:00Z", ["a1"]),
        ("../2026-07-17T11:00:00Z", []),
        ("2026-07-17T15:00:00Z/..", ["a1", "a2"]),
        ("/2026-07-17T13:30:00Z", ["a0", "a1"]),
        ("../..", ["a0", "a1", "a2"]),
    ],
)
def test_times_choose_what_was_there_then(features: TestClient, asked: str, ids: list[str]) -> None:
    found = features.get(f"/ogc/collections/alarms/items?datetime={asked}").json()
    assert [one["id"] for one in found["features"]] == ids


def test_what_has_no_place_is_told_without_one_and_lies_in_no_box(features: TestClient) -> None:
    everything = features.get("/ogc/collections/alarms/items").json()["features"]
    assert everything[0]["geometry"] is None
    boxed = features.get("/ogc/collections/alarms/items?bbox=-180,-90,180,90").json()["features"]
    assert [one["id"] for one in boxed] == ["a1", "a2"]


def test_a_box_over_the_antimeridian() -> None:
    fiji = Feature("fiji", shapely.Point(179.5, -17), {})
    samoa = Feature("samoa", shapely.Point(-172, -13.8), {})
    table = Table([fiji, samoa, Feature("rome", shapely.Point(12.5, 41.9), {})])
    assert table.within(read_bounds("175,-30,-170,0")).tolist() == [True, True, False]


def test_streets_under_water_come_from_the_state_of_now() -> None:
    found = ponding([street(0), street(1), street(2)], {"depth_m": [0.01, 0.3, None]})
    assert [(one.feature_id, one.properties["depth_m"]) for one in found] == [("edge/1 #1", 0.3)]


@given(st.text(max_size=60))
def test_whatever_is_asked_is_a_box_and_a_time_or_refused(text: str) -> None:
    for read in (read_bounds, read_interval):
        try:
            read(text)
        except BadInput as error:
            assert error.place and error.expected


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90))
def test_a_point_is_in_a_box_when_its_numbers_are(west: float, south: float, x: float, y: float) -> None:
    east, north = min(180.0, west + 10), min(90.0, south + 10)
    inside = bool(Table([Feature("p", shapely.Point(x, y), {})]).within((west, south, east, north))[0])
    assert inside == (west <= x <= east and south <= y <= north)
