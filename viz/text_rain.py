"""Words of the nowcast's page."""

from __future__ import annotations

RAIN_WORDS: dict[str, tuple[str, str]] = {
    "rain.kind": ("Rain of the next hour", "未来一小时降雨"),
    "rain.lead": (
        "Issued {issued}; {minutes} min ahead in {members} members.",
        "起报时间 {issued}；外推 {minutes} 分钟，{members} 个集合成员。",
    ),
    "rain.map": ("Map of rain", "降雨图"),
    "rain.seen": ("seen by radar", "雷达实测"),
    "rain.forecast": ("forecast", "预报"),
    "rain.play": ("Play", "播放"),
    "rain.time": ("Time", "时间"),
    "rain.layer": ("The forecast as", "预报显示方式"),
    "rain.layer_mean": ("Mean of the members", "集合平均"),
    "rain.layer_control": ("Last frame carried along", "末帧外推"),
    "rain.layer_chance": ("Chance of {rain} mm/h or more", "雨强达 {rain} 毫米/小时的概率"),
    "rain.layer_member": ("Member {number}", "成员 {number}"),
    "rain.arrows": ("Where the rain goes in 30 min", "30 分钟内雨区移动"),
    "rain.scale_rain": ("Rain, mm/h, from", "雨强下限（毫米/小时）"),
    "rain.scale_chance": ("Chance, from", "概率下限"),
    "rain.unknown": ("unknown", "未知"),
    "rain.map_note": (
        "Cross: the place charted below. Dots: gauges. Dashed: degrees. Unknown: beyond what the radar saw, or rain "
        "that comes from there.",
        "十字：下图所示地点；圆点：雨量站；虚线：经纬度。未知：超出雷达所见范围，或雨区来自该范围之外。",
    ),
    "rain.place": ("Rain at the place, mm/h", "该地点雨强（毫米/小时）"),
    "rain.chart_note": (
        "Line: seen. Dashed: middle of the members; bands hold 50 and 90 % of them. The upright line is now.",
        "实线：实测；虚线：集合中位数；色带含 50% 与 90% 的成员；竖线为当前时刻。",
    ),
    "rain.middle": ("Middle", "中位数"),
    "rain.range": ("90 % of members", "90% 成员范围"),
    "rain.tells": ("Still known", "仍可预知"),
    "rain.tells_note": (
        "Still known: the share of the rain's variation that the last frame still tells; the rest is drawn at random "
        "with the rain's own texture, and its amounts drift to the climatology.",
        "仍可预知：末帧仍能说明的降雨变化份额；其余按降雨自身纹理随机生成，雨量趋于气候分布。",
    ),
    "rain.moments": ("Four moments", "四个时刻"),
    "rain.moments_note": (
        "Above the mean of the members, below the chance of {rain} mm/h or more; colours as on the map.",
        "上：集合平均；下：雨强达 {rain} 毫米/小时的概率；颜色同上图。",
    ),
    "rain.rests": ("What it rests on", "依据与假设"),
    "rain.rests_frames": ("{count} radar frames, {first} to {last}.", "{count} 帧雷达图，{first} 至 {last}。"),
    "rain.rests_missing": (
        "Missing frames: {times}; they are not made up.",
        "缺失的雷达帧：{times}；未作补造。",
    ),
    "rain.rests_whole": ("No frame is missing.", "没有缺失的雷达帧。"),
    "rain.rests_gauges.mean-field": (
        "One factor for the map from {count} gauges: gauges over radar {bias}. Mean difference {before} mm before, "
        "{after} mm after at a gauge left out.",
        "按 {count} 个雨量站以统一系数订正：雨量站与雷达之比 {bias}。平均差订正前 {before} 毫米，"
        "订正后（逐站检验）{after} 毫米。",
    ),
    "rain.rests_gauges.local": (
        "Factors that vary with the way to the gauges, from {count} gauges: gauges over radar {bias} in all. Mean "
        "difference {before} mm before, {after} mm after at a gauge left out.",
        "按 {count} 个雨量站以随距离变化的系数订正：总体雨量站与雷达之比 {bias}。平均差订正前 {before} 毫米，"
        "订正后（逐站检验）{after} 毫米。",
    ),
    "rain.left_out": ("Left out: {name}.", "未采用：{name}。"),
    "rain.rests_no_gauges": (
        "No gauges: radar alone may be off by a factor of two.",
        "未用雨量站订正：单靠雷达，误差可达两倍。",
    ),
    "rain.rests_method": (
        "Optical flow (Lucas-Kanade), carried backward along the motion; members after STEPS (Bowler, Pierce & Seed "
        "2006). No rain grows or dies but by chance: a cloud that forms within the hour is not foreseen.",
        "光流法（Lucas-Kanade）求移动场，半拉格朗日后向外推；集合成员按STEPS方法（Bowler、Pierce与Seed，2006）。"
        "雨区的生消仅为随机：一小时内新生的云团无法预见。",
    ),
    "rain.rests_pysteps": (
        "Members by pysteps (STEPS; Pulkkinen et al. 2019). No rain grows or dies but by chance: a cloud that forms "
        "within the hour is not foreseen.",
        "集合成员由pysteps生成（STEPS方法；Pulkkinen等，2019）。雨区的生消仅为随机：一小时内新生的云团无法预见。",
    ),
    "rain.rests_guesses": (
        "Guessed: how far members' motion spreads (10 % along, 7 % across), and that radar sees rain that reaches the "
        "ground.",
        "推测值：成员移动的离散度（沿向10%、横向7%）；并假定雷达所见降雨均落至地面。",
    ),
}
