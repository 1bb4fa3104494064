"""A sites file with calibrated figures in it, and where they come from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from calibration.choices.fitting import Fitted
from calibration.choices.informed import Uninformed
from models.crowd.sites import VisitSite


def calibrated_sites(
    file: Path | None, sites: tuple[VisitSite, ...], found: Fitted, source: str, unknown: Sequence[Uninformed] = ()
) -> str:
    """The text of a sites file: what `file` says, with draws, stays and tastes as found.

    Draws are relative: their geometric mean stays what it was. Comments of `file` are lost; sites that no counter
    informs are named in comments of its own, and in the source of their stay.

    Args:
        file: The file that the sites came from; None: they came from the map.
        sites: In the order of the figures.
        found: The figures.
        source: Written beside each of them.
        unknown: Sites that no counter informs.
    """
    said: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8-sig")) if file else {"sites": []}
    if file is None:
        said["sites"] = [{"id": one.site_id, "osm": one.site_id, "source": one.source} for one in sites]
    figures = found.figures
    pull = figures.pull[0] + float(np.mean([math.log(max(one.draw, 1e-3)) for one in sites]) - figures.pull[0].mean())
    rows = {one.site_id: at for at, one in enumerate(sites)}
    unread = {one.site for one in unknown if one.stay}
    for entry in said["sites"]:
        at = rows.get(str(entry["id"]))
        if at is None:
            continue
        entry["draw"] = round(float(np.exp(pull[at])), 3)
        entry["stay"] = {
            "median_min": round(float(figures.stay_median_s[0, at]) / 60.0, 1),
            "sigma": round(float(figures.stay_spread[0, at]), 3),
            "source": source + ("; no counter informs this stay" if at in unread else ""),
        }
    said["taste"] = {
        "per_min": round(float(figures.per_min[0]), 4),
        "crowding": round(float(figures.crowding[0]), 3),
        "rain": round(float(figures.rain[0]), 3),
        "source": source,
    }
    told = "".join(f"# {one.told(sites[one.site].site_id)['en']}\n" for one in unknown)
    return told + yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=120)
