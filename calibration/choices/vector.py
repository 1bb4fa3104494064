"""Figures of a day as a vector of standard normal numbers: 0 is what was believed before anything was counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.choices.expected_day import Figures
from models.crowd.city.site_table import SiteTable, Taste

COMMON = ("slope", "stay", "spread", "per_min", "crowding", "rain", "visits", "people")
"""Numbers that all sites share; then each site's pull and stay."""
SD = {"slope": 0.3, "stay": 0.5, "spread": 0.3, "per_min": 0.5, "crowding": 0.6, "rain": 0.6, "visits": 0.4}
"""How far off they may be, one standard deviation, of the logarithm (`slope`: of a factor): guesses."""
PULL_SD, SITE_STAY_SD = 0.8, 0.4
PEOPLE_SD = 0.3
"""Of the logarithm of how many come for each that was told, where nobody counts them (guess)."""


@dataclass(frozen=True)
class Vector:
    """From vectors to figures.

    Attributes:
        sites: The attractions as believed.
        taste: What people weigh, as believed.
        mean_visits: Sites that a group wants to see, as believed.
        people_sd: How far off the number of people may be, of its logarithm.
    """

    sites: SiteTable
    taste: Taste
    mean_visits: float = 2.0
    people_sd: float = PEOPLE_SD

    def __len__(self) -> int:
        return len(COMMON) + 2 * len(self.sites)

    def figures(self, z: np.ndarray) -> Figures:
        """(B, len) vectors -> figures."""
        sites, taste, at = self.sites, self.taste, dict(zip(COMMON, z.T, strict=False))
        count = len(sites)
        pulls, stays = z[:, len(COMMON) : len(COMMON) + count], z[:, len(COMMON) + count :]
        middle = sites.pull.mean()
        factor = {name: np.exp(SD[name] * at[name]) for name in ("stay", "spread", "per_min", "crowding", "rain")}
        return Figures(
            pull=middle + (sites.pull - middle) * (1.0 + SD["slope"] * at["slope"])[:, None] + PULL_SD * pulls,
            stay_median_s=sites.stay_median_s * factor["stay"][:, None] * np.exp(SITE_STAY_SD * stays),
            stay_spread=sites.stay_spread * factor["spread"][:, None],
            per_min=taste.per_min * factor["per_min"],
            crowding=taste.crowding * factor["crowding"],
            rain=taste.rain * factor["rain"],
            mean_visits=1.0 + (self.mean_visits - 1.0) * np.exp(SD["visits"] * at["visits"]),
            people=np.exp(self.people_sd * at["people"]),
            area_per_person_m2=taste.area_per_person_m2,
        )
