"""How an application describes itself (OpenAPI)."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from twin.api.doorkeeper import COOKIE, OPEN

SCHEMES: dict[str, dict[str, Any]] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of one of the desk's people (twin desk people), or an access token of the identity "
        "provider (--oidc). A server on loopback whose desk knows nobody asks for none.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "The same token, in the cookie that POST /sign-in sets.",
    },
}
EITHER: list[dict[str, list[str]]] = [{name: []} for name in SCHEMES]


def describe(app: FastAPI) -> dict[str, Any]:
    """The description of an application, with what lets one in, without the answer 422 that it never gives."""
    if app.openapi_schema is None:
        schema = FastAPI.openapi(app)
        for address, path in schema["paths"].items():
            for operation in path.values():
                operation["security"] = [] if address in OPEN else EITHER
                operation["responses"].pop("422", None)
                for code, told in operation["responses"].items():
                    if code >= "400":  # errors are JSON, whatever else the address answers
                        told["content"] = {"application/json": next(iter(told["content"].values()))}
        for name in ("HTTPValidationError", "ValidationError"):
            schema["components"]["schemas"].pop(name, None)
        schema["components"]["securitySchemes"] = SCHEMES
        app.openapi_schema = schema
    return app.openapi_schema
