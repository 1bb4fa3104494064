"""Words for what a day holds: kinds of alarms, verdicts, states of messages, sources of forecasts."""

from __future__ import annotations

from networks.sentence import say

KINDS = {
    "spillback": say("queue that fills its street", "排队溢出"),
    "incident": say("incident", "交通事件"),
    "ponding": say("ponding", "积水"),
    "site": say("full site", "景点客满"),
    "coverage": say("gap of coverage", "救援覆盖缺口"),
    "sensor": say("sensor at fault", "传感器故障"),
}
VERDICTS = {
    "confirm": say("confirmed", "属实"),
    "false": say("false alarm", "误报"),
    "unsure": say("unsure", "无法确定"),
}
LETTERS = {
    "waiting": say("waiting", "待发"),
    "held": say("held back", "暂缓"),
    "sending": say("sending", "发送中"),
    "sent": say("sent, not answered", "已发未回复"),
    "taken": say("taken", "已接收"),
    "overdue": say("overdue", "超时"),
    "done": say("done", "已执行"),
    "refused": say("refused", "被拒绝"),
    "dead": say("given up", "已放弃"),
}
MESSAGES = {
    "signal_plan": say("signal plan", "信号方案"),
    "vms": say("message sign", "可变情报板"),
    "situation": say("situation", "态势"),
    "warning": say("warning", "预警"),
    "task": say("task", "任务"),
    "recommendation": say("recommendation", "建议"),
    "rollback": say("rollback", "撤回"),
}
QUANTITIES = {"flow": say("flow", "流量"), "speed": say("speed", "车速"), "people": say("people", "人数")}
SOURCES = {
    "served": say("what was served", "发布值"),
    "twin": say("the twin", "孪生"),
    "persistence": say("as now", "持续法"),
    "blend": say("blend", "混合"),
    "historical mean": say("mean of past days", "历史均值"),
    "historical_mean": say("mean of past days", "历史均值"),
    "boosting": say("gradient boosting", "梯度提升"),
}
