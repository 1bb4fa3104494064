"""A walked day as tables: figures, sites, their course, and paths; CSV for people, Parquet for all draws."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pandas as pd

from scenarios.ensembles.interval import mean_interval
from scenarios.visits.alarms import SiteAlarm, dense_paths
from scenarios.visits.visit_day import VisitDay
from scenarios.visits.walked import WalkedDay


def figure_rows(walked: Sequence[WalkedDay]) -> list[tuple[str, float, float, float]]:
    """(name, mean, low, high) of every figure: 90 % interval of the mean over the draws, not below 0; NaN for one."""
    told = [one.figures() for one in walked]
    rows = [(name, *mean_interval([one[name] for one in told])) for name in told[0]]
    return [(name, mean, max(low, 0.0) if low == low else low, high) for name, mean, low, high in rows]


def write_tables(folder: Path, day: VisitDay, walked: Sequence[WalkedDay], sites: Sequence[SiteAlarm]) -> None:
    """Write figures.csv, sites.csv, course.csv (mean over the draws), paths.csv, sources.csv and draws.parquet."""
    pd.DataFrame(figure_rows(walked), columns=["figure", "mean", "low90", "high90"]).to_csv(
        folder / "figures.csv", index=False, float_format="%.3f", lineterminator="\n"
    )
    pd.DataFrame([_site(one, day) for one in sites]).to_csv(folder / "sites.csv", index=False, lineterminator="\n")
    course = _course(day, walked)
    course.to_parquet(folder / "draws.parquet", index=False)
    mean = course.groupby(["time", "site"], sort=False)[["inside", "queue"]].mean().reset_index()
    mean.to_csv(folder / "course.csv", index=False, float_format="%.1f", lineterminator="\n")
    paths = [vars(one) | {"hour": f"{day.begin + timedelta(hours=one.hour):%H:%M}"} for one in dense_paths(walked, 500)]
    columns = ["link", "hour", "person_min", "most_pm2", "chance", "lead_s"]
    pd.DataFrame(paths, columns=columns).to_csv(
        folder / "paths.csv", index=False, float_format="%.2f", lineterminator="\n"
    )
    pd.DataFrame([vars(one) for one in day.sources]).to_csv(folder / "sources.csv", index=False, lineterminator="\n")


def _site(one: SiteAlarm, day: VisitDay) -> dict[str, object]:
    row: dict[str, object] = {
        "site": one.site.site_id, "name": one.site.name, "at_once": one.capacity.instant,
        "basis": one.capacity.instant_basis, "most": round(one.most, 1), "most_low90": round(one.most_low, 1),
        "most_high90": round(one.most_high, 1), "visits": round(one.visits, 1), "a_day": one.capacity.daily,
        "basis_day": one.capacity.daily_basis,
    }  # fmt: skip
    for at, share in enumerate(day.alarms.shares):
        first = one.first_s[at]
        row[f"alarm_{100 * share:g}"] = "" if first is None else f"{day.begin + timedelta(seconds=first):%H:%M}"
        row[f"chance_{100 * share:g}"] = one.chance[at]
    row["lead_min"] = "" if one.lead_s is None else one.lead_s / 60.0
    return row


def _course(day: VisitDay, walked: Sequence[WalkedDay]) -> pd.DataFrame:
    parts = []
    names = [one.site_id for one in day.sites]
    for one in walked:
        times = [(day.begin + timedelta(seconds=float(at))).isoformat() for at in one.times_s]
        parts.append(
            pd.DataFrame(
                {
                    "seed": one.seed,
                    "time": pd.Series(times).repeat(len(names)).to_numpy(),
                    "site": names * len(times),
                    "inside": one.inside.ravel(),
                    "queue": one.queue.ravel(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
