"""The signal tables of GMNS, as a folder of CSV files.

Source: the General Modeling Network Specification (github.com/zephyr-data-specs/GMNS, spec/*.schema.json): names of
tables and columns, units and what is required.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from networks.errors import BadInput, why_unread
from networks.landing import landing_folder

COLUMNS = {
    "movement": (
        "mvmt_id",
        "node_id",
        "ib_link_id",
        "start_ib_lane",
        "ob_link_id",
        "start_ob_lane",
        "type",
        "ctrl_type",
    ),
    "signal_controller": ("controller_id",),
    "signal_timing_plan": ("timing_plan_id", "controller_id", "timeday_id", "time_day", "cycle_length"),
    "signal_timing_phase": (
        "timing_phase_id",
        "timing_plan_id",
        "signal_phase_num",
        "min_green",
        "max_green",
        "extension",
        "clearance",
        "walk_time",
        "ped_clearance",
        "ring",
        "barrier",
        "position",
    ),
    "signal_phase_mvmt": ("signal_phase_mvmt_id", "timing_phase_id", "mvmt_id", "link_id", "protection"),
    "signal_coordination": (
        "coordination_id",
        "timing_plan_id",
        "controller_id",
        "coord_contr_id",
        "coord_phase",
        "coord_ref_to",
        "offset",
    ),
}
_NEEDED = ("signal_timing_plan", "signal_timing_phase", "signal_phase_mvmt")

Row = dict[str, str]


def write_gmns_tables(folder: Path, tables: Mapping[str, Iterable[Row]]) -> None:
    """Write every table as NAME.csv into a folder, which appears whole; one that is there is replaced.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    with landing_folder(folder) as beside:
        for name, rows in tables.items():
            with (beside / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, COLUMNS[name])
                writer.writeheader()
                writer.writerows(rows)


def read_gmns_tables(folder: Path) -> dict[str, list[Row]]:
    """The tables of a folder; those that are not needed may be missing.

    Raises:
        BadInput: A needed table is missing, or lacks its key.
    """
    found: dict[str, list[Row]] = {}
    for name, columns in COLUMNS.items():
        file = folder / f"{name}.csv"
        if not file.exists() and name not in _NEEDED:
            found[name] = []
            continue
        try:
            with file.open(encoding="utf-8-sig", newline="") as stream:
                reader = csv.DictReader(stream)
                rows = [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]
                header = reader.fieldnames or []
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(
                "the table cannot be read: " + why_unread(error),
                file=file,
                expected=f"the GMNS tables {', '.join(_NEEDED)}",
            ) from error
        if columns[0] not in header:
            raise BadInput("it lacks its key", file=file, place="line 1", expected=f"a column {columns[0]}")
        found[name] = rows
    return found
