"""The addresses of OGC API Features."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from networks.errors import NotThere
from twin.alarms import AlarmBook, Finding
from twin.api.behind import Behind
from twin.api.features import alarm_collection, documents
from twin.api.features.asking import LIMIT, Asked, read_asking
from twin.api.features.collection import Collection
from twin.api.features.openapi import MEDIA_TYPE, in_openapi_30
from twin.api.features.schemas import ADDRESSES, ONE_FEATURE, ONE_PAGE
from twin.api.routes.caller import needs
from twin.api.routes.said import NO_CONTROLS, READ, told

Name = Annotated[str, Path(min_length=1, max_length=100, pattern=NO_CONTROLS)]
FeatureId = Annotated[str, Path(min_length=1, max_length=300, pattern=NO_CONTROLS)]


class Plain(BaseModel):
    """What may be asked of every address; anything else is refused (/req/core/query-param-unknown)."""

    model_config = ConfigDict(extra="forbid")

    f: Literal["json", "geojson"] | None = None


class ItemsQuery(Plain):
    """What may be asked of a collection's features."""

    bbox: str | None = Field(None, description="west,south,east,north in degrees (CRS84); or six numbers with heights")
    datetime: str | None = Field(None, description="A time with a zone (RFC 3339), or begin/end; .. is open")
    limit: int = Field(LIMIT.usual, ge=1, description=f"Features at most; more than {LIMIT.most} is taken as that.")
    offset: int = Field(0, ge=0, le=10**9, description="Features to pass over.")


class GeoJson(Response):
    """GeoJSON (RFC 7946)."""

    media_type = documents.GEOJSON


class OpenApi30(Response):
    """OpenAPI 3.0."""

    media_type = MEDIA_TYPE


def plain(query: Annotated[Plain, Query()]) -> Plain:
    """A dependency: nothing but `f` may be asked."""
    return query


def router(behind: Behind) -> APIRouter:
    """/ogc."""
    routes = APIRouter(prefix="/ogc", tags=["features"], responses=told(*READ), dependencies=[needs("see")])
    known, no_more = {"alarms": _alarms(behind), **behind.collections}, [Depends(plain)]

    @routes.get("", dependencies=no_more)
    def landing(request: Request) -> dict[str, Any]:
        """Where everything is."""
        return documents.landing(_base(request))

    @routes.get("/api", response_class=OpenApi30, responses=ADDRESSES, dependencies=no_more)
    def api(request: Request) -> Response:
        """These addresses in OpenAPI 3.0."""
        schema = in_openapi_30(request.app.openapi(), "/ogc")
        return OpenApi30(json.dumps(schema, ensure_ascii=False))

    @routes.get("/conformance", dependencies=no_more)
    def conformance() -> dict[str, Any]:
        """Which classes of the standard this server conforms to."""
        return documents.conformance()

    @routes.get("/collections", dependencies=no_more)
    def collections(request: Request) -> dict[str, Any]:
        """All collections, where they lie and when."""
        return documents.collections(_base(request), known)

    @routes.get("/collections/{name}", dependencies=no_more)
    def collection(name: Name, request: Request) -> dict[str, Any]:
        """One collection."""
        one = _one(known, name)
        return documents.described(_base(request), name, one, one.table())

    @routes.get("/collections/{name}/items", response_class=GeoJson, responses=ONE_PAGE)
    def items(name: Name, request: Request, query: Annotated[ItemsQuery, Query()]) -> Response:
        """Features of a collection, a page at a time."""
        asked: Asked = read_asking(query.bbox, query.datetime, query.limit, query.offset)
        table = _one(known, name).table()
        return _geojson(documents.items(_base(request), name, table, asked, dict(request.query_params)))

    @routes.get(
        "/collections/{name}/items/{feature_id:path}",
        response_class=GeoJson,
        responses=ONE_FEATURE,
        dependencies=no_more,
    )
    def item(name: Name, feature_id: FeatureId, request: Request) -> Response:
        """One feature."""
        table = _one(known, name).table()
        found = next((one for one in table.features if one.feature_id == feature_id), None)
        if found is None:
            raise NotThere("no feature with this id", place=feature_id)
        return _geojson(documents.item(_base(request), name, found, quote(feature_id, safe="")))

    return routes


def _alarms(behind: Behind) -> Collection:
    book = AlarmBook(behind.book)

    def findings() -> list[tuple[str, Finding, dict[str, Any]]]:
        return [(one.alarm_id, one.head, {"state": one.state}) for one in book.alarms(standing=True)]

    return alarm_collection(findings)


def _one(known: Mapping[str, Collection], name: str) -> Collection:
    if name not in known:
        raise NotThere(f"no collection {name!r}", expected=", ".join(known) or "none: this twin has no map")
    return known[name]


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _geojson(document: dict[str, Any]) -> Response:
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    return GeoJson(text)
