"""What one cycle of the live state gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from calibration.live.usual import Floats
from calibration.skill import Forecast
from networks.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle.

    Attributes:
        now_s: Its moment.
        anchor_s: The moment from which its members were copied.
        forecasts: Flow and speed of every street that cars may use, and travel times of the asked ways, each member
            several times with the errors of earlier forecasts drawn; empty where no member is valid.
        factor: Vehicles that set out in the last half hour, as a multiple of the usual: lowest member, mode, highest.
        misfit: Mean GEH of the members' median flow at the sensors, between anchor and now; NaN without counts.
        members: How many are valid.
        left_out: Why others are left out.
        seconds: Wall-clock time that it took.
        cpu_s: Processor time of all members.
        approximate: It stands on a state that was loaded after a crash and is not corrected for a whole window yet.
        errors: Standard deviations (log) by which forecasts of flow and of speed were widened: what earlier ones
            turned out to miss beyond what members say.
        pace: Factor that put all forecasts of speed right, by what sensors said of earlier ones.
        simulated: Counts at the sensors by each valid member between anchor and now (M, S, C).
        simulated_mps: Their speeds (M, S, C); NaN where nobody was.
    """

    now_s: float
    anchor_s: float
    forecasts: tuple[Forecast, ...]
    factor: tuple[float, float, float]
    misfit: float
    members: int
    left_out: Mapping[str, Sentence]
    seconds: float
    cpu_s: float
    approximate: bool
    errors: tuple[float, float]
    pace: float
    simulated: Floats
    simulated_mps: Floats
