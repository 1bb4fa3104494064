"""A signal that goes over to another plan when its cycle begins anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.sumo.change import AfterStep, Change


@dataclass(frozen=True)
class SignalSwitched(Change):
    """A signal gets other phase durations at the next begin of its cycle: no green is cut short, and a plan with the
    same cycle stays in step with its neighbours.

    Attributes:
        signal: Its id.
        phases: (duration in s, SUMO's state string) from the first to the last.
    """

    signal: str
    phases: tuple[tuple[float, str], ...]

    def carry_out(self, sumo: Any) -> AfterStep:
        """Wait for the first phase to come again."""
        state = {"phase": sumo.trafficlight.getPhase(self.signal), "done": False}

        def after_step(after: Any) -> None:
            if state["done"]:
                return
            phase = after.trafficlight.getPhase(self.signal)
            if phase == 0 and state["phase"] != 0:
                self._switch(after)
                state["done"] = True
            state["phase"] = phase

        return after_step

    def _switch(self, sumo: Any) -> None:
        light = sumo.trafficlight
        name = f"{light.getProgram(self.signal)}+"
        phases = [light.Phase(float(duration), state) for duration, state in self.phases]
        light.setProgramLogic(self.signal, light.Logic(name, 0, 0, phases))
        light.setProgram(self.signal, name)
        light.setPhase(self.signal, 0)
