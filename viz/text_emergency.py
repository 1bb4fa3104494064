"""Words of the rescue services' pages."""

from __future__ import annotations

EMERGENCY_WORDS: dict[str, tuple[str, str]] = {
    "emergency.kind_coverage": ("How soon help is there", "救援可达时间"),
    "emergency.kind_dispatch": ("Whom to send, and where to wait", "派谁去，在哪里待命"),
    "emergency.kind_site": ("Where stations should stand", "站点选址"),
    "emergency.lead": (
        "{units} units ({kind}) at {stations} stations.",
        "{stations}个站点，{units}个单元（{kind}）。",
    ),
    "emergency.map": ("Map of response times", "响应时间地图"),
    "emergency.see": ("Show", "显示"),
    "emergency.now": ("Now", "现在"),
    "emergency.later": ("In {minutes} min", "{minutes}分钟后"),
    "emergency.today": ("Stations as they are", "现有站点"),
    "emergency.proposed": ("Stations as proposed", "建议站点"),
    "emergency.minutes": ("Minutes from the call until somebody is there", "从呼叫到到达的分钟数"),
    "emergency.cut": ("nobody gets there", "无法到达"),
    "emergency.shut": ("road under water", "道路被淹"),
    "emergency.station": ("station", "站点"),
    "emergency.new": ("proposed station", "建议站点"),
    "emergency.hospital": ("hospital", "医院"),
    "emergency.sea": ("sea, lake or river", "海、湖或河"),
    "emergency.within": ("Share of the calls that somebody reaches in time", "及时到达的呼叫占比"),
    "emergency.when": ("When", "时刻"),
    "emergency.who": ("Stations", "站点布置"),
    "emergency.within_min": ("within {minutes} min", "{minutes}分钟内"),
    "emergency.cut_share": ("cut off", "无法到达"),
    "emergency.mean": ("mean", "平均"),
    "emergency.ways": ("Ways to work, on the same calls", "同一批呼叫下的调度方式"),
    "emergency.way": ("Way to work", "调度方式"),
    "emergency.way_nearest": ("nearest by live time (baseline)", "实时最近（基准）"),
    "emergency.way_forecast": ("nearest, by the flood forecast", "最近，按积水预报"),
    "emergency.way_least_lost": ("least coverage lost", "覆盖损失最小"),
    "emergency.way_stand_by": ("stand-by moves (DMEXCLP)", "动态待命（DMEXCLP）"),
    "emergency.way_diversion": ("units under way are diverted", "途中改派"),
    "emergency.way_all": ("all of these", "以上全部"),
    "emergency.way_sited": ("planning: other stations (MEXCLP)", "规划：调整站点（MEXCLP）"),
    "emergency.median": ("median", "中位数"),
    "emergency.p90": ("90th perc.", "90%分位数"),
    "emergency.utilisation": ("utilisation", "利用率"),
    "emergency.unanswered": ("unanswered", "未响应"),
    "emergency.against": ("against the baseline", "相对基准"),
    "emergency.ways_note": (
        "Response from the call to arrival, min:s; means over {seeds} seeds of {hours} h at {per_hour} calls an hour. "
        "Below: the paired difference from the baseline and its 90 % interval; blue better, brown worse, grey where it "
        "cannot be told from none. Out: wheels rolling, from the order. Other stations are a plan for years, no rule "
        "for today.",
        "响应时间从呼叫到到达（分:秒）；{seeds}个随机种子、每次{hours}小时、每小时{per_hour}起呼叫的平均。下方为与基准的配对差及90%区间；蓝色较好，棕色较差，"
        "灰色表示无法区分。“出车”自指令起计。调整站点属长期规划，并非当日调度规则。",
    ),
    "emergency.target_ems_out_cn": ("out ≤ 3 min", "3分钟内出车"),
    "emergency.target_ems_8": ("≤ 8 min", "8分钟内"),
    "emergency.target_ems_12": ("≤ 12 min", "12分钟内"),
    "emergency.target_ems_15": ("≤ 15 min", "15分钟内"),
    "emergency.target_fire_edge_cn": ("there ≤ 5 min from the order", "指令后5分钟内到场"),
    "emergency.aim_cover": ("share within {minutes} min", "{minutes}分钟内占比"),
    "emergency.aim_expected": ("expected share within {minutes} min", "{minutes}分钟内期望占比"),
    "emergency.aim_median": ("mean response", "平均响应时间"),
    "emergency.bound": ("no answer is better than", "最优界"),
    "emergency.site_note": (
        "{kept} stations are kept, {new} are new. Solved exactly as an integer program (HiGHS); new stations are "
        "looked for at roads next to where people live and work, land and costs are not known here.",
        "保留{kept}个站点，新建{new}个。以整数规划精确求解（HiGHS）；候选位置为居民与岗位附近道路，未考虑用地与成本。",
    ),
    "emergency.open": ("Calls that need a word", "需要说明的呼叫"),
    "emergency.call": ("Call", "呼叫"),
    "emergency.where": ("Where", "地点"),
    "emergency.said": ("What was said", "说明"),
    "emergency.rests": ("What this rests on", "依据与假设"),
}
