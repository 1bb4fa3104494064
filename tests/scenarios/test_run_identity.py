"""A run's address covers all code that its numbers depend on."""

from __future__ import annotations

import subprocess
import sys

from scenarios.results.versions import RUN_MODULES, RUN_ROOMS

LEFT_OUT = {"plan_text", "results", "text"}
"""Rooms that hold words and keep results."""


def test_what_a_member_imports_of_the_scenarios_is_part_of_its_address() -> None:
    code = (
        "import sys, scenarios.members.member\n"
        "print(*{name.split('.')[1] for name in sys.modules if name.startswith('scenarios.')})"
    )
    rooms = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "rain" in rooms and set(rooms) <= {*RUN_MODULES, *RUN_ROOMS, *LEFT_OUT}
