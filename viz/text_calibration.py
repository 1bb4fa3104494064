"""Sentences of the calibration report: key -> (English, Chinese)."""

from __future__ import annotations

CALIBRATION_WORDS: dict[str, tuple[str, str]] = {
    "calibration.kind": ("Demand from counts, and its proof", "由计数推算的需求及其检验"),
    "calibration.lead": (
        "{sensors} sensors, {hours} h ({window} on the simulation's clock)",
        "{sensors}个检测器，{hours}小时（仿真时钟{window}）",
    ),
    "calibration.headline": (
        "At {sensors} sensors that the calibration never saw, {share} of {flows} hourly flows have GEH < 5 "
        "(at those it used: {used}; that figure proves nothing).",
        "在标定未使用的{sensors}个检测器上，{flows}个小时流量中有{share}满足 GEH<5"
        "（所用检测器上为{used}，该数字不能证明什么）。",
    ),
    "calibration.rule_edges": ("Held out: random edges.", "留出方式：随机路段。"),
    "calibration.rule_corridors": (
        "Held out: whole corridors, both directions, so that nothing up or down the street tells of them:",
        "留出方式：整条走廊（双向），其上下游均无已用检测器：",
    ),
    "calibration.rule_screenlines": ("Held out: whole screenlines:", "留出方式：整条核查线："),
    "calibration.demand": ("Demand", "需求"),
    "calibration.held_geh": ("held out: GEH < 5", "留出：GEH<5"),
    "calibration.mape": ("mean error", "平均误差"),
    "calibration.rmse": ("RMSE, veh/h", "RMSE（辆/时）"),
    "calibration.r2": ("R²", "R²值"),
    "calibration.bias": ("total", "总量偏差"),
    "calibration.used_geh": ("used: GEH < 5", "已用：GEH<5"),
    "calibration.vehicles": ("vehicles", "车辆数"),
    "calibration.mean_km": ("mean trip, km", "平均出行（公里）"),
    "calibration.waiting": ("found no room", "未能驶入"),
    "calibration.side_ours": ("calibrated", "标定结果"),
    "calibration.side_before": ("reference: the case's own", "参考：原有需求"),
    "calibration.side_peer": ("SUMO routeSampler, same sensors", "SUMO routeSampler（相同检测器）"),
    "calibration.ceiling": (
        "Two seeds of the same simulation agree by GEH < 5 on {share} of the held-out flows: no demand can be held to "
        "more.",
        "同一仿真的两个随机种子在{share}的留出流量上满足 GEH<5，任何需求都无法超过该水平。",
    ),
    "calibration.map": ("Where it drives more or less than was counted", "与计数相比偏多或偏少之处"),
    "calibration.over": ("more than counted (GEH ≥ 5)", "多于计数（GEH≥5）"),
    "calibration.under": ("fewer than counted (GEH ≥ 5)", "少于计数（GEH≥5）"),
    "calibration.right": ("GEH < 5", "误差小（GEH<5）"),
    "calibration.sign": ("sign: held out (▲ more, ▼ fewer, ○ GEH < 5)", "符号：留出检测器（▲偏多 ▼偏少 ○GEH<5）"),
    "calibration.map_note": (
        "Width grows with GEH. Lines lie to the right of their direction. Point at one for its figures: sensor, "
        "counted → simulated per hour.",
        "线宽随 GEH 增大，线位于行车方向右侧。指向可查看：检测器、计数→仿真（每小时）。",
    ),
    "calibration.charts": ("Observed against simulated", "观测与仿真对比"),
    "calibration.key_held": ("held out", "留出"),
    "calibration.key_used": ("used", "已用"),
    "calibration.key_geh": ("GEH = 5", "GEH=5 界线"),
    "calibration.scatter": ("Hourly flows (axes are square roots)", "小时流量（坐标为平方根）"),
    "calibration.observed": ("counted, vehicles per hour", "计数（辆/时）"),
    "calibration.simulated": ("simulated, vehicles per hour", "仿真（辆/时）"),
    "calibration.by_distance": ("Error by distance to the nearest used sensor", "误差与最近已用检测器的距离"),
    "calibration.distance_axis": ("distance to the nearest used sensor, m", "与最近已用检测器的距离（米）"),
    "calibration.geh_axis": ("GEH of a held-out flow", "留出流量的 GEH"),
    "calibration.distance": ("distance", "距离"),
    "calibration.flows": ("flows", "流量数"),
    "calibration.lengths": ("Trip lengths", "出行距离"),
    "calibration.length_axis": ("trip length, km", "出行距离（公里）"),
    "calibration.share_axis": ("share of trips, %", "出行占比（%）"),
    "calibration.criteria": ("Criteria by name", "各准则判定"),
    "calibration.criteria_note": (
        "Flows are those at held-out sensors, after simulation. What nobody measured is not assessable and says why.",
        "流量均取自留出检测器的仿真结果。未测量的项目标为无法评估并说明原因。",
    ),
    "calibration.criterion": ("criterion", "准则"),
    "calibration.verdict": ("verdict", "判定"),
    "calibration.found": ("found", "结果"),
    "calibration.asked": ("asked", "要求"),
    "calibration.state.pass": ("✓ pass", "✓ 通过"),
    "calibration.state.fail": ("✗ fail", "✗ 未通过"),
    "calibration.state.not_assessable": ("not assessable", "无法评估"),
    "calibration.left_out": ("Counts left out", "未采用的计数"),
    "calibration.none_left_out": ("None.", "无。"),
    "calibration.sensor": ("sensor", "检测器"),
    "calibration.why": ("why", "原因"),
    "calibration.more": ("and {n} more, see repairs.csv", "另有{n}项，见 repairs.csv"),
    "calibration.repaired": (
        "{n} more findings were repaired or noted: see repairs.csv.",
        "另有{n}项已修复或记录，见 repairs.csv。",
    ),
    "calibration.rests": ("What it rests on", "依据"),
    "calibration.method": (
        "Every flow is one of whole vehicles driven through the microscopic simulation, never of the estimate's own.",
        "所有流量均为整车经微观仿真所得，而非推算过程中的数值。",
    ),
    "calibration.guess": (
        "Counts alone do not tell who goes where: routes and the proportions between origins and destinations are a "
        "guess from the network where no count decides.",
        "仅凭计数无法得知出行起讫：在计数无法决定之处，路径与起讫比例由路网推测。",
    ),
    "calibration.seeds": (
        "Mean of {seeds} seeds of the simulation for the calibrated demand, one for the others.",
        "标定需求取{seeds}个仿真随机种子的平均，其余各一个。",
    ),
}
