"""Proof: sensors that the calibration never saw, and what guidelines ask of a model, by name."""

from __future__ import annotations

from calibration.proof.corridors import corridors
from calibration.proof.days import RouteTime
from calibration.proof.demand_runs import DemandRuns, Setting, run_demand
from calibration.proof.distance import distances_m, middle
from calibration.proof.driven_journeys import Drives, read_drives
from calibration.proof.evidence import DayMeasure, Evidence, LineFlow, Pairs
from calibration.proof.fit import Fit, fit
from calibration.proof.geh import geh
from calibration.proof.hold_out import RULES, HoldOut, hold_edges, hold_out, hold_parts
from calibration.proof.hours import chosen, cut, hourly
from calibration.proof.journeys import within_time
from calibration.proof.judging import judge
from calibration.proof.link_flows import within_band
from calibration.proof.noise_floor import ceiling, spread
from calibration.proof.observed_journeys import Journeys, joined_way, read_journeys
from calibration.proof.proof import Proof, Side, prove
from calibration.proof.route_sampler import random_candidates, sampled
from calibration.proof.screenlines import Screenline, screenlines
from calibration.proof.tables import criteria_table, journey_table, sensor_table, write_twice
from calibration.proof.trip_lengths import coincidence_ratio
from calibration.proof.verdict import FAIL, NOT_ASSESSABLE, PASS, Verdict

__all__ = [
    "FAIL",
    "NOT_ASSESSABLE",
    "PASS",
    "RULES",
    "DayMeasure",
    "DemandRuns",
    "Drives",
    "Evidence",
    "Fit",
    "HoldOut",
    "Journeys",
    "LineFlow",
    "Pairs",
    "Proof",
    "RouteTime",
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
    "joined_way",
    "journey_table",
    "judge",
    "middle",
    "prove",
    "random_candidates",
    "read_drives",
    "read_journeys",
    "run_demand",
    "sampled",
    "screenlines",
    "sensor_table",
    "spread",
    "within_band",
    "within_time",
    "write_twice",
]
