"""The tables of a Synchro UTDF combined file: sections of records by intersection, read with tolerance."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from networks.errors import BadInput, why_unread
from networks.landing import landing_file

VERSION = "8"
"""The version that is written and read: one combined file (Synchro 8 to 12). Source of names, codes and units of all
records: the field notes of utdf2gmns (github.com/xyluo25/utdf2gmns) and files exported by Synchro that it publishes;
secondary source, Cubic's own Synchro Studio user guide could not be read."""
TITLES = {
    "Network": "Network Settings",
    "Nodes": "Node Data",
    "Links": "Link Data",
    "Lanes": "Lane Group Data",
    "Timeplans": "Timing Plan Settings",
    "Phases": "Phasing Data",
}
_PLURAL = {"timeplan": "timeplans", "phase": "phases", "lane": "lanes", "node": "nodes", "link": "links"}

Cells = dict[str, str]


@dataclass
class Utdf:
    """A UTDF file, every cell as text.

    Attributes:
        path: Where it comes from.
        network: Setting -> value, names in small letters.
        nodes: Intersection -> its row by column, in capitals.
        records: (section in small letters, intersection) -> record in small letters -> column in capitals -> cell; of
            records that come twice the last counts, as for Synchro.
    """

    path: Path
    network: Cells = field(default_factory=dict)
    nodes: dict[str, Cells] = field(default_factory=dict)
    records: dict[tuple[str, str], dict[str, Cells]] = field(default_factory=dict)

    def of(self, section: str, node: str) -> dict[str, Cells]:
        """The records of an intersection in a section."""
        return self.records.get((section.lower(), node), {})


def read_tables(path: Path) -> Utdf:
    """Read a UTDF combined file: commas, semicolons or tabs, any case, any order of sections, empty cells and lines.

    Raises:
        BadInput: It cannot be read, has no sections of signals, or is of another version.
    """
    try:
        text = path.read_text(encoding="utf-8-sig", errors="strict")
    except UnicodeDecodeError:
        text = path.read_text(encoding="cp1252", errors="replace")
    except OSError as error:
        raise BadInput("the file cannot be read: " + why_unread(error), file=path) from error
    found, section, header = Utdf(path), "", list[str]()
    for cells in csv.reader(text.splitlines(), delimiter=_separator(text)):
        row = [cell.strip() for cell in cells]
        if not any(row):
            continue
        if row[0].startswith("["):
            name = row[0].strip("[]").lower()
            section, header = _PLURAL.get(name, name), []
        elif row[0].upper() in ("RECORDNAME", "INTID"):
            header = [cell.upper() for cell in row]
        elif header and section:
            _keep(found, section, dict(zip(header, row, strict=False)))
    _check(found)
    return found


def _separator(text: str) -> str:
    head = "\n".join(text.splitlines()[:50])
    return max(",;\t", key=head.count)


def _keep(found: Utdf, section: str, row: Cells) -> None:
    name, node = row.pop("RECORDNAME", "").lower(), row.pop("INTID", "")
    if section == "network":
        found.network[name] = row.get("DATA", "")
    elif section == "nodes":
        found.nodes[node] = row
    else:
        found.records.setdefault((section, node), {})[name] = row


def _check(found: Utdf) -> None:
    version = found.network.get("utdfversion", "")
    if version and version.split(".")[0] != VERSION:
        raise BadInput(
            f"it is UTDF version {version}",
            file=found.path,
            place="[Network] UTDFVERSION",
            expected=f"version {VERSION}: one combined file with [Network], [Lanes], [Timeplans] and [Phases]",
            remedy="save it from Synchro as a combined UTDF file",
        )
    if not any(section == "phases" for section, _ in found.records):
        raise BadInput(
            "it has no phases",
            file=found.path,
            place="[Phases]",
            expected="a UTDF combined file: sections in brackets, RECORDNAME,INTID,D1,... above their records",
            remedy="version 7 and older wrote one file per table: save it from Synchro as a combined UTDF file",
        )


def write_tables(path: Path, sections: Mapping[str, tuple[Sequence[str], Iterable[Sequence[str]]]]) -> None:
    """Write the sections of a combined file, each with its title, header and rows, lines ended as Windows does.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    with landing_file(path) as beside, beside.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\r\n")
        for name, (header, body) in sections.items():
            rows.writerow([f"[{name}]"])
            rows.writerow([TITLES[name]])
            rows.writerow(header)
            rows.writerows(body)
            rows.writerow([])
