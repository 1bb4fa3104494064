"""What each row of a table of rules means, in both languages; the rows that a table may hold."""

from __future__ import annotations

from networks.sentence import Sentence, say

CHECKS: dict[str, Sentence] = {
    "served": say("every link is green at some time", "每个连接在周期内均获得绿灯"),
    "conflict": say("groups in conflict that are green together", "相互冲突的灯组同时绿灯"),
    "right_of_way": say(
        "links that go first (G) beside a green that they must give way to",
        "应让行的连接在对方绿灯时显示优先绿灯（G）",
    ),
    "protected_turn": say(
        "turns over this many oncoming lanes or more, from a lane of their own, are protected",
        "对向车道达到此数且有专用车道的转弯须设保护相位",
    ),
    "yellow": say("yellow after green", "绿灯后的黄灯时间"),
    "yellow_most": say("longest yellow", "最长黄灯时间"),
    "red_amber": say("red and amber before green", "绿灯前的红黄同亮时间"),
    "intergreen": say("from the end of a green to the begin of one in conflict", "绿灯结束至冲突绿灯开始的间隔"),
    "least_green": say("least green of vehicles", "机动车最小绿灯时间"),
    "walk": say("least green of people on foot", "行人最小绿灯时间"),
    "clearance": say(
        "from the end of people's green to the begin of one in conflict", "行人绿灯结束至冲突绿灯开始的间隔"
    ),
    "walk_total": say(
        "people's green and clearance together, for who walks slowly", "行人绿灯与清空时间之和（按慢速步行）"
    ),
    "crossing_time": say(
        "red of vehicles at a crossing that the network does not hold: walk and clearance",
        "路网中未建模的人行横道：车辆红灯须容纳行人绿灯与清空时间",
    ),
    "most_red": say("longest red; actuated greens at their longest", "最长红灯时间（感应绿灯取最长）"),
    "flashing_green": say("flashing green of people before red", "行人红灯前的绿闪时间"),
    "countdown": say(
        "lamps with a countdown display whose green may last longer or shorter than was known when it began",
        "设倒计时显示而绿灯开始时时长未知的灯组",
    ),
    "waiting_area": say(
        "lamps of the streets beside that are green while vehicles may stand in a waiting area for turns",
        "待转区内可能仍有车辆停留时横向放行的灯组",
    ),
    "refuge_wait": say("wait on the island of a crossing in two halves", "两段式过街在安全岛上的等候时间"),
    "detectors": say("greens that traffic may stretch have a detector", "感应延长的绿灯须有检测器"),
    "transition_stage": say("a stage that both plans show, to change over in", "两套方案共有、可供切换的阶段"),
    "transition_cycles": say("cycles until the new offset is reached", "达到新相位差所需的周期数"),
    "transition_red": say("longest red while the plans change over", "方案切换期间的最长红灯时间"),
}
"""What is judged, in the order in which it is told."""

FIGURES: dict[str, Sentence] = {
    "protected_turn_speed": say("oncoming speed limit above which such turns are protected", "须设保护相位的对向限速"),
    "yellow_reaction": say("perception and reaction", "感知反应时间"),
    "yellow_braking": say("braking that is comfortable", "舒适减速度"),
    "speed_over_limit": say(
        "85th percentile above the speed limit, where nobody measured", "未实测时85%位车速超出限速的量"
    ),
    "turn_entry_speed": say("speed at which turns enter", "转弯车辆驶入速度"),
    "intergreen_turning": say("intergreen of who turns, by difference of ways", "转弯车流的绿灯间隔（按行程差）"),
    "intergreen_to_walk": say("from the end of a green to people's green", "车辆绿灯结束至行人绿灯开始的间隔"),
    "vehicle_length": say("length that has to clear, too", "须一并清空的车长"),
    "red_clearance": say("least red clearance", "最短全红清空时间"),
    "entry_delay": say("start-up of who enters, taken from the red clearance", "驶入车辆启动延误（自全红时间扣除）"),
    "walk_speed": say("speed of people who clear a crossing", "行人清空速度"),
    "walk_total_speed": say("speed of who walks slowly", "慢速步行速度"),
    "walk_setback": say("from where they start to the kerb", "行人起步处至路缘的距离"),
    "transition_change": say("share of the cycle by which one cycle may be longer", "过渡周期可延长的比例"),
}
"""What the checks are reckoned from."""

MEANINGS = {**CHECKS, **FIGURES}
