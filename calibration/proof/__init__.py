"""Proof: sensors that the calibration never saw, and what guidelines ask of a model, by name."""

from __future__ import annotations

from calibration.proof.corridors import corridors
from calibration.proof.demand_runs import DemandRuns, Setting, run_demand
from calibration.proof.distance import distances_m, middle
from calibration.proof.evidence import Evidence, LineFlow, Pairs
from calibration.proof.fit import Fit, fit
from calibration.proof.geh import geh
from calibration.proof.hold_out import RULES, HoldOut, hold_edges, hold_out, hold_parts
from calibration.proof.hours import chosen, cut, hourly
from calibration.proof.journeys import within_time
from calibration.proof.judging import judge
from calibration.proof.link_flows import within_band
from calibration.proof.noise_floor import ceiling, spread
from calibration.proof.proof import Proof, Side, prove
from calibration.proof.route_sampler import random_candidates, sampled
from calibration.proof.screenlines import Screenline, screenlines
from calibration.proof.tables import criteria_table, sensor_table, write_twice
from calibration.proof.trip_lengths import coincidence_ratio
from calibration.proof.verdict import FAIL, NOT_ASSESSABLE, PASS, Verdict

__all__ = [
    "FAIL",
    "NOT_ASSESSABLE",
    "PASS",
    "RULES",
    "DemandRuns",
    "Evidence",
    "Fit",
    "HoldOut",
    "LineFlow",
    "Pairs",
    "Proof",
    "Screenline",
    "Setting",
    "Side",
    "Verdict",
    "ceiling",
    "chosen",
    "coincidence_ratio",
    "corridors",
    "criteria_table",
    "cut",
    "distances_m",
    "fit",
    "geh",
    "hold_edges",
    "hold_out",
    "hold_parts",
    "hourly",
    "judge",
    "middle",
    "prove",
    "random_candidates",
    "run_demand",
    "sampled",
    "screenlines",
    "sensor_table",
    "spread",
    "within_band",
    "within_time",
    "write_twice",
]
