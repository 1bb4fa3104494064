"""An export as one file to take away: what was written, and the audit that says that it may be used."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from twin.signals.exporting import not_told, write_as

if TYPE_CHECKING:
    from networks import Override, SignalPlan
    from networks.exchange.exporting import Report
    from twin.signals.ground import SignalGround

NAMES = {
    "sumo": "plans.add.xml", "utdf": "plans.csv", "gmns": "gmns", "nema": "plans.nema.add.xml",
    "ntcip": "plans.ntcip.csv", "gat1049": "plans.gat1049.xml", "gbt20999": "plans.gbt20999",
    "spat": "plans.spat.jsonl",
}  # fmt: skip
_BEGIN = (1980, 1, 1, 0, 0, 0)
"""Of every file in a zip: the same plans make the same bytes."""


def packed(
    ground: SignalGround, plans: Mapping[str, SignalPlan], kind: str, rules: str, *, who: str, when: datetime,
    overrides: Sequence[Override] = (), edition: int = 2024,
) -> tuple[bytes, Report]:  # fmt: skip
    """A zip of what `twin signals export` writes: the file or folder, its audit, and a note on each signal.

    Args:
        ground: Of the plans.
        plans: By signal.
        kind: One of `FORMATS`.
        rules: Name of a locale; plans must pass, or be let through.
        who: Exports, for the audit.
        when: Now, with its time zone.
        overrides: Leave to fail, with reasons.
        edition: Of `gat1049`.

    Raises:
        BadInput: No signal can be told in this format.
        Refused: A rule fails that nobody gave leave for.
        StorageFailed: The disk is full.
    """
    from networks import check_plans, export_audited, read_rules

    table = read_rules(rules)
    reports: list[Report] = []
    verdicts = check_plans(list(plans.values()), ground.layouts, table)

    def write(path: Path) -> None:
        reports.append(write_as(kind, plans, ground.layouts, path, net=ground.net_file, edition=edition))

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / NAMES[kind]
        audit = export_audited(write, verdicts, table, out, overrides=overrides, who=who, when=when)
        files = [*(sorted(out.iterdir()) if out.is_dir() else [out]), audit]
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as zipped:
            for file in files:
                _put(zipped, file.relative_to(folder).as_posix(), file.read_bytes())
            _put(zipped, "notes.txt", _notes(reports[0], kind, plans).encode())
    return whole.getvalue(), reports[0]


def _notes(report: Report, kind: str, plans: Mapping[str, SignalPlan]) -> str:
    """What the command prints: a line for each signal, and who was left out."""
    lines = [
        f"{tls}: {'; '.join([*said, *not_told(kind, plans[tls])])}" for tls, said in sorted(report.written.items())
    ]
    lines += [f"{tls}: left out: {why}" for tls, why in sorted(report.left_out.items())]
    return "\n".join(lines) + "\n"


def _put(zipped: zipfile.ZipFile, name: str, body: bytes) -> None:
    zipped.writestr(zipfile.ZipInfo(name, _BEGIN), body, zipfile.ZIP_DEFLATED)
