"""`StageFiles`: what a city is given beside its feeds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StageFiles:
    """Files that say what is looked for, who is called and who takes orders.

    Attributes:
        thresholds: From where on it is trouble; None: as shipped.
        counters: Counters of people by door; None: nobody counts.
        sites: What sites hold; None: the map's.
        receivers: Who takes orders; None: nothing leaves.
        plans: Folders of response plans; empty: those that ship.
        units: Units and where they wait; None: nobody asks how soon they come.
        areas: Areas that they answer for.
        points: Which streets gauges stand for; None: their water closes none.
        roster: Who is on duty; None: nobody said.
        area_codes: Codes of areas that the city lies in, as warnings name them.
        cameras: Cameras in place of the city's.
        parks: Which counter tells of which car park; None: those that are called as car parks are.
        rain_levels: Levels that rain of gauges is held against: a name or a file.
        rules: What signal plans of advice are held against: a locale, or a file.
    """

    thresholds: Path | None = None
    counters: Path | None = None
    sites: Path | None = None
    receivers: Path | None = None
    plans: tuple[Path, ...] = ()
    units: Path | None = None
    areas: Path | None = None
    points: Path | None = None
    roster: Path | None = None
    cameras: Path | None = None
    parks: Path | None = None
    area_codes: tuple[str, ...] = ()
    rain_levels: str = "cma"
    rules: str = "rilsa"
