"""Floods whose answer is known in closed form, what the solver makes of them, and the gates it must pass."""

from __future__ import annotations

from models.flood.validation.gates import Check, failed, validate

__all__ = ["Check", "failed", "validate"]
