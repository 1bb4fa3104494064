"""What may be fitted: drivers, signals, gaps; with unit, bounds and where the bounds come from.

Bounds hold a search to values that somebody has seen. Where no publication gives a range for SUMO's own parameter, the
range is ours and says so (`guessed`).
"""

from __future__ import annotations

from dataclasses import dataclass

from networks.errors import BadInput
from networks.sentence import Sentence, say

SUMO = "SUMO 1.28, Definition of Vehicles, Vehicle Types, and Routes"
KESTING = "Kesting & Treiber 2008, doi:10.3141/2088-16 searched 0.1 to 5 s, 0.1 to 8 m, 0.1 to 6 m/s2"


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of parameter.

    Attributes:
        name: SUMO's attribute of a vehicle type; `cycle` for signals.
        about: `driver`, `signal` or `capacity`.
        unit: Of its value; empty for a plain number.
        low, high: Bounds.
        usual: SUMO's default for a passenger car.
        log: Whether the search moves by ratios instead of differences.
        told: In words.
        source: Where the bounds come from.
        guessed: Whether the bounds are ours.
    """

    name: str
    about: str
    unit: str
    low: float
    high: float
    usual: float
    log: bool
    told: Sentence
    source: str
    guessed: bool


KINDS = {
    one.name: one
    for one in (
        Kind("tau", "driver", "s", 0.6, 2.5, 1.0, True, say("time headway", "跟车时距"),
             f"narrower than {KESTING}; not below the step length (SUMO warns)", True),
        Kind("minGap", "driver", "m", 0.8, 4.0, 2.5, True, say("gap at standstill", "静止间距"),
             f"narrower than {KESTING}", True),
        Kind("accel", "driver", "m/s2", 1.0, 4.0, 2.6, True, say("acceleration", "加速度"),
             f"narrower than {KESTING}", True),
        Kind("decel", "driver", "m/s2", 2.5, 6.0, 4.5, True, say("comfortable deceleration", "舒适减速度"),
             f"narrower than {KESTING}", True),
        Kind("sigma", "driver", "", 0.0, 1.0, 0.5, False, say("imperfection", "驾驶不完善度"),
             f"by definition ({SUMO})", False),
        Kind("speedFactor", "driver", "", 0.7, 1.3, 1.0, False,
             say("desired speed over the limit, mean", "期望车速与限速之比，均值"), "our guess", True),
        Kind("speedDev", "driver", "", 0.02, 0.25, 0.1, True,
             say("desired speed over the limit, deviation", "期望车速与限速之比，标准差"), "our guess", True),
        Kind("startupDelay", "signal", "s", 0.0, 2.0, 0.0, False,
             say("delay before setting off", "启动延误"), "0 to the 2 s of start-up lost time of HCM 2000", True),
        Kind("jmTimegapMinor", "capacity", "s", 0.3, 4.0, 1.0, True,
             say("gap taken ahead of and behind traffic with priority", "次路可插间隙"), "our guess", True),
        Kind("impatience", "capacity", "", 0.0, 1.0, 0.0, False,
             say("impatience when waiting for a gap", "等待间隙的急躁度"), f"by definition ({SUMO})", False),
        Kind("lcStrategic", "capacity", "", 0.2, 5.0, 1.0, True,
             say("eagerness of needed lane changes", "强制变道意愿"), "our guess", True),
        Kind("lcAssertive", "capacity", "", 0.5, 3.0, 1.0, True,
             say("smaller gaps taken when changing lanes", "变道接受间隙的激进度"), "our guess", True),
        Kind("cycle", "signal", "", 0.6, 1.6, 1.0, True,
             say("length of guessed greens, times", "推测绿灯时长的倍数"), "our guess", True),
    )
}  # fmt: skip
"""Name -> kind."""
USUAL = ("tau", "minGap", "sigma", "accel", "speedFactor", "speedDev", "startupDelay", "jmTimegapMinor")
"""What is fitted unless something else is asked for: what capacity and speed depend on most."""


def kinds_of(names: tuple[str, ...]) -> tuple[Kind, ...]:
    """The kinds of some names.

    Raises:
        BadInput: There is no kind of that name, or one comes twice.
    """
    for name in names:
        if name not in KINDS:
            raise BadInput(f"there is no parameter {name!r}", place="--fit", expected=", ".join(KINDS))
    if len(set(names)) != len(names) or not names:
        raise BadInput("a parameter comes twice, or none is named", place="--fit", expected=", ".join(USUAL))
    return tuple(KINDS[name] for name in names)
