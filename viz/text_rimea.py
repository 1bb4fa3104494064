"""Words of the page of RiMEA's tests."""

from __future__ import annotations

RIMEA_WORDS: dict[str, tuple[str, str]] = {
    "rimea.kind": ("Tests of people in continuous space", "连续空间行人模型检验"),
    "rimea.lead": (
        "{met} of {held} gates met. Each test as drawn and turned; numbering of the RiMEA guideline 3.0.",
        "{held}项门限中有{met}项达到。每项试验按原图及旋转后进行；编号依RiMEA指南3.0版。",
    ),
    "rimea.passed": ("passed", "通过"),
    "rimea.missed": ("missed", "未通过"),
    "rimea.documented": ("documented", "仅记录"),
    "rimea.measured": ("measured", "测量项"),
    "rimea.gate": ("at most", "上限"),
    "rimea.turned": ("{degrees}°", "{degrees}°"),
    "rimea.keys": (
        "Grey: ground. Orange: doors. Blue: ways of people; dots: where they begin.",
        "灰：地面；橙：门；蓝：行人轨迹；圆点：起点。",
    ),
    "rimea.rests": ("What this rests on", "依据"),
    "rimea.sources": (
        "Of the guideline's text the pages of tests 9 and 12 could be read; they say themselves that they document "
        "rather than exclude. The others are after secondary sources; limits that these lack are this project's own.",
        "指南原文仅读到第9、12项，原文称其用于记录而非淘汰。其余依二手资料；资料未给限值时采用本项目自定限值。",
    ),
    "rimea.1": ("A speed that was set is kept", "保持设定速度"),
    "rimea.2": ("A speed that was set is kept on stairs", "楼梯上保持设定速度"),
    "rimea.4": ("Slower where it is denser", "密度越高速度越低"),
    "rimea.5": ("People set out when they are told", "按规定时间出发"),
    "rimea.6": ("Round a corner", "绕过转角"),
    "rimea.7": ("Speeds by age", "按年龄的速度"),
    "rimea.8": ("What the model's figures do", "模型参数的影响"),
    "rimea.9": ("A crowd leaves a large room", "人群离开大空间"),
    "rimea.10": ("Everybody to the exit they were given", "各走指定出口"),
    "rimea.11": ("Most take the near door, some the other", "多数走近门，部分走另一门"),
    "rimea.12": ("A jam only before the first narrow way", "仅在第一个狭窄处拥堵"),
    "rimea.14": ("The longer way round", "绕行较长路线"),
    "rimea.15": ("A crowd round a corner", "人群绕过转角"),
}
"""Key -> (English, Chinese)."""

MEASURES: dict[str, str] = {
    "time over 40 m, relative error": "走40米用时的相对误差",
    "time on 10 m of stair, rel. error": "10米楼梯用时的相对误差",
    "speed rises with density (m/s)": "速度随密度上升量（米/秒）",
    "off Weidmann, mean (m/s)": "与Weidmann曲线的平均偏差（米/秒）",
    "off the time to set out, most (s)": "出发时间的最大偏差（秒）",
    "places outside the walls": "墙外位置数",
    "of 20 people not round": "20人中未绕过的人数",
    "of 50 people outside their group": "50人中速度超出本组的人数",
    "time to leave, as it is (s)": "离开用时，原参数（秒）",
    "time to leave, speed + 20 % (s)": "离开用时，速度加20%（秒）",
    "time to leave, time gap + 20 % (s)": "离开用时，时距加20%（秒）",
    "time to leave, radius + 20 % (s)": "离开用时，半径加20%（秒）",
    "ratio of times, off 2": "用时之比与2的偏差",
    "ratio of times, two doors / four": "用时之比（两门/四门）",
    "time by four doors (s)": "四门用时（秒）",
    "of 24 people by a door not theirs": "24人中走错门的人数",
    "share by the near door, off 0.75": "走近门的比例与0.75的偏差",
    "time until all are out (s)": "全部离开的用时（秒）",
    "persons/m2 before the second door": "第二道门前的密度（人/平方米）",
    "missing to 2/m2 before the corridor": "通道前密度低于2人/平方米之差",
    "share that takes the longer way": "走较长路线的比例",
    "sooner than along the inner edge (s)": "比沿内侧直道快的时间（秒）",
    "time round the corner / outer edge": "转角用时与外侧直道之比",
}
"""What is measured -> the same in Chinese."""
