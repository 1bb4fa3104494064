"""Sentences of the page of fitted parameters: key -> (English, Chinese)."""

from __future__ import annotations

PARAMETER_WORDS: dict[str, tuple[str, str]] = {
    "parameters.kind": (
        "Drivers, signals and gaps from what the street says",
        "由道路观测标定驾驶行为、信号与间隙参数",
    ),
    "parameters.lead": (
        "{simulations} simulations by {search}; {sensors} sensors and paths, {periods} periods",
        "{search}，仿真{simulations}次；检测器与路径共{sensors}处，{periods}个时段",
    ),
    "parameters.surrogate": ("emulator of all outputs", "全输出代理模型"),
    "parameters.spsa": ("SPSA", "SPSA（同时扰动随机逼近）"),
    "parameters.kept": ("What was found is kept: {reason}.", "采用标定值：{reason}。"),
    "parameters.stays": ("The values before stay: {reason}.", "保留原值：{reason}。"),
    "parameters.table": ("Parameters", "参数"),
    "parameters.name": ("parameter", "参数"),
    "parameters.before": ("before", "原值"),
    "parameters.found": ("found", "标定值"),
    "parameters.interval": ("90 % interval", "90%区间"),
    "parameters.range": ("within its bounds", "在取值范围内"),
    "parameters.data": ("what the data say", "数据的说明力"),
    "parameters.informed": ("informed", "有信息"),
    "parameters.not_informed": ("not informed: left as it was", "无信息：保留原值"),
    "parameters.trades": ("known only together with {names}", "只能与{names}一起确定"),
    "parameters.source": ("where they come from", "来源"),
    "parameters.bounds": ("Bounds of the search", "搜索范围"),
    "parameters.guessed": ("a guess, ", "推测，"),
    "parameters.cars": ("cars", "小汽车"),
    "parameters.trucks": ("trucks", "货车"),
    "parameters.signals": ("signals", "信号"),
    "parameters.table_note": (
        "Bar: 90 % interval within the bounds; hollow ring: before; dot: found. Intervals rest on an emulator of the "
        "simulation and on sensors as independent pieces of evidence.",
        "横条：取值范围内的90%区间；空心圆：原值；实心点：标定值。区间依据仿真代理模型，并把各检测器视为独立证据。",
    ),
    "parameters.errors": ("Before and after, on fresh seeds", "标定前后对比（新随机种子）"),
    "parameters.measure": ("mean absolute error", "平均绝对误差"),
    "parameters.at_used": ("at used sensors", "标定所用检测器"),
    "parameters.at_held": ("held out", "留出"),
    "parameters.after": ("after", "标定后"),
    "parameters.misfit": ("misfit (1 is noise alone)", "偏差（1为纯噪声）"),
    "parameters.flow": ("flow, vehicles a period", "流量，辆/时段"),
    "parameters.speed": ("speed, km/h", "车速，公里/时"),
    "parameters.travel_time": ("travel time, s", "行程时间，秒"),
    "parameters.course": ("Misfit of each simulation of the search, in order", "搜索过程中各次仿真的偏差（按顺序）"),
    "parameters.number": ("simulation", "仿真序号"),
    "parameters.line": ("dashed: the values before", "虚线：原值"),
}
