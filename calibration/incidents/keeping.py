"""A watch under way on the disk: whoever follows a town anew goes on with what was found."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from calibration.incidents.verdict import Verdict
from calibration.incidents.watch import Watch
from calibration.incidents.watching import Watching
from networks.errors import BadInput
from networks.landing import landing_file


def keep(watching: Watching, file: Path) -> None:
    """Write what it knows by now, whole or not at all."""
    told = {
        "liars": sorted(watching.liars),
        "standing": [[asdict(one), sorted(rows)] for one, rows in watching.standing],
        "asked": sorted(watching.asked), "wait": watching.wait, "heard": watching.heard,
        "anew": sorted(watching.anew.items()),
    }  # fmt: skip
    with landing_file(file) as beside:
        beside.write_text(json.dumps(told, ensure_ascii=False) + "\n", encoding="utf-8")


def found_again(watch: Watch, file: Path) -> Watching:
    """The watch as it was kept; one that begins where nothing was.

    Raises:
        BadInput: The file is damaged.
    """
    if not file.is_file():
        return Watching(watch)
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        standing = [(_verdict(one), set(map(int, rows))) for one, rows in told["standing"]]
        liars, asked = (set(map(int, told[name])) for name in ("liars", "asked"))
        anew = {int(row): int(begin) for row, begin in told.get("anew", ())}
        return Watching(watch, liars, standing, asked, int(told["wait"]), float(told["heard"]), anew)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            f"what was found before cannot be read: {error}", file=file, expected="what `twin now --usual` kept",
            remedy="move it away: incidents are then sought anew",
        ) from error  # fmt: skip


def _verdict(told: dict[str, Any]) -> Verdict:
    return Verdict(**{name: _tuple(value) for name, value in told.items()})


def _tuple(value: Any) -> Any:
    """Lists within lists are tuples within tuples again."""
    return tuple(map(_tuple, value)) if isinstance(value, list) else value
