"""The report of a calibration: what a demand does at sensors that it never saw."""

from __future__ import annotations

from viz.calibration.page import calibration_page
from viz.calibration.parameters_page import parameters_page

__all__ = ["calibration_page", "parameters_page"]
