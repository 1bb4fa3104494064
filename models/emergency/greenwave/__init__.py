"""Green waves for blue lights: when each signal hands over, and how it comes back into step."""

from __future__ import annotations

from models.emergency.greenwave.arrival import Arrival, discharge_s
from models.emergency.greenwave.checking import Step, steps_of, wave_faults
from models.emergency.greenwave.handover import Handover, plan_handover, waited_s
from models.emergency.greenwave.rhythm import Beat, Rhythm, rhythm_of
from models.emergency.greenwave.signal import YieldingSignal
from models.emergency.greenwave.wave import Wave, plan_wave

__all__ = [
    "Arrival",
    "Beat",
    "Handover",
    "Rhythm",
    "Step",
    "Wave",
    "YieldingSignal",
    "discharge_s",
    "plan_handover",
    "plan_wave",
    "rhythm_of",
    "steps_of",
    "waited_s",
    "wave_faults",
]
