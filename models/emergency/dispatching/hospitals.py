"""Which hospital a patient is taken to: the nearest that can treat and has room; else the next best, and said so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from models.emergency.dispatching.travel import Travel
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from models.emergency.resources.site import Hospital


class Wards:
    """Hospitals in a run and how full they are: a patient of ours stays for the rest of the run.

    Args:
        hospitals: All of them.
        edges: The road at each, by its place in the graph.
    """

    def __init__(self, hospitals: Sequence[Hospital], edges: Sequence[int]) -> None:
        self._hospitals, self._edges = tuple(hospitals), tuple(edges)
        self._taken = dict.fromkeys((one.site_id for one in hospitals), 0)

    def __len__(self) -> int:
        return len(self._hospitals)

    def nearest(
        self, travel: Travel, origin: int, speciality: str, now: float
    ) -> tuple[int, Hospital | None, list[Sentence]]:
        """The hospital's edge and itself, or (-1, None), and what has to be said of the choice."""
        if not self._hospitals:
            return -1, None, [say("no hospital is known: treated on the spot", "没有已知医院：就地救治")]
        away = travel.times([origin], np.array(self._edges), now)[0]
        order = [int(i) for i in np.argsort(away, kind="stable") if np.isfinite(away[i])]
        able = [i for i in order if not speciality or speciality in self._hospitals[i].specialities]
        free = [i for i in able if self._room(i)]
        told: list[Sentence] = []
        first = int(np.argmin(np.where(np.isfinite(away), away, np.inf))) if order else -1
        if len(order) < len(self._hospitals):
            cut = ", ".join(_named(one) for i, one in enumerate(self._hospitals) if i not in order)
            told.append(say(f"cut off by then: {cut}", f"届时无法到达：{cut}"))
        if not order:
            told.append(say("no hospital can be reached: treated on the spot", "无法到达任何医院：就地救治"))
            return -1, None, told
        if not able:
            what = f"no hospital within reach treats {speciality}: the nearest takes the patient first"
            told.append(say(what, f"可到达的医院均无{speciality}科：先送最近医院"))
        elif not free:
            told.append(
                say(
                    "every hospital that fits is full: the nearest takes the patient all the same",
                    "合适的医院均已满：仍送最近医院",
                )
            )
        chosen = (free or able or [first])[0]
        self._taken[self._hospitals[chosen].site_id] += 1
        return self._edges[chosen], self._hospitals[chosen], told

    def _room(self, i: int) -> bool:
        beds = self._hospitals[i].beds
        return beds is None or self._taken[self._hospitals[i].site_id] < beds


def _named(hospital: Hospital) -> str:
    return hospital.name or hospital.site_id
