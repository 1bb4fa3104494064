"""The API's own description (OpenAPI): served at /api/openapi.json, kept in docs/openapi.json.

python -m twin.api.description > docs/openapi.json
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from twin.api.behind import Behind, StateFeed
from twin.api.describing import describe
from twin.api.server import application
from twin.desk import Desk


def kept() -> str:
    """The description as docs/openapi.json keeps it."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk.open(Path(folder) / "desk.sqlite")
        try:
            schema = describe(application(Behind(desk, StateFeed(dict))))
        finally:
            desk.close()
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    print(kept(), end="")
