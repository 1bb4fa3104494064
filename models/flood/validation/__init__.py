"""Floods whose answer is known, what the solver makes of them, and the gates it must pass."""

from __future__ import annotations

from models.check import Check, failed
from models.flood.validation.gates import validate
from models.flood.validation.published import published

__all__ = ["Check", "failed", "published", "validate"]
