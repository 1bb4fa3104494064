"""What was counted on the street: counts by sensor and period, with gaps as gaps."""

from __future__ import annotations

from calibration.counting.counts import Counts

__all__ = ["Counts"]
