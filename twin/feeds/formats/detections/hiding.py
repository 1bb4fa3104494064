"""Lines of detections as they are written down: the fields of the schema, tracks by pseudonyms, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from networks.errors import BadInput
from twin.feeds.formats.detections.telling import KINDS, field_names, line_in
from twin.feeds.formats.json_in import json_in
from twin.feeds.pseudonyms import Pseudonyms

LONGEST_LINE = 20_000
_NAMED = (
    "age attributes crop descriptor embedding face face_id features frame gender id_number image license_plate name "
    "person_id phone photo picture plate plate_color snapshot thumbnail video 人脸 图片 姓名 车牌"
)
PERSONAL = frozenset(_NAMED.split())
"""Fields that are told by name when they are refused; the names of other unknown ones may themselves name somebody."""


def hidden_line(line: bytes, names: Pseudonyms) -> bytes:
    """The line with what may be kept. What does not fit the schema becomes length, salted hash, and what is wrong.

    Fields that the schema does not have are taken out, and named (or counted, as "?") under `refused`.
    """
    try:
        told = json_in(line, longest_bytes=LONGEST_LINE)
    except BadInput:
        return _sealed(line, names, "line", "it is no JSON in UTF-8, or too long")
    kind = KINDS.get(str(told.get("kind"))) if isinstance(told, dict) else None
    if kind is None:
        return _sealed(line, names, "kind", f"it is none of {', '.join(KINDS)}")
    kept = {name: value for name, value in told.items() if name in field_names(kind)}
    try:
        line_in(kept)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"][1:] if str(part) in field_names(kind))
        return _sealed(line, names, place or "line", first["msg"])
    if "track" in kept:
        kept["track"] = "v" + names.of(f"{kept['camera']} {kept['track']}")
    refused = sorted(name if name.lower() in PERSONAL else "?" for name in told if name not in kept)
    return _written(kept | ({"refused": refused} if refused else {}))


def _sealed(line: bytes, names: Pseudonyms, place: str, what: str) -> bytes:
    return _written({"unreadable": names.sealed(line).decode(), "place": place, "what": what})


def _written(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
