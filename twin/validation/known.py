"""Every validation that there is, with the command that writes its table; what has none is told as not run."""

from __future__ import annotations

from dataclasses import dataclass

from networks.sentence import Sentence, say


@dataclass(frozen=True, slots=True)
class Known:
    """A validation: its name (its table's too), the model it is of, its title, the command that writes its table."""

    name: str
    model: Sentence
    title: Sentence
    command: str


_FLOOD, _CROWD = say("Flood", "内涝"), say("People on foot", "行人")
_EMERGENCY, _TRAFFIC = say("Rescue services", "救援"), say("Traffic", "交通")
_CALIBRATION, _SIGNALS = say("Agreeing with the street", "与实际道路相符"), say("Signals", "信号")
_RAIN, _LIVE = say("Rain", "降雨"), say("The live twin", "实时孪生")

KNOWN: tuple[Known, ...] = (
    Known(
        "flood",
        _FLOOD,
        say("Closed forms, other code, published cases", "解析解、其他程序与公开算例"),
        "twin flood validate --data DATA --table docs/validation",
    ),
    Known(
        "crowd",
        _CROWD,
        say("Closed forms, RiMEA, laboratory runs", "解析解、RiMEA与实验室数据"),
        "twin crowd validate --data DATA --table docs/validation",
    ),
    Known(
        "emergency",
        _EMERGENCY,
        say("Routes, sites, control rooms and drives in water", "路径、选址、调度与涉水行驶"),
        "twin emergency validate --data DATA --table docs/validation",
    ),
    Known(
        "assignment",
        _TRAFFIC,
        say("Static assignment to the best-known flows", "静态分配对照已知最优流量"),
        "python -m benchmarks.traffic.assignment --table docs/validation",
    ),
    Known(
        "demand",
        _CALIBRATION,
        say("Demand from counts, judged where no sensor was", "由流量反推需求，在无检测器处评判"),
        "python -m benchmarks.calibration --table docs/validation",
    ),
    Known(
        "health",
        _CALIBRATION,
        say("Sensors that lie, found by name", "失真检测器识别"),
        "python -m benchmarks.calibration.health --table docs/validation",
    ),
    Known(
        "incidents",
        _CALIBRATION,
        say("Planted incidents, found from counts", "预设事件识别"),
        "python -m benchmarks.calibration.incidents --table docs/validation",
    ),
    Known(
        "parameters",
        _CALIBRATION,
        say("Hidden drivers, found again", "隐藏驾驶参数反演"),
        "python -m benchmarks.calibration.parameters --table docs/validation",
    ),
    Known(
        "forecasts",
        _CALIBRATION,
        say("Forecasts of hidden days", "隐藏日预报"),
        "python -m benchmarks.calibration.experiment cologne8 --folder DIR --table docs/validation",
    ),
    Known(
        "signals",
        _SIGNALS,
        say("Timings beside the published record of RESCO", "配时对照RESCO公开记录"),
        "python -m benchmarks.signals.resco --table docs/validation",
    ),
    Known(
        "legal",
        _SIGNALS,
        say("Legal timings beside actuated control and Webster", "合规配时对照感应控制与Webster"),
        "python -m benchmarks.signals.legal --table docs/validation",
    ),
    Known(
        "rain",
        _RAIN,
        say("Rain of the next hour beside persistence and pysteps", "未来一小时降雨对照持续法与pysteps"),
        "python -m benchmarks.rain --table docs/validation",
    ),
    Known(
        "counts",
        _CROWD,
        say("What visitors choose, from counts of hidden days", "由隐藏日计数反推游客选择"),
        "python -m benchmarks.crowd.counts --table docs/validation",
    ),
    Known(
        "density",
        _CROWD,
        say("Voronoi density beside PedPy", "Voronoi密度对照PedPy"),
        "python -m benchmarks.crowd.density DATA --peer PYTHON --table docs/validation",
    ),
    Known(
        "greenwave",
        _EMERGENCY,
        say("Green waves beside SUMO's blue light alone", "绿波对照SUMO蓝光设备"),
        "python -m benchmarks.emergency.greenwave CASE.sumocfg --table docs/validation",
    ),
    Known(
        "alarms",
        _LIVE,
        say("Alarms beside what happened, and beside chance", "告警对照实际与随机"),
        "python -m benchmarks.live.alarms --folder DIR --table docs/validation",
    ),
    Known(
        "closed_loop",
        _LIVE,
        say("The true gain of what was done in a hidden city", "隐藏城市中措施的真实收益"),
        "python -m benchmarks.live.closed_loop --folder DIR --table docs/validation",
    ),
)
