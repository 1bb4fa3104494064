"""Proof: sensors that the calibration never saw, and what guidelines ask of a model, by name."""

from __future__ import annotations

from calibration.proof.corridors import corridors
from calibration.proof.distance import distances_m
from calibration.proof.hold_out import RULES, HoldOut, hold_edges, hold_out, hold_parts
from calibration.proof.screenlines import Screenline, screenlines

__all__ = [
    "RULES",
    "HoldOut",
    "Screenline",
    "corridors",
    "distances_m",
    "hold_edges",
    "hold_out",
    "hold_parts",
    "screenlines",
]
