"""A model held against every guideline, by name."""

from __future__ import annotations

from calibration.proof.demand_kept import demand_kept
from calibration.proof.evidence import Evidence
from calibration.proof.fhwa_2004 import fhwa_2004
from calibration.proof.fhwa_2019 import fhwa_2019
from calibration.proof.noise_floor import noise_floor
from calibration.proof.tag_m31 import tag_m31
from calibration.proof.verdict import Verdict


def judge(evidence: Evidence) -> tuple[Verdict, ...]:
    """Every criterion with its verdict, guide by guide; what cannot be assessed says why."""
    return (
        *tag_m31(evidence),
        *fhwa_2004(evidence),
        *fhwa_2019(evidence),
        *demand_kept(evidence),
        *noise_floor(evidence),
    )
