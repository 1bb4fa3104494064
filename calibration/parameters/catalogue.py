"""What may be fitted: drivers, signals, gaps; with unit, bounds and where the bounds come from.

Bounds hold a search to values that somebody has seen. Where no publication gives a range for SUMO's own parameter, the
range is ours and says so (`guessed`).
"""

from __future__ import annotations

from dataclasses import dataclass

from networks.errors import BadInput
from networks.sentence import Sentence, say

SUMO = say("by definition (SUMO 1.28, vehicle types)", "按定义（SUMO 1.28车辆类型）")
KESTING = say("narrower than Kesting & Treiber 2008, doi:10.3141/2088-16 (0.1 to 5 s, 8 m, 6 m/s2)",
              "窄于Kesting与Treiber 2008，doi:10.3141/2088-16（0.1至5 s、8 m、6 m/s2）")  # fmt: skip
STEP = say("; not below the step length", "；不小于仿真步长")
HEADWAY = say(KESTING["en"] + STEP["en"], KESTING["zh"] + STEP["zh"])
OURS = say("our own", "自定")
HCM = say("0 to the 2 s of start-up lost time of HCM 2000", "0至HCM 2000的启动损失时间2 s")


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
    source: Sentence
    guessed: bool


KINDS = {
    one.name: one
    for one in (
        Kind("tau", "driver", "s", 0.6, 2.5, 1.0, True, say("time headway", "跟车时距"),
             HEADWAY, True),
        Kind("minGap", "driver", "m", 0.8, 4.0, 2.5, True, say("gap at standstill", "静止间距"),
             KESTING, True),
        Kind("accel", "driver", "m/s2", 1.0, 4.0, 2.6, True, say("acceleration", "加速度"),
             KESTING, True),
        Kind("decel", "driver", "m/s2", 2.5, 6.0, 4.5, True, say("comfortable deceleration", "舒适减速度"),
             KESTING, True),
        Kind("sigma", "driver", "", 0.0, 1.0, 0.5, False, say("imperfection", "驾驶不完善度"),
             SUMO, False),
        Kind("speedFactor", "driver", "", 0.7, 1.3, 1.0, False,
             say("desired speed over the limit, mean", "期望车速与限速之比，均值"), OURS, True),
        Kind("speedDev", "driver", "", 0.02, 0.25, 0.1, True,
             say("desired speed over the limit, deviation", "期望车速与限速之比，标准差"), OURS, True),
        Kind("startupDelay", "signal", "s", 0.0, 2.0, 0.0, False,
             say("delay before setting off", "启动延误"), HCM, True),
        Kind("jmTimegapMinor", "capacity", "s", 0.3, 4.0, 1.0, True,
             say("gap taken ahead of and behind traffic with priority", "次路可插间隙"), OURS, True),
        Kind("impatience", "capacity", "", 0.0, 1.0, 0.0, False,
             say("impatience when waiting for a gap", "等待间隙的急躁度"), SUMO, False),
        Kind("lcStrategic", "capacity", "", 0.2, 5.0, 1.0, True,
             say("eagerness of needed lane changes", "强制变道意愿"), OURS, True),
        Kind("lcAssertive", "capacity", "", 0.5, 3.0, 1.0, True,
             say("smaller gaps taken when changing lanes", "变道接受间隙的激进度"), OURS, True),
        Kind("cycle", "signal", "", 0.6, 1.6, 1.0, True,
             say("length of guessed greens, times", "推测绿灯时长的倍数"), OURS, True),
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
