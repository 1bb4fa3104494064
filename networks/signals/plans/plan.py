"""A signal plan: one model behind every format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from networks.signals.plans.phase import SignalPhase

STATIC, ACTUATED = "static", "actuated"
LEAST_GREEN_S = 5.0
LEAST_YELLOW_S = 3.0
"""Least yellow at 50 km/h: 3 s in the German RiLSA (2015) and within 3-6 s of the MUTCD (2009, section 4D.26)."""


@dataclass(frozen=True)
class SignalPlan:
    """A plan of one signal.

    Attributes:
        tls_id: The signal controller's id in the network.
        program_id: The plan's name at this signal.
        offset_s: The cycle begins this long after a multiple of the cycle time.
        phases: In their order.
        source: Where the plan comes from: `measured`, `imported`, `guessed`, or in words.
        kind: `static`, or `actuated`: green until `max_s` while vehicles come, at least `min_s`. Other types of SUMO's
            (NEMA, delay_based) keep their name.
        params: Further parameters that SUMO takes, by name: `max-gap` (s) and `detector-gap` (s) of actuated control;
            `coordinated` where the ends of its phases keep to the clock of the cycle.
    """

    tls_id: str
    program_id: str
    offset_s: float
    phases: tuple[SignalPhase, ...]
    source: str
    kind: str = STATIC
    params: tuple[tuple[str, str], ...] = ()

    @property
    def cycle_s(self) -> float:
        """Sum of the phases."""
        return sum(phase.duration_s for phase in self.phases)

    @property
    def coordinated(self) -> bool:
        """Whether it is actuated, and in step all the same: coordinated-actuated."""
        return self.kind == ACTUATED and dict(self.params).get("coordinated") in ("true", "1")

    @property
    def control(self) -> str:
        """Its kind, or `coordinated`, or `on_call` where conditions end its greens: it rests where nobody calls."""
        if any(phase.terms.early_target for phase in self.phases):
            return "on_call"
        return "coordinated" if self.coordinated else self.kind

    def check(self, against: SignalPlan) -> list[str]:
        """What makes this plan unsafe or unfit for the signal of `against`; empty when it may run.

        It must serve the same signal and number of links, use only states that `against` uses (so no new conflict of
        greens), give green at least 5 s in a row and at least 3 s of yellow between green and red, for every link,
        around the end of the cycle too; links that lose green without yellow in `against` are pedestrians'. Every link
        that gets green in `against` must get it here.
        """
        wrong = []
        if self.tls_id != against.tls_id:
            wrong.append(f"it is for signal {self.tls_id}, not {against.tls_id}")
        if not self.phases or any(phase.duration_s <= 0 for phase in self.phases):
            return [*wrong, "it has no phases, or one without duration"]
        links = len(against.phases[0].state)
        if any(len(phase.state) != links for phase in self.phases):
            return [*wrong, f"its states do not have {links} links"]
        known = {phase.state for phase in against.phases}
        for number, phase in enumerate(self.phases, 1):
            if phase.state not in known:
                wrong.append(f"phase {number}: state {phase.state} is not one of the reference plan")
        for link in range(links):
            wrong.extend(self._check_link(link, against))
        return wrong

    def _check_link(self, link: int, against: SignalPlan) -> Iterator[str]:
        runs, known = self._runs(link), against._runs(link)
        walks = any(a == "green" and b == "red" for (a, _), (b, _) in zip(known, known[1:] + known[:1], strict=True))
        served = any(phase.state[link] in "Gg" for phase in against.phases)
        if served and not any(colour == "green" for colour, _ in runs):
            yield f"link {link}: never green"
        for (colour, seconds), (following, _) in zip(runs, runs[1:] + runs[:1], strict=True):
            if len(runs) == 1:
                break
            if colour == "green" and seconds < LEAST_GREEN_S - 1e-9:
                yield f"link {link}: green for {seconds:g} s, at least {LEAST_GREEN_S:g} s needed"
            if colour == "green" and following == "red" and not walks:
                yield f"link {link}: green is followed by red without yellow"
            if colour == "yellow" and seconds < LEAST_YELLOW_S - 1e-9:
                yield f"link {link}: yellow for {seconds:g} s, at least {LEAST_YELLOW_S:g} s needed"

    def _runs(self, link: int) -> list[tuple[str, float]]:
        """(colour, seconds) in a row for one link, joined around the end of the cycle."""
        runs: list[tuple[str, float]] = []
        for phase in self.phases:
            colour = _colour(phase.state[link])
            if runs and runs[-1][0] == colour:
                runs[-1] = (colour, runs[-1][1] + phase.duration_s)
            else:
                runs.append((colour, phase.duration_s))
        if len(runs) > 1 and runs[0][0] == runs[-1][0]:
            colour, seconds = runs.pop()
            runs[0] = (colour, runs[0][1] + seconds)
        return runs


def _colour(letter: str) -> str:
    if letter in "Gg":
        return "green"
    return {"y": "yellow", "Y": "yellow", "r": "red", "u": "red", "s": "red", "o": "off", "O": "off"}.get(
        letter, letter
    )
