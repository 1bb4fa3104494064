"""The API's own description (OpenAPI): served at /api/openapi.json, kept in docs/openapi.json.

python -m twin.api.description > docs/openapi.json
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
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


def kept() -> str:
    """The description as docs/openapi.json keeps it."""
    from twin.api.behind import Behind, StateFeed
    from twin.api.server import application
    from twin.desk import Desk

    with tempfile.TemporaryDirectory() as folder:
        desk = Desk.open(Path(folder) / "desk.sqlite")
        try:
            schema = describe(application(Behind(desk, StateFeed(dict))))
        finally:
            desk.close()
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    print(kept(), end="")
