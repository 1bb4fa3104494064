"""GA/T 1049.2 as a file: one message with an operation for each crossing, as a system would answer to Get."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from networks.errors import BadInput, why_unread
from networks.landing import landing_file
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.gat1049.message import (
    PLATFORM,
    RESPONSE,
    SIGNALS,
    VERSIONS,
    Message,
    Operation,
    read_message,
    sequence,
    write_message,
)
from networks.protocols.gat1049.reading import crossing_in
from networks.protocols.gat1049.writing import crossing_elements
from networks.protocols.staged.plan import StagedPlan

_WHEN = datetime(2000, 1, 1, tzinfo=UTC)
"""A file is the same whenever it is written."""


def write_gat1049(records: Mapping[str, CrossingRecord], path: Path, edition: int) -> None:
    """Write crossings in the order of their ids.

    Raises:
        BadInput: One cannot be told (see `crossing_elements`).
        StorageFailed: The disk is full or may not be written.
    """
    operations = tuple(Operation("Get", tuple(crossing_elements(one, edition))) for _, one in sorted(records.items()))
    message = Message(RESPONSE, sequence(_WHEN, 1), operations, "", SIGNALS, PLATFORM, VERSIONS[edition])
    with landing_file(path) as beside:
        beside.write_bytes(write_message(message) + b"\n")


def read_gat1049(path: Path, now: Mapping[str, StagedPlan] | None = None) -> tuple[int, dict[str, CrossingRecord]]:
    """The edition and the crossings of a file.

    Args:
        path: A message whose operations hold objects of crossings; those of one crossing may stand in several.
        now: The plans of the network's signals, by id; None: the file alone (see `crossing_in`).

    Raises:
        BadInput: It is no such message, a crossing is not of the network, or its objects do not agree.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"it cannot be read: {why_unread(error)}", file=path) from error
    message = read_message(data, name=str(path))
    own: dict[str, list] = {}  # type: ignore[type-arg]
    for operation in message.operations:
        for one in operation.objects:
            own.setdefault((one.findtext("CrossID") or "").strip(), []).append(one)
    own = {name: objects for name, objects in own.items() if any(one.tag == "PlanParam" for one in objects)}
    if not own:
        raise BadInput("it holds no PlanParam", file=path, expected="objects of GA/T 1049.2, 2013 or 2024")
    found = {}
    for name, objects in own.items():
        if now is not None and name not in now:
            raise BadInput(
                "the network has no such signal",
                file=path,
                place=f"crossing {name}",
                expected=f"CrossID of its signals, e.g. {', '.join(sorted(now)[:3])}",
            )
        try:
            found[name] = crossing_in(objects, now[name] if now is not None else None)
        except BadInput as error:
            raise BadInput(error.what, file=path, place=error.place, expected=error.expected) from error
    older = any(one.tag == "PhaseParam" for objects in own.values() for one in objects)
    return (2013 if older else 2024), found
