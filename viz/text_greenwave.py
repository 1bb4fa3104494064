"""Words of the page of a green wave."""

from __future__ import annotations

GREENWAVE: dict[str, tuple[str, str]] = {
    "wave.kind": ("Green wave for a blue light", "应急车辆绿波"),
    "wave.lead": (
        "From {start} to {end}, asked for at {at} s: {length} m, signals on the way: {signals}",
        "从 {start} 到 {end}，第 {at} 秒请求：{length} 米路线上有 {signals} 个信号机",
    ),
    "wave.sentence": (
        "With signals that hand over the vehicle needs {wave} s, with blue light alone {blue} s ({share}).",
        "信号机让行时车辆用时 {wave} 秒，仅用警灯时 {blue} 秒（{share}）。",
    ),
    "wave.at_most": (
        "In empty streets with every signal green it would need {least} s ({share}): no wave can be quicker.",
        "若道路无车且全程绿灯，需 {least} 秒（{share}）：任何绿波都不会更快。",
    ),
    "wave.too_dear": (
        "The wave over every signal ({count}) is too dear: the vehicle gains nothing by it, or others lose more than "
        "10 s on average.",
        "全部 {count} 个信号机让行的绿波代价过高：应急车辆没有获益，或其他车辆平均损失超过 10 秒。",
    ),
    "wave.answer": (
        "Answer: signals {kept} should hand over ({count} of {every}): travel time {share}, others {mean} s on average;"
        " judged on the same simulation that they were chosen on.",
        "结论：{every} 个信号机中应由 {count} 个让行（{kept}）：行程时间 {share}，其他车辆平均 {mean} 秒；"
        "选择与评判用的是同一次仿真。",
    ),
    "wave.answer_fresh": (
        "Answer: signals {kept} should hand over ({count} of {every}): travel time {share}, others {mean} s on average;"
        " judged in other simulations than that of the choice ({seeds}).",
        "结论：{every} 个信号机中应由 {count} 个让行（{kept}）：行程时间 {share}，其他车辆平均 {mean} 秒，"
        "由选择之外的 {seeds} 次仿真评判。",
    ),
    "wave.none": (
        "Answer: no wave. Blue light alone is best: each wave that was driven is too dear ({count}).",
        "结论：不采用绿波，仅用警灯最好：试驶的 {count} 种绿波代价都过高。",
    ),
    "wave.not_worth": (
        "Answer: no wave. Blue light alone is best: the best wave (signals {kept}, {count} of {every}) gives "
        "travel time {share}, others {mean} s on average where it is judged (simulations: {seeds}).",
        "结论：不采用绿波，仅用警灯最好：最好的绿波（{every} 个信号机中的 {count} 个：{kept}）"
        "在 {seeds} 次评判仿真中行程时间 {share}，其他车辆平均 {mean} 秒。",
    ),
    "wave.others": (
        "Others: {count} trips lose {mean} s more on average, the worst tenth of them {worst} s; the queue fills "
        "{filled} lanes for longer and {freed} for less time.",
        "其他车辆：{count} 次出行平均多损失 {mean} 秒，受影响最大的十分之一为 {worst} 秒；"
        "{filled} 条车道排满时间更长，{freed} 条更短。",
    ),
    "wave.fewer": (
        "Cheaper: signals {kept} alone: {wave} s ({share}), others {mean} s on average.",
        "更省的方案：仅信号机 {kept} 让行：{wave} 秒（{share}），其他车辆平均 {mean} 秒。",
    ),
    "wave.rules_kept": (
        "What was shown keeps every rule ({rules}) that today's plans keep: least greens, intergreens, walks and "
        "clearances on foot, longest reds.",
        "实际放行符合现行方案所符合的全部规则（{rules}）：最小绿灯、绿灯间隔、行人放行与清空、最长红灯。",
    ),
    "wave.rules_broken": ("Rules broken: {count}.", "违反规则：{count} 条。"),
    "wave.simulated": (
        "One simulation of {case}, seed {seed}, forked at the call: both pictures share one past. Signals that "
        "hand over in the upper one: {signals}.",
        "{case} 的一次仿真，随机种子 {seed}，在请求时刻分叉：两图过去完全相同。上图中有 {signals} 个信号机让行。",
    ),
    "wave.never": (
        "With the wave the vehicle did not come in time to be judged.",
        "有绿波时车辆未能按时到达，不作评判。",
    ),
    "wave.never_alone": (
        "With blue light alone the vehicle did not come in time to be judged; with the wave it took {wave} s.",
        "仅用警灯时车辆未能按时到达，不作评判；有绿波时用时{wave}秒。",
    ),
    "wave.never_came": (
        "In {count} seeds the vehicle did not come in time to be judged, with the wave or without.",
        "{count}个种子中车辆（有无绿波）未能按时到达，不作评判。",
    ),
    "wave.seeds": (
        "Over {count} seeds: {share} less travel time (90 % interval {low} to {high}); others {mean} s on average.",
        "{count} 个随机种子：行程时间减少 {share}（90% 区间 {low} 至 {high}）；其他车辆平均 {mean} 秒。",
    ),
    "wave.with": ("Signals hand over", "信号机让行"),
    "wave.without": ("Blue light alone", "仅用警灯"),
    "wave.axes": (
        "Time to the right, the way upwards, a line for each stop line. Above it what vehicles on the way see; below "
        "it, thin and green, when people may cross the way on foot there.",
        "横轴为时间，纵轴为路线，每条停止线一行。线上为路线车辆所见灯色；线下绿色细线为行人可横穿该路线的时间。",
    ),
    "wave.mine": ("blue light", "应急车辆"),
    "wave.traffic": ("traffic on the way", "路线上的其他车辆"),
    "wave.people": ("people may cross", "行人可过街"),
    "wave.table": ("Signals in the order of travel", "沿途信号机"),
    "wave.passed": ("Vehicle passes s", "车辆通过 秒"),
    "wave.passed_blue": ("with blue light alone s", "仅用警灯 秒"),
    "wave.least": ("Shortest people's time s", "行人最短时间 秒"),
    "wave.why": ("Note", "说明"),
    "wave.follows": ("follows its plan", "按原方案运行"),
}
