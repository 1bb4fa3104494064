"""Sentences of the page of places for sensors: key -> (English, Chinese)."""

from __future__ import annotations

SITING_WORDS: dict[str, tuple[str, str]] = {
    "siting.kind": ("Where another sensor helps most", "新增检测器的最佳位置"),
    "siting.lead": (
        "{count} more sensors beside {existing} that stand; {streets} streets",
        "在现有{existing}个检测器之外新增{count}个；共{streets}条路段",
    ),
    "siting.headline": (
        "With these {count}, {left} of the uncertainty about the flows of all streets is left; no choice of {count} "
        "could leave less than {bound}.",
        "新增这{count}个后，全部路段流量的不确定性（方差）剩余{left}；任何{count}个位置都不可能低于{bound}。",
    ),
    "siting.map": ("Streets by what is not known of them", "各路段流量的未知程度"),
    "siting.known": ("known to a quarter or better", "误差不超过四分之一"),
    "siting.half": ("to a half", "误差不超过一半"),
    "siting.unknown": ("less than that", "误差更大"),
    "siting.new": ("new sensor, in order of use", "新检测器（按作用排序）"),
    "siting.old": ("sensor that stands", "现有检测器"),
    "siting.map_note": (
        "Colour: standard deviation of a street's flow over its mean once all these sensors count; width: flow. "
        "Beliefs come from the network alone (capacities at its rim, shortest ways) and are guesses.",
        "颜色：全部检测器投入后路段流量的标准差与均值之比；线宽：估计流量。"
        "先验仅来自路网（边界通行能力与最短路径），属推测。",
    ),
    "siting.order": ("Places in order", "位置排序"),
    "siting.edge": ("street (edge)", "路段"),
    "siting.own": ("its flow is unsure by", "该路段流量不确定度"),
    "siting.taken": ("takes off", "可消除"),
    "siting.left": ("left then", "剩余"),
}
