"""What the rescue services' models must reach where the answer is known, and the gates that they are held to."""

from __future__ import annotations

from scenarios.emergency.validation.gates import on_cities, validate

__all__ = ["on_cities", "validate"]
