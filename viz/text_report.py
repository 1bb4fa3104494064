"""The report's sentences: key -> (English, Chinese)."""

from __future__ import annotations

REPORT: dict[str, tuple[str, str]] = {
    "report.kind": ("What-if study", "情景推演报告"),
    "report.answer": ("The answer first", "结论先行"),
    "report.no_recommendation": (
        "The searches found nothing to recommend. The comparison below says what was tried.",
        "搜索没有得出可推荐的措施。下面的比较说明试过什么。",
    ),
    "report.maps": ("On the map", "地图"),
    "report.maps_hint": (
        "One clock moves all maps. Drag to move, use the buttons or two fingers to zoom; the maps stay together.",
        "同一时间轴驱动所有地图。拖动平移，用按钮或双指缩放；各图保持同步。",
    ),
    "report.play": ("Play", "播放"),
    "report.pause": ("Pause", "暂停"),
    "report.time": ("Time", "时间"),
    "report.scenario": ("Show on the maps", "地图显示方案"),
    "report.map.traffic": ("Roads: speed", "道路：车速"),
    "report.map.flood": ("Water on the ground", "地面积水"),
    "report.map.crowd": ("Visitors on foot", "步行人流"),
    "report.map.ambulance": ("Ambulance routes, before and after", "救护车路线：前后对比"),
    "report.map.traffic_note": (
        "One member of the ensemble (seed {seed}). Coloured: roads with vehicles in the last interval.",
        "集合中的一个成员（种子 {seed}）。着色：上一时段有车辆的道路。",
    ),
    "report.map.flood_note": (
        "Cells with 5 cm or more, {cell:.0f} m wide. Screening: where water tends to gather, not centimetres.",
        "仅显示 5 厘米及以上、{cell:.0f} 米网格。筛查级：表示易积水处，不保证厘米精度。",
    ),
    "report.map.flood_note_measured": (
        "Cells with 5 cm or more, {cell:.0f} m wide.",
        "仅显示 5 厘米及以上、{cell:.0f} 米网格。",
    ),
    "report.map.no_flood": ("There is no rain in this study.", "本研究没有降雨。"),
    "report.map.crowd_note": (
        "People per m² on each footway; above 3.5 per m² it is crowded.",
        "各步行道每平方米人数；超过 3.5 人/平方米为拥挤。",
    ),
    "report.map.ambulance_note": (
        "Wide: route as it is. Narrow: route in the chosen alternative. "
        "Positions between dispatch and arrival are spaced evenly.",
        "粗线：现状路线。细线：所选方案路线。派车与到达之间的位置按均匀速度插值。",
    ),
    "report.map.failed": ("This browser cannot draw maps (no WebGL).", "此浏览器无法绘制地图（缺少 WebGL）。"),
    "report.differences": ("What each alternative changes", "各方案带来的变化"),
    "report.differences_hint": (
        "Paired difference from as it is, with its 90 % interval. Filled: the sign is beyond chance. "
        "Hollow: cannot tell. Blue is better, orange is worse.",
        "与现状的配对差值及 90% 区间。实心：方向超出随机波动；空心：无法判断。蓝色更好，橙色更差。",
    ),
    "report.course": ("How the evening goes", "过程"),
    "report.plot.flood": ("Deepest water and closed roads", "最大积水深度与封闭道路"),
    "report.plot.depth_axis": ("deepest water (m)", "最大积水深度（米）"),
    "report.plot.closed_axis": ("closed roads", "封闭道路数"),
    "report.plot.rain_axis": ("rain (mm/h)", "雨强（毫米/小时）"),
    "report.plot.response": ("Ambulance response, call by call", "每次呼叫的救护车响应时间"),
    "report.plot.response_axis": ("from call to arrival (min)", "从呼叫到到达（分钟）"),
    "report.plot.crowd": ("Density that the most crowded 1 % meet", "最拥挤的 1% 行人所处密度"),
    "report.plot.crowd_axis": ("people per m²", "人/平方米"),
    "report.plot.walkers": ("People walking", "步行人数"),
    "report.plot.walkers_axis": ("people on the footways", "步行道上的人数"),
    "report.plot.speed": ("Mean speed of traffic", "平均车速"),
    "report.plot.speed_axis": ("mean speed (km/h)", "平均车速（公里/小时）"),
    "report.plot.clock_axis": ("time of day", "时刻"),
    "report.plot.difference_axis": ("difference from as it is ({unit})", "与现状之差（{unit}）"),
    "report.plot.members": ("line: shown member", "线：所示成员"),
    "report.unanswered": ("not answered", "未响应"),
    "report.table": ("The numbers", "数据表"),
    "report.table.measure": ("Measure", "指标"),
    "report.table.as_is": ("As it is", "现状"),
    "report.table.alternative": ("Alternative", "方案"),
    "report.table.difference": ("Difference", "差值"),
    "report.table.interval": ("90 % interval", "90% 区间"),
    "report.table.pairs": ("Pairs", "配对数"),
    "report.table.correlation": ("Correlation", "相关系数"),
    "report.table.variance_ratio": ("Gain of pairing (variance ratio)", "配对增益（方差比）"),
    "report.table.verdict": ("Verdict", "结论"),
    "report.table.definition": ("What it measures", "含义"),
    "report.members": ("Members", "成员"),
    "report.members.seed": ("Seed", "种子"),
    "report.members.run_id": ("Run id", "运行编号"),
    "report.members.valid": ("Valid", "有效"),
    "report.members.reasons": ("Reasons", "原因"),
    "report.members.yes": ("yes", "是"),
    "report.members.no": ("left out", "已剔除"),
    "report.members.all_valid": ("All {n} members are valid.", "全部 {n} 个成员有效。"),
    "report.members.some_invalid": (
        "{bad} of {n} members are invalid and left out of every comparison, with their pairs.",
        "{n} 个成员中有 {bad} 个无效，连同其配对一并剔除。",
    ),
    "report.method": ("How it was done", "方法"),
    "report.method.ensemble": (
        "Each alternative was run with the same {n} seeds as the present state. Trips, vehicle types, routes and "
        "visitors are drawn beforehand and are the same in a pair, so a difference comes from the alternative.",
        "每个方案与现状使用相同的 {n} 个随机种子。出行、车型、路径和行人事先抽样，成对相同，因此差异来自方案本身。",
    ),
    "report.method.interval": (
        "Intervals are 90 % Student t intervals of paired differences. An interval that includes zero "
        "is called cannot tell. Many measures are looked at: about one in ten intervals misses the truth by chance.",
        "区间为配对差值的 90% 学生 t 区间。包含零的区间记为“无法判断”。指标较多：约十分之一的区间会因偶然而不含真值。",
    ),
    "report.method.traffic": (
        "Traffic: SUMO, microscopic, one vehicle at a time. Water slows and closes roads by vehicle class "
        "(Pregnolato et al. 2017, doi:10.1016/j.trd.2017.06.020).",
        "交通：SUMO 微观仿真，逐车计算。积水按车型降低车速并封闭道路"
        "（Pregnolato 等 2017，doi:10.1016/j.trd.2017.06.020）。",
    ),
    "report.method.flood": (
        "Flood: two-dimensional local inertial equations (Bates et al. 2010, doi:10.1016/j.jhydrol.2010.03.027), "
        "once per storm, shared by every member.",
        "洪涝：二维局部惯性方程（Bates 等 2010，doi:10.1016/j.jhydrol.2010.03.027），"
        "每场暴雨只算一次，由所有成员共享。",
    ),
    "report.method.crowd": (
        "Visitors: an agent model on the walk graph with Weidmann's (1993) relation of density and speed.",
        "行人：步行网络上的智能体模型，采用 Weidmann（1993）密度—速度关系。",
    ),
    "report.guesses": ("What was guessed", "哪些是推测"),
    "report.guesses_hint": (
        "Results rest on these. Replace them with measurements before deciding anything that matters.",
        "结果依赖以下推测。作重要决定前请用实测数据替换。",
    ),
    "report.data": ("Data and licences", "数据与许可"),
    "report.data.name": ("Data", "数据"),
    "report.data.licence": ("Licence", "许可"),
    "report.data.city": ("City", "城市"),
    "report.repeat": ("Repeat it", "如何重现"),
    "report.repeat_hint": (
        "The same inputs, seeds and versions give the same run ids and the same measures.",
        "相同的输入、种子和版本得到相同的运行编号与指标。",
    ),
    "report.versions": ("Versions", "版本"),
    "report.timings": ("How long each step took", "各步骤用时"),
    "report.timings.step": ("Step", "步骤"),
    "report.timings.seconds": ("Seconds", "秒"),
    "report.timings.total": ("Total", "合计"),
    "report.synthetic": (
        "A simulated evening on a real map. Nobody's real journey is in it.",
        "真实地图上的模拟情景，不含任何真实个人行程。",
    ),
    "report.no_script": ("Maps need JavaScript; every number is below.", "地图需要 JavaScript；全部数据见下文。"),
    "report.made_by": ("Made by citytwin {version}", "由 citytwin {version} 生成"),
}
