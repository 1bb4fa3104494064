"""Whether an estimated demand is still a demand like the one before: how many trips, and how long."""

from __future__ import annotations

from calibration.proof.evidence import Evidence
from calibration.proof.trip_lengths import coincidence_ratio
from calibration.proof.verdict import Criterion, Verdict, signed
from networks.sentence import say

TRIPS_WITHIN, LENGTHS_ALIKE = 0.05, 0.7

TRIPS = Criterion(
    "citytwin", say("Total trips", "出行总量"), say("within 5 % of the reference demand", "与参考需求相差≤5%"),
    "a fit at sensors says nothing of the total: SUMO issue 18199 (GEH < 5 on 84 % with 20 times too many vehicles)",
)  # fmt: skip
LENGTHS = Criterion(
    "citytwin", say("Trip lengths", "出行距离分布"), say("coincidence ratio of 0.7 or more", "重合率≥0.7"),
    "FHWA, Travel Model Validation and Reasonableness Checking Manual, 2nd edition (2010), trip distribution",
)  # fmt: skip
NO_REFERENCE = say("no reference demand was given", "未提供参考需求")


def demand_kept(evidence: Evidence) -> tuple[Verdict, ...]:
    """Total trips and trip lengths against the reference demand, where there is one."""
    return (_trips(evidence), _lengths(evidence))


def _trips(evidence: Evidence) -> Verdict:
    if evidence.trips is None or evidence.trips[0] <= 0:
        return TRIPS.missing(NO_REFERENCE)
    before, after = evidence.trips
    told = signed(after / before - 1)
    return TRIPS.found(
        abs(after - before) <= TRIPS_WITHIN * before + 1e-9,
        say(
            f"{told['en']} ({after:,.0f}, reference {before:,.0f})", f"{told['zh']}（{after:,.0f}，参考{before:,.0f}）"
        ),
    )


def _lengths(evidence: Evidence) -> Verdict:
    if evidence.lengths_m is None or not all(len(sample) for sample in evidence.lengths_m):
        return LENGTHS.missing(NO_REFERENCE)
    ratio = coincidence_ratio(*evidence.lengths_m)
    return LENGTHS.found(ratio >= LENGTHS_ALIKE, say(f"{ratio:.2f}", f"{ratio:.2f}"))
