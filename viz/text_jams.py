"""Sentences of the pages of incidents and bottlenecks: key -> (English, Chinese)."""

from __future__ import annotations

JAM_WORDS: dict[str, tuple[str, str]] = {
    "jams.kind": ("Bottlenecks and their causes", "瓶颈及其成因"),
    "jams.lead": ("{seeds} simulations, {begin} to {end}", "{seeds}次仿真，{begin}至{end}"),
    "jams.lead_run": ("One run, {begin} to {end}", "单次运行，{begin}至{end}"),
    "jams.headline": (
        "{count} queues cost {lost} vehicle-hours; the worst begins at {edge}: {cause}.",
        "{count}处排队共损失{lost}车小时；最严重处始于 {edge}：{cause}。",
    ),
    "jams.none": ("No queue stood that cost half a vehicle-hour.", "没有损失达到半车小时的排队。"),
    "jams.map": ("Where queues begin, and how far they reach", "排队起点与波及范围"),
    "jams.head": ("head of a queue, by cost", "排队起点（按损失排序）"),
    "jams.queue": ("street that waits for it", "受其影响的路段"),
    "jams.note": (
        "A street is jammed where its speed is under half of the limit and two vehicles a lane wait on the mean; "
        "it belongs to the head that it waits for. Lost: time beyond free flow.",
        "车速低于限速一半且平均每车道有两辆以上车辆等待即为拥堵；归入其所等待的起点。损失指超出自由流的时间。",
    ),
    "jams.table": ("Queues by cost", "排队（按损失排序）"),
    "jams.edge": ("begins at (edge)", "起点（路段）"),
    "jams.when": ("when", "时间"),
    "jams.longest": ("longest", "最长"),
    "jams.lost": ("lost", "损失"),
    "jams.metres": ("{value} m", "{value} 米"),
    "jams.hours": ("{value} vehicle-hours", "{value} 车小时"),
    "jams.cause": ("cause", "成因"),
    "jams.proof": ("with the cause taken away", "消除成因后"),
    "jams.untested": ("not tried", "未验证"),
    "jams.saves": (
        "{saved} ± {width} veh-h saved here, {town} in the whole town ({seeds} seeds, more green)",
        "增加绿灯后此处减少{saved} ± {width}车小时，全网减少{town}（{seeds}个种子）",
    ),
    "found.kind": ("Incidents found from counts", "由检测数据发现的事件"),
    "found.lead": ("{sensors} sensors, {begin} to {end}", "{sensors}个检测器，{begin}至{end}"),
    "found.headline": (
        "Incidents: {incidents}. Not clear yet: {open}. Suspicions with another cause: {others}.",
        "事件：{incidents}起。尚不明确：{open}次。其他原因的怀疑：{others}次。",
    ),
    "found.map": ("Where it is blocked, and what else was looked at", "受阻位置及其他怀疑对象"),
    "found.incident": ("incident", "事件"),
    "found.other": ("possible place, wider is likelier", "可能位置（越宽概率越高）"),
    "found.open": ("not clear yet", "尚不明确"),
    "found.liar": ("sensor that does not fit", "异常检测器"),
    "found.sensor": ("sensor", "检测器"),
    "found.table": ("In the order in which it was told", "按报告时间排序"),
    "found.told": ("told at", "报告时间"),
    "found.since": ("since", "开始时间"),
    "found.told_at": ("told {time}", "{time} 报告"),
    "found.since_at": ("since {time}", "自 {time} 起"),
    "found.what": ("what", "内容"),
    "found.note": (
        "Each line knows only what was seen up to its time. Likely places were tried in copies of the simulation with "
        "a vehicle that stands there; probabilities rest on guessed prior shares and errors (docs/how-to.md).",
        "每行仅依据当时之前的数据。可能性较大的位置在仿真副本中以停驻车辆验证；"
        "概率基于假定的先验与误差（见 docs/how-to.md）。",
    ),
}
