"""The proof as tables for other tools (CSV and Parquet)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from calibration.proof.days import RouteTime
from calibration.proof.evidence import Pairs
from calibration.proof.geh import geh
from calibration.proof.journeys import within_time
from calibration.proof.proof import Proof
from calibration.proof.verdict import Verdict

SENSOR_HEAD = ("sensor", "edge", "role", "hour", "observed_vph", "simulated_vph", "geh", "distance_m", "before_vph",
               "peer_vph")  # fmt: skip
CRITERIA_HEAD = ("guide", "criterion", "state", "found", "asked", "reason", "source")


def sensor_table(proof: Proof) -> str:
    """A row for each sensor and hour: observed, simulated, and by the other demands; empty where there is none."""
    held = proof.is_held
    rows: list[tuple[object, ...]] = []
    apart = geh(proof.ours.simulated_vph, proof.observed_vph)
    for at, (sensor, edge) in enumerate(zip(proof.counts.sensors, proof.counts.edges, strict=True)):
        for hour in range(proof.observed_vph.shape[1]):
            others = [side.simulated_vph[at, hour] if side else None for side in (proof.before, proof.peer)]
            flows = (proof.observed_vph[at, hour], proof.ours.simulated_vph[at, hour], apart[at, hour])
            role = "held out" if held[at] else "used"
            shown = [_cell(value) for value in (*flows, proof.distance_m[at], *others)]
            rows.append((sensor, edge, role, hour, *shown))
    return _csv(SENSOR_HEAD, rows)


def criteria_table(verdicts: Sequence[Verdict]) -> str:
    """A row for each criterion."""
    rows = [
        (one.guide, one.name["en"], one.state, one.figure["en"], one.asked["en"], (one.reason or {"en": ""})["en"],
         one.source)
        for one in verdicts
    ]  # fmt: skip
    return _csv(CRITERIA_HEAD, rows)


def journey_table(times: Sequence[RouteTime]) -> str:
    """A row for each route: its mean time as measured and as simulated, over the periods that were measured."""
    inside = within_time(
        Pairs(np.array([one.observed_s for one in times]), np.array([one.simulated_s for one in times]))
    )
    rows = [
        (one.name, one.edges, one.periods, f"{one.observed_s:.1f}", f"{one.simulated_s:.1f}", "yes" if kept else "no")
        for one, kept in zip(times, inside, strict=True)
    ]
    return _csv(("route", "edges", "periods", "observed_s", "simulated_s", "within_15_percent_or_1_min"), rows)


def write_twice(folder: Path, name: str, text: str) -> None:
    """A CSV table as NAME.csv and, with numbers as numbers, as NAME.parquet."""
    import pandas as pd

    (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    texts = {"sensor": str, "edge": str, "before": str, "after": str}
    pd.read_csv(io.StringIO(text), dtype=texts, keep_default_na=False, na_values=[""]).to_parquet(
        folder / f"{name}.parquet", index=False
    )


def _cell(value: float | None) -> str:
    return "" if value is None or value != value else f"{value:.2f}"


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()
