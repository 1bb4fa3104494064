"""Words of the page of a hot spot."""

from __future__ import annotations

SPOT_WORDS: dict[str, tuple[str, str]] = {
    "spot.kind": ("Hot spot, person by person", "热点区域逐人仿真"),
    "spot.lead": (
        "{people} people in {minutes} min; most {peak} persons/m² on 10 m² over 10 s; {alarms} alarms.",
        "{minutes}分钟内{people}人；10平方米、10秒平均最大密度{peak}人/平方米；预警{alarms}次。",
    ),
    "spot.map": ("Largest density", "最大密度"),
    "spot.map_note": (
        "Each patch is 10 m²; the colour is its densest 10 s. Dark bars are doors, rings are alarms.",
        "每格10平方米，颜色为其最密10秒的密度。深色条为出入口，圆环为预警。",
    ),
    "spot.band": ("from {from_pm2} persons/m²", "{from_pm2}人/平方米起"),
    "spot.course": ("In the course of time", "随时间变化"),
    "spot.course_note": (
        "Blue: people on the ground (left). Orange: density of the densest patch (right, persons/m²).",
        "蓝：区域内人数（左轴）。橙：最密格的密度（右轴，人/平方米）。",
    ),
    "spot.figures": ("Figures", "指标"),
    "spot.free": ("ground that is free (m²)", "可通行面积（平方米）"),
    "spot.red": ("person-minutes at 3.5 persons/m² and more", "密度不低于3.5人/平方米的人·分钟"),
    "spot.turbulent": ("patches with crowd turbulence", "出现人群湍流的格数"),
    "spot.watch": ("patches to watch (crush index 0.01)", "需关注的格数（拥挤指数0.01）"),
    "spot.last": ("last one out after (s)", "最后一人离开（秒）"),
    "spot.still": ("still there at the end", "结束时仍在场"),
    "spot.alarms": ("Alarms", "预警"),
    "spot.alarm_note": (
        "An alarm is raised where 2 persons/m² are reached and more people come than leave, for 3 s. Lead: time until "
        "5 persons/m².",
        "密度达到2人/平方米且流入大于流出并持续3秒时预警。提前量：至5人/平方米的时间。",
    ),
    "spot.patch": ("patch", "格"),
    "spot.at": ("at (s)", "时刻（秒）"),
    "spot.density": ("persons/m²", "人/平方米"),
    "spot.inflow": ("in (1/s)", "流入（人/秒）"),
    "spot.outflow": ("out (1/s)", "流出（人/秒）"),
    "spot.lead_s": ("lead (s)", "提前量（秒）"),
    "spot.never": ("not reached", "未达到"),
    "spot.none": ("No alarm.", "无预警。"),
    "spot.doors": ("Doors", "出入口"),
    "spot.door": ("door", "出入口"),
    "spot.width": ("width (m)", "宽度（米）"),
    "spot.came": ("came in", "进入人数"),
    "spot.left": ("left", "离开人数"),
    "spot.waited": ("most waiting", "最多等候"),
    "spot.rests": ("What this rests on", "依据"),
    "spot.sources": (
        "People are moved by JuPedSim's collision-free speed model with figures fitted to laboratory bottlenecks; "
        "demand is synthetic. The crush index is density times variance of velocities; its bands are after secondary "
        "sources.",
        "行人由JuPedSim无碰撞速度模型驱动，参数由实验室瓶颈数据拟合；需求为合成数据。拥挤指数为密度乘速度方差，其分级依二手资料。",
    ),
}
"""Key -> (English, Chinese)."""
