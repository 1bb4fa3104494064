"""GB/T 20999-2017 as a file: the trees of controllers as JSON, with what their lamp groups drive."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from networks.errors import BadInput, why_unread
from networks.landing import landing_file
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.gbt20999.lifting import record_of
from networks.protocols.gbt20999.tree import DayRow, LampRow, PhaseRow, PlanRow, ScheduleRow, StageRow, Tree
from networks.protocols.staged.plan import StagedGroup, StagedPlan

STANDARD = "GB/T 20999-2017, after secondary sources"


@dataclass(frozen=True)
class ControllerFile:
    """One controller of a file.

    Attributes:
        signal: The network's signal.
        signal_id: What frames call it.
        groups: What its lamp groups drive.
        tree: What it keeps.
    """

    signal: str
    signal_id: int
    groups: tuple[StagedGroup, ...]
    tree: Tree

    @property
    def record(self) -> CrossingRecord:
        """Its plans.

        Raises:
            BadInput: Rows lead nowhere.
        """
        return record_of(self.tree, self.groups, self.signal)


def signal_id_of(signal: str) -> int:
    """The number of a signal in frames: a check of its id, so that it does not depend on which others are told."""
    return zlib.crc32(signal.encode())


def write_gbt20999(controllers: Mapping[str, ControllerFile], path: Path) -> None:
    """Write controllers in the order of their signals.

    Raises:
        BadInput: Two signals have one number.
        StorageFailed: The disk is full or may not be written.
    """
    ids = [one.signal_id for one in controllers.values()]
    if len(set(ids)) < len(ids):
        raise BadInput("two signals have one number in frames", expected="signals whose ids have different checks")
    own = ",\n".join(_text(_written(one)) for _, one in sorted(controllers.items()))
    with landing_file(path) as beside:
        beside.write_text(f'{{"standard": "{STANDARD}",\n"controllers": [\n{own}\n]}}\n', encoding="utf-8")


def read_gbt20999(path: Path, now: Mapping[str, StagedPlan] | None = None) -> dict[str, ControllerFile]:
    """The controllers of a file.

    Args:
        path: What `write_gbt20999` wrote.
        now: The plans of the network's signals; None: the file alone.

    Raises:
        BadInput: It is no such file, a row is broken or leads nowhere, or a signal is not of the network.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        rows = told["controllers"]
        found = {str(row["signal"]): _read(row) for row in rows}
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"it cannot be read: {why_unread(error)}", file=path) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        what = f"something is missing or of the wrong kind: {type(error).__name__}: {error}"
        raise BadInput(what, file=path, expected=f"JSON of controllers as written for {STANDARD}") from error
    if not found:
        raise BadInput("it holds no controller", file=path, expected="a tree for each controller")
    for name, one in found.items():
        if now is not None and (
            name not in now
            or sorted(k for g in now[name].groups for k in g.links) != sorted(k for g in one.groups for k in g.links)
        ):
            raise BadInput(
                "the network has no such signal" if name not in now else "its lamp groups drive other links",
                file=path,
                place=f"signal {name}",
                expected=f"signals of the network, e.g. {', '.join(sorted(now)[:3])}",
            )
        try:
            _ = one.record
        except BadInput as error:
            raise BadInput(error.what, file=path, place=error.place, expected=error.expected) from error
    return found


def _written(one: ControllerFile) -> dict[str, Any]:
    tree = one.tree
    pairs = sorted(tree.conflicts)
    return {
        "signal": one.signal,
        "signal_id": one.signal_id,
        "running": tree.running,
        "lamp_groups": [
            {"number": group.number, "type": tree.lamps[group.number].kind, "name": group.name, "group": group.group}
            | {"kind": group.kind, "links": list(group.links), "least_s": group.least_s}
            for group in one.groups
        ],
        "phases": [
            {"number": p.number, "lamp_groups": sorted(p.lamps), "flashing_s": p.flashing_s, "yellow_s": p.yellow_s}
            | {"red_amber_s": p.red_amber_s, "least_s": p.least_s, "most_s": p.most_s}
            for p in tree.phases.values()
        ],
        "stages": [
            {"number": s.number, "phases": sorted(s.phases)}
            | {"late_s": sorted(s.late_s.items()), "early_s": sorted(s.early_s.items())}
            for s in tree.stages.values()
        ],
        "plans": [
            {"number": p.number, "cycle_s": p.cycle_s, "offset_s": p.offset_s}
            | {"stages": list(p.stages), "times_s": list(p.times_s)}
            for p in tree.plans.values()
        ],
        "day_plans": [{"number": d.number, "switches": [list(s) for s in d.switches]} for d in tree.days.values()],
        "schedules": [vars(row) for row in tree.schedules.values()],
        "conflicts": [list(pair) for pair in pairs],
        "intergreens_s": [[*pair, seconds] for pair, seconds in sorted(tree.intergreens_s.items())],
    }


def _text(told: Mapping[str, Any]) -> str:
    """JSON with a line for each row."""
    lines = []
    for name, value in told.items():
        rows = [json.dumps(row, ensure_ascii=False) for row in value] if isinstance(value, list) else None
        text = "[\n  " + ",\n  ".join(rows) + "\n ]" if rows else json.dumps(value, ensure_ascii=False)
        lines.append(f' "{name}": {text}')
    return "{\n" + ",\n".join(lines) + "\n}"


def _read(row: Mapping[str, Any]) -> ControllerFile:
    groups = tuple(
        StagedGroup(
            _count(one["number"]),
            str(one["name"]),
            str(one["group"]),
            str(one["kind"]),
            tuple(_count(link, 0) for link in one["links"]),
            0.0 if one["kind"] == "pedestrian" else 3.0,
            0.0,
            float(one["least_s"]),
        )
        for one in row["lamp_groups"]
    )
    phases = (
        PhaseRow(
            _count(p["number"]),
            frozenset(map(_count, p["lamp_groups"])),
            *(_count(p[name], 0, 999) for name in ("flashing_s", "yellow_s", "red_amber_s", "least_s", "most_s")),
        )
        for p in row["phases"]
    )
    stages = (
        StageRow(_count(s["number"]), frozenset(map(_count, s["phases"])), _times(s["late_s"]), _times(s["early_s"]))
        for s in row["stages"]
    )
    plans = (
        PlanRow(
            _count(p["number"]),
            _count(p["cycle_s"], 1, 0xFFFF),
            _count(p["offset_s"], 0, 0xFFFF),
            tuple(map(_count, p["stages"])),
            tuple(_count(seconds, 1, 0xFFFF) for seconds in p["times_s"]),
        )
        for p in row["plans"]
    )
    days = (
        DayRow(
            _count(d["number"]), tuple((_count(a, 0, 1439), _count(b, 0), _count(c, 0)) for a, b, c in d["switches"])
        )
        for d in row["day_plans"]
    )
    schedules = (
        ScheduleRow(**{name: _count(value, 0, 0xFFFFFFFF) for name, value in s.items()}) for s in row["schedules"]
    )
    tree = Tree(
        {_count(one["number"]): LampRow(_count(one["number"]), _count(one["type"], 0)) for one in row["lamp_groups"]},
        {one.number: one for one in phases},
        {one.number: one for one in stages},
        {one.number: one for one in plans},
        {one.number: one for one in days},
        {one.number: one for one in schedules},
        frozenset((_count(a), _count(b)) for a, b in row["conflicts"]),
        {(_count(a), _count(b)): _count(seconds, 0) for a, b, seconds in row["intergreens_s"]},
        _count(row["running"]),
    )
    return ControllerFile(str(row["signal"]), _count(row["signal_id"], 0, 0xFFFFFFFF), groups, tree)


def _times(pairs: list[list[int]]) -> dict[int, int]:
    return {_count(phase): _count(seconds, 0) for phase, seconds in pairs}


def _count(value: Any, least: int = 1, most: int = 255) -> int:
    """A whole number within bounds.

    Raises:
        ValueError: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{value!r} is no whole number from {least} to {most}")
    return value
