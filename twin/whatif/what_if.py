"""`WhatIf`: one question, what became of it, and its folder, where all of it is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from networks.errors import StorageFailed
from networks.landing import landing_file
from networks.sentence import Sentence

State = Literal["waiting", "running", "done", "ended", "failed"]
STATES: tuple[str, ...] = get_args(State)
OVER = ("done", "ended", "failed")

ASKED, STANDING, PROGRESS, RESULT = "asked.json", "state.json", "progress.json", "result.json"
SCENARIO, STREETS, PROBLEM, LOG = "scenario.yaml", "streets.json", "problem.json", "log.txt"


@dataclass(frozen=True)
class WhatIf:
    """One question as it stands.

    Attributes:
        key: Its name for ever: when it was asked, and a digest.
        folder: Where everything of it is.
        name: Of the scenario.
        title: Of the scenario.
        who: Who asked.
        at: When; with a zone.
        responses: How drivers respond, side by side.
        members: Asked for.
        budget_s: Wall seconds.
        state: One of STATES.
        told: Why it is as it is, where there is something to say.
        progress: How far it is: `phase`, `member`, `done`, `of`, `spent_s`, ...; empty before it runs.
        has_result: At least one member is done on all sides.
    """

    key: str
    folder: Path
    name: str
    title: Sentence
    who: str
    at: datetime
    responses: str
    members: int
    budget_s: float
    state: str
    told: Sentence | None
    progress: dict[str, Any]
    has_result: bool

    @classmethod
    def read(cls, folder: Path) -> WhatIf:
        """As it stands now."""
        asked, standing = read_json(folder / ASKED), read_json(folder / STANDING)
        return cls(
            folder.name, folder, asked["name"], asked["title"], asked["who"], datetime.fromisoformat(asked["at"]),
            asked["responses"], asked["members"], asked["budget_s"], standing["state"], standing.get("told"),
            read_json(folder / PROGRESS, {}), (folder / RESULT).is_file(),
        )  # fmt: skip


def read_json(place: Path, default: Any = None) -> Any:
    """What a file says; `default`, where one is given and there is no file.

    Raises:
        StorageFailed: It cannot be read, or is no JSON.
    """
    try:
        return json.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if default is not None:
            return default
        raise StorageFailed("a file of a what-if is gone", file=place) from error
    except (OSError, ValueError) as error:
        raise StorageFailed(f"a file of a what-if cannot be read: {error}", file=place) from error


def write_json(place: Path, content: Any) -> None:
    """Write beside, then rename."""
    with landing_file(place) as beside:
        beside.write_text(json.dumps(content, ensure_ascii=False, allow_nan=False), encoding="utf-8")
