"""Sentences of the page of forecast skill: key -> (English, Chinese)."""

from __future__ import annotations

SKILL_WORDS: dict[str, tuple[str, str]] = {
    "skill.kind": ("How good the forecasts are", "预测的准确程度"),
    "skill.lead": (
        "{cases} scored forecasts of a place in a period; {unanswered} were never answered by an observation",
        "已评分预测{cases}个（按地点与时段计）；{unanswered}始终无观测可对照",
    ),
    "skill.better": (
        "{quantity}: {judged} is {gain} better (CRPS) than the best baseline, {best}; its 90 % intervals hold {held}.",
        "{quantity}：{judged}的CRPS比最佳基准（{best}）低{gain}；其90%区间覆盖率为{held}。",
    ),
    "skill.worse": (
        "{quantity}: {judged} is {gain} worse (CRPS) than the best baseline, {best}; its 90 % intervals hold {held}.",
        "{quantity}：{judged}的CRPS比最佳基准（{best}）高{gain}；其90%区间覆盖率为{held}。",
    ),
    "skill.same": (
        "{quantity}: {judged} is as good (CRPS) as the best baseline, {best}; its 90 % intervals hold {held}.",
        "{quantity}：{judged}的CRPS与最佳基准（{best}）相同；其90%区间覆盖率为{held}。",
    ),
    "skill.alone": (
        "{quantity}: {judged} stands alone, no baseline was issued; its 90 % intervals hold {held}.",
        "{quantity}：仅有{judged}，无基准可比；其90%区间覆盖率为{held}。",
    ),
    "skill.quantity_flow": ("Flow", "流量"),
    "skill.quantity_speed": ("Speed", "车速"),
    "skill.quantity_travel_time": ("Travel time", "行程时间"),
    "skill.quantity_people": ("People", "人数"),
    "skill.quantity_depth": ("Water depth", "积水深度"),
    "skill.unit_flow": ("vehicles per period", "辆/时段"),
    "skill.unit_speed": ("m/s", "米/秒"),
    "skill.unit_travel_time": ("s", "秒"),
    "skill.unit_people": ("people", "人"),
    "skill.unit_depth": ("m", "米"),
    "skill.source_served": ("what was served", "所提供的预测"),
    "skill.source_twin": ("the twin", "孪生模型"),
    "skill.source_mixed": ("mixture by skill", "按技巧加权组合"),
    "skill.source_persistence": ("persistence", "持续性"),
    "skill.source_historical mean": ("historical mean", "历史均值"),
    "skill.source_blend": ("blend of both", "两者混合"),
    "skill.source_boosting": ("gradient boosting", "梯度提升"),
    "skill.chart_crps": ("CRPS by horizon, {unit}: lower is better", "各预见期CRPS（{unit}）：越低越好"),
    "skill.chart_held": ("Share held by 90 % intervals", "90%区间覆盖率"),
    "skill.held_note": (
        "Band: 85 to 95 %, where it should be. CRPS weighs the whole distribution; of one value it is the absolute "
        "error.",
        "色带：应处的85%–95%范围。CRPS衡量整个预测分布；对单值即绝对误差。",
    ),
    "skill.axis_minutes": ("minutes ahead", "提前分钟数"),
    "skill.axis_crps": ("CRPS", "CRPS值"),
    "skill.axis_held": ("share held, %", "覆盖率（%）"),
    "skill.head_ahead": ("ahead", "提前"),
    "skill.head_cases": ("cases", "样本数"),
    "skill.head_error": ("mean error", "平均绝对误差"),
    "skill.head_best": ("best baseline", "最佳基准"),
    "skill.head_best_error": ("its mean error", "其平均误差"),
    "skill.head_gain": ("CRPS gained", "CRPS改善"),
    "skill.head_held": ("held by 90 %", "90%区间覆盖"),
    "skill.head_behind": ("served from", "提供来源"),
    "skill.head_place": ("place", "地点"),
    "skill.table_note": ("What is judged: {judged}.", "评价对象：{judged}。"),
    "skill.places": ("Where a baseline is served", "提供基准预测的地点"),
    "skill.places_note": (
        "At {count} of {all} places a baseline stood behind most of what was served: nothing measured better.",
        "在{all}个地点中的{count}个，多数提供的是基准预测：实测没有更好的来源。",
    ),
    "skill.places_none": (
        "At no place did a single baseline stand behind most of what was served.",
        "没有任何地点主要由单一基准提供预测。",
    ),
    "skill.events": (
        "Events ({event}): {hits} foretold, {misses} missed, {false_alarms} false alarms.",
        "事件（{event}）：命中{hits}次，漏报{misses}次，误报{false_alarms}次。",
    ),
    "skill.event_flow": ("flow below half of its mean at the place", "流量低于该处均值的一半"),
    "skill.event_speed": (
        "speed below a third of its 95 % quantile at the place, which stands for the free speed (a guess)",
        "车速低于该处95%分位值（代自由流车速，属推测）的三分之一",
    ),
    "skill.event_travel_time": ("travel time above twice its mean", "行程时间超过均值两倍"),
    "skill.event_people": ("people above one and a half times their mean", "人数超过均值1.5倍"),
    "skill.none": ("No forecast's time has come yet.", "尚无到期的预测。"),
}
