"""Proof: sensors that the calibration never saw, and what guidelines ask of a model, by name."""

from __future__ import annotations

from calibration.proof.corridors import corridors
from calibration.proof.distance import distances_m
from calibration.proof.geh import geh
from calibration.proof.hold_out import RULES, HoldOut, hold_edges, hold_out, hold_parts
from calibration.proof.screenlines import Screenline, screenlines
from calibration.proof.trip_lengths import coincidence_ratio

__all__ = [
    "RULES",
    "HoldOut",
    "Screenline",
    "coincidence_ratio",
    "corridors",
    "distances_m",
    "geh",
    "hold_edges",
    "hold_out",
    "hold_parts",
    "screenlines",
]
