"""Words of the report on judged signal timings: who gains, who loses, by mode, signal, approach, movement and phase."""

from __future__ import annotations

GAIN: dict[str, tuple[str, str]] = {
    "gain.modes": ("Who gains, by how they travel", "各出行方式的得失"),
    "gain.mode": ("Mode", "方式"),
    "gain.mode.car": ("cars", "小汽车"),
    "gain.mode.truck": ("trucks", "货车"),
    "gain.mode.bus": ("buses", "公交车"),
    "gain.mode.tram": ("trams and trains", "有轨电车与列车"),
    "gain.mode.motorcycle": ("motorcycles", "摩托车"),
    "gain.mode.bicycle": ("bicycles", "自行车"),
    "gain.mode.pedestrian": ("on foot", "行人"),
    "gain.mode.other": ("others", "其他"),
    "gain.travellers": ("in a run", "每次仿真数量"),
    "gain.modes_note": (
        "Delay in s each: vehicles with the wait to enter, people on foot what they lose on the way. A mode that is "
        "not in the table does not travel in this case, so nothing is known of it.",
        "每个出行者的延误（秒）：车辆含入网等待，行人为途中损失。表中没有的方式在本案例中没有需求，因此无从得知。",
    ),
    "gain.where": ("Where it gains, where it loses", "何处改善、何处变差"),
    "gain.counted": (
        "{better} signals gain beyond chance, {worse} lose, of {unsure} we cannot tell.",
        "{better} 个信号机的改善超出随机波动，{worse} 个变差，{unsure} 个无法判断。",
    ),
    "gain.map_hint": (
        "Blue circle: gains. Orange triangle: loses. Grey ring: cannot tell. The larger, the more vehicle-hours; the "
        "number is the row of the table below.",
        "蓝色圆：改善；橙色三角：变差；灰色环：无法判断。越大表示车·小时变化越多；数字为下表行号。",
    ),
    "gain.signal": ("Signal", "信号机"),
    "gain.hours": ("Vehicle-hours lost in a run", "每次仿真损失的车·小时"),
    "gain.per_vehicle": ("Delay, s per vehicle", "每车延误（秒）"),
    "gain.brief": ("{before} → {after} s per vehicle", "每车 {before} → {after} 秒"),
    "gain.fullest": ("Fullest movement, v/c", "最大饱和度"),
    "gain.filled": ("Fullest queue", "最满排队"),
    "gain.signals_note": (
        "Lost on the signal's approaches, the wait to enter included; 90 % intervals over the judged seeds, paired. "
        "The list begins with what gains most and ends with what loses most.",
        "为该信号机进口道上的损失，含入网等待；区间为评判种子配对的90%区间。列表由改善最多至变差最多排列。",
    ),
    "gain.approaches": ("Approaches", "进口道"),
    "gain.approach": ("Approach", "进口道"),
    "gain.vehicles": ("Vehicles", "车辆数"),
    "gain.queue": ("Longest queue, m of the lane", "最长排队（米/车道长）"),
    "gain.full": ("Minutes with a full lane", "排满的分钟占比"),
    "gain.movements": ("Movements: volume over capacity", "流向饱和度"),
    "gain.movement": ("Movement", "流向"),
    "gain.volume": ("Volume, vehicles/h", "流量（辆/小时）"),
    "gain.movements_note": (
        "The busiest lane of each movement: flow of the demand over 1800 vehicles per hour of the green that the run "
        "of seed {seed} showed; a green that gives way counts 1/1.3.",
        "各流向最繁忙车道：需求流量除以每小时绿灯1800辆（绿灯取种子{seed}的仿真所示，须让行的绿灯按1/1.3计）。",
    ),
    "gain.phases": ("Phases, as a controller would have logged them", "各相位运行指标（按信号机日志口径）"),
    "gain.greens": ("Greens", "绿灯次数"),
    "gain.phases_note": (
        "Run of seed {seed}, today and with the plans found, by the measures that read logs of the field "
        "(twin signals atspm).",
        "种子{seed}的仿真，现状与新方案，所用指标与读取现场日志者相同（twin signals atspm）。",
    ),
    "gain.diagrams": ("Arrivals in the cycle with the plan found", "新方案下的周期内到达"),
    "gain.changes": ("What changes, and why", "变更内容与理由"),
    "gain.unlogged": (
        "No events were recorded here: only the {most} signals with most traffic are.",
        "此处未记录事件：仅记录流量最大的{most}个信号机。",
    ),
    "gain.unseen": ("Nobody came by in the judged runs.", "评判仿真中无车辆经过。"),
}
