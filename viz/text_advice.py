"""Words of the page of advice for a visitor day."""

from __future__ import annotations

ADVICE_WORDS: dict[str, tuple[str, str]] = {
    "kind.visitor_day": ("Visitor day", "游客疏导"),
    "unit.person h": ("person-hours", "人·小时"),
    "unit.visits": ("visits", "人次"),
    "advice.kind": ("Advice for a visitor day", "游客疏导建议"),
    "advice.do": ("What to do", "建议措施"),
    "advice.nothing": ("Nothing: as it is, is best", "不采取措施：维持现状最佳"),
    "advice.maps": ("Where people stand too close", "人群过密之处"),
    "advice.before": ("As it is", "现状"),
    "advice.after": ("With the measures", "采取措施后"),
    "advice.scale": (
        "Person-minutes above 3.5 persons/m² on each path over the day, mean of the draws; {total} in all "
        "(90 % interval {low} to {high}), {off} of them off the paths, where people wait for runs or buses or are held "
        "back. The line is wider and darker where there are more; the darkest: {most}.",
        "各路段全天处于每平方米3.5人以上的人·分钟数（样本均值），合计{total}（90%区间{low}至{high}），"
        "其中{off}在路段之外（候车、拦截等候处）。"
        "线越宽越深数值越大，最深为{most}。",
    ),
    "advice.effects": ("What changes", "变化"),
    "advice.measure": ("Over the day", "全天"),
    "advice.base": ("as it is", "现状"),
    "advice.change": ("change", "变化"),
    "advice.interval": ("90 % interval", "90%区间"),
    "advice.verdict": ("beyond chance?", "是否超出偶然"),
    "measure.dense_min": ("person-minutes above 3.5 persons/m²", "每平方米3.5人以上的人·分钟"),
    "measure.trouble_h": ("trouble: hours lost, danger counted tenfold", "综合损失（小时，危险按10倍计）"),
    "measure.visit_h": ("visit-hours", "游览时间（人·小时）"),
    "measure.lost_h": ("hours on foot, in queues and buses", "步行、排队与乘车（人·小时）"),
    "measure.gate_h": ("of these before gates", "其中闸机前排队（人·小时）"),
    "measure.held_h": ("of these held back, or leaving in turn", "其中被拦截或错峰等候（人·小时）"),
    "measure.shuttle_h": ("of these waiting for a shuttle", "其中等候接驳车（人·小时）"),
    "measure.platform_h": ("hours of waiting for a run home", "等候返程班次（人·小时）"),
    "measure.refused": ("people who got to no site", "未能游览任何景点（人）"),
    "measure.shortened": ("visits wished for and not made", "未成行的游览（人次）"),
    "measure.shifted": ("people who came at another time", "改时到达（人）"),
    "measure.moved": ("people who parked elsewhere", "改停他处（人）"),
    "measure.out": ("people not back at the end", "结束时未返回（人）"),
    "advice.compliance": ("If more or fewer follow", "服从比例不同时"),
    "advice.follow": ("follow", "服从比例"),
    "advice.less": ("fewer dense minutes (90 %)", "高密度时间减少（90%）"),
    "advice.kept": ("visit-hours kept", "游览时间保留"),
    "advice.tried": ("What else was tried", "其他试过的方案"),
    "advice.candidate": ("Measures", "措施"),
    "advice.draws": ("draws", "样本数"),
    "advice.fresh": ("fresh", "新样本"),
    "advice.in_choice": ("choice", "选择样本"),
    "advice.in_search": ("search", "搜索样本"),
    "advice.why_not": ("why not", "未采用原因"),
    "advice.risks": ("Check before", "实施前须核实"),
    "advice.rests": ("What this rests on", "依据与假设"),
    "advice.receipt": (
        "{days} days simulated ({cpu} CPU s); judged on draws {seeds}, which the search never used. "
        "{share} % of the groups follow advice.",
        "共仿真{days}天（{cpu} CPU秒）；以搜索未用过的样本{seeds}检验。{share}%的团组服从引导。",
    ),
    "advice.left_out": ("There was no time for {count} more candidates.", "另有{count}个方案因时间所限未试。"),
}
