"""How an application describes itself (OpenAPI)."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI


def describe(app: FastAPI) -> dict[str, Any]:
    """The description of an application, without the answer 422 that it never gives (it says 400)."""
    if app.openapi_schema is None:
        schema = FastAPI.openapi(app)
        for path in schema["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
                for code, told in operation["responses"].items():
                    if code >= "400":  # errors are JSON, whatever else the address answers
                        told["content"] = {"application/json": next(iter(told["content"].values()))}
        for name in ("HTTPValidationError", "ValidationError"):
            schema["components"]["schemas"].pop(name, None)
        app.openapi_schema = schema
    return app.openapi_schema
