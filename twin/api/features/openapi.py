"""The description of the OGC addresses in OpenAPI 3.0, which clients of the trade read (ours is 3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MEDIA_TYPE = "application/vnd.oai.openapi+json;version=3.0"


def in_openapi_30(schema: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """The part of a description (OpenAPI 3.1) under a prefix of paths, in the words of 3.0."""
    paths = {path: _older(one) for path, one in schema["paths"].items() if path.startswith(prefix)}
    named = {name: _older(one) for name, one in schema["components"]["schemas"].items() if name == "Problem"}
    components = {"schemas": named, "securitySchemes": schema["components"].get("securitySchemes", {})}
    return {"openapi": "3.0.3", "info": schema["info"], "paths": paths, "components": components}


def _older(node: Any) -> Any:
    """JSON Schema of 2020 in the words of OpenAPI 3.0: null is `nullable`."""
    if isinstance(node, list):
        return [_older(one) for one in node]
    if not isinstance(node, dict):
        return node
    said = {name: _older(value) for name, value in node.items()}
    options = said.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        rest = [one for one in options if one != {"type": "null"}]
        del said["anyOf"]
        said |= rest[0] if len(rest) == 1 else {"anyOf": rest}
        said["nullable"] = True
    return said
