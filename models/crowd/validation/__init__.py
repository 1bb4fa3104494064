"""Crowds whose answer is known or was measured, and what the models make of them."""

from __future__ import annotations

from collections.abc import Callable

from models.check import Check
from models.crowd.validation.city_gates import city_model
from models.crowd.validation.closed_forms import closed_forms
from models.crowd.validation.laboratory_gates import laboratory
from models.crowd.validation.rimea.outcome import Outcome
from models.crowd.validation.rimea.suite import run_all

__all__ = ["Outcome", "city_model", "closed_forms", "guideline", "laboratory", "validate"]


def guideline(tell: Callable[[Outcome], None], *, long: bool = False) -> list[Check]:
    """The tests of the guideline; `tell` hears of each as it ends. `long`: the dear ones at every angle too."""
    checks: list[Check] = []
    for outcome in run_all(long=long):
        tell(outcome)
        checks.extend(outcome.checks)
    return checks


def validate(show: Callable[[Check], None]) -> list[Check]:
    """Closed forms; `show` gets each check as it is known."""
    checks = []
    for check in closed_forms():
        show(check)
        checks.append(check)
    return checks
