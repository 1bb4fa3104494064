"""Words of a flood run's page."""

from __future__ import annotations

FLOOD_WORDS: dict[str, tuple[str, str]] = {
    "flood.kind": ("Where water may stand", "哪里可能积水"),
    "flood.kind_ponding": ("Ponding points", "易积水点"),
    "flood.lead": (
        "{rain} mm of rain on average, {minutes} min, members: {members}.",
        "平均降雨 {rain} 毫米，历时 {minutes} 分钟，{members} 个集合成员。",
    ),
    "flood.map": ("Map of water with roads on top", "积水与道路叠加图"),
    "flood.layer": ("Water as", "积水显示方式"),
    "flood.layer_chance": ("Chance of more than 15 cm", "水深超过15厘米的概率"),
    "flood.layer_prone": ("Prone to ponding: share of members", "易积水程度：成员占比"),
    "flood.layer_depth": ("Deepest water, mean of the members", "最大水深（集合平均）"),
    "flood.scale_chance": ("Share of members, from", "成员占比下限"),
    "flood.scale_depth": ("Depth in m, from", "水深下限（米）"),
    "flood.scale_ground": ("Ground", "地表"),
    "flood.sea": ("sea, lake or river", "海、湖或河"),
    "flood.building": ("building", "建筑"),
    "flood.shut": ("road that closes to cars (half of the members or more)", "对小汽车封闭的道路（半数以上成员）"),
    "flood.deck": ("bridge deck, dry", "桥面（无积水）"),
    "flood.pond": ("ponding point", "易积水点"),
    "flood.underpass": ("underpass", "下穿通道"),
    "flood.screening": (
        "The terrain is for screening alone: it says where water may stand, not how deep. No depth, no time and no "
        "closure on this page rests on it; look on the spot.",
        "地形数据仅供筛查：只能说明何处可能积水，不能说明水深。本页不据此给出水深、时间或封闭建议，请现场查看。",
    ),
    "flood.assumed": (
        "The terrain is for screening alone; depths, times and closures here are an assumption of the user "
        "(--assume-depths), no ground for closing a road.",
        "地形数据仅供筛查；此处的水深、时间与封闭为使用者的假定（--assume-depths），不可作为实际封路的依据。",
    ),
    "flood.duty": ("For the duty officer", "值班要点"),
    "flood.place": ("Place", "地点"),
    "flood.chance": ("Chance to pass", "超限概率"),
    "flood.depth": ("Deepest, m", "最大水深（米）"),
    "flood.when": ("Passes", "超限时刻"),
    "flood.by": ("Close by", "最迟封闭"),
    "flood.what": ("What to do", "处置建议"),
    "flood.caught": ("Vehicles caught", "被困车辆"),
    "flood.caught_note": (
        "Vehicles caught: whose engines die in an underpass if nobody closes it, mean of the members.",
        "被困车辆：若不封闭下穿通道，因涉水熄火的车辆数（集合平均）。",
    ),
    "flood.rests_traffic": ("Traffic: {source}", "交通流量：{source}"),
    "flood.depth_note": (
        "Deepest: middle of the members, in brackets 10th to 90th percentile. Passes: middle; close by: the tenth "
        "percentile less the time that closing takes.",
        "最大水深：集合中位数，括号内为10%至90%分位数。超限时刻：中位数；最迟封闭：10%分位数减去封闭所需时间。",
    ),
    "flood.placing": ("Where pumps and crews help most", "水泵与人员布置建议"),
    "flood.pumps_at": ("Pumps", "水泵位置"),
    "flood.crews_at": ("Crews close in time", "人员及时封闭"),
    "flood.saves_hours": ("Saves vehicle-hours", "减少车辆延误（车·小时）"),
    "flood.saves_people": ("Saves people exposed", "减少受影响人数"),
    "flood.saves_total": ("Saves in all", "合计减少"),
    "flood.placing_note": (
        "Each row was run in full with the same members; mean of the members, in brackets the 90 % interval. In all: "
        "vehicle-hours and people exposed, each person at as many vehicle-hours as was asked.",
        "每行均以相同集合成员完整计算；数值为集合平均，括号内为90%区间。合计：车·小时与受影响人数按给定权重相加。",
    ),
    "flood.placing_no_pump": ("none", "无"),
    "flood.placing_rests_hours": (
        "Vehicle-hours: {veh_h} vehicles an hour (their busiest) each take the quickest way left, and lose an hour at "
        "most (guess); roads' times are those of the assignment without water.",
        "车·小时：按最繁忙小时{veh_h}辆车计，各走剩余最快路线，最多损失一小时（推测）；路段时间取无积水时的分配结果。",
    ),
    "flood.placing_rests_people": (
        "People exposed: residents (guessed from floor area) of buildings with 0.15 m at a wall, and 1.5 in each "
        "vehicle caught (guess).",
        "受影响人数：墙边水深达0.15米的建筑居民（按建筑面积推测），以及每辆被困车辆1.5人（推测）。",
    ),
    "flood.placing_rests_pumps": (
        "Each pump lifts {litres} l/s out of the city from {setup} min after it gets there; the order is given at the "
        "run's begin. The screen looked at {screened} placements by each place's balance; the best were run in full.",
        "每台水泵到达{setup}分钟后开始以{litres}升/秒抽排至区外；指令在计算起始时下达。先按各点水量平衡筛选{screened}种方案，再完整计算最优的几种。",
    ),
    "flood.hollow": ("Volume to the brim, m³", "满溢容积（立方米）"),
    "flood.catchment": ("Drains into it, ha", "汇水面积（公顷）"),
    "flood.origin": ("Known from", "来源"),
    "flood.origin.terrain": ("terrain", "地形"),
    "flood.origin.report": ("reports", "上报"),
    "flood.origin.both": ("terrain and reports", "地形与上报"),
    "flood.ledger": ("The ledger of the city as described, m³", "现状成员的水量账（立方米）"),
    "flood.rests": ("What it rests on", "依据与假设"),
    "flood.rests_rain": ("Rain: {source}", "降雨：{source}"),
    "flood.rests_terrain": ("Terrain: {source}", "地形：{source}"),
    "flood.rests_draws": (
        "Members differ by guessed spreads: rain by a fifth (unless it is an ensemble already), roughness by a "
        "quarter, drains at half to all of {drains} mm/h; terrain by its error where asked for.",
        "成员之间的差异为推测：降雨约±20%（降雨本身为集合时除外），糙率约±25%，排水能力为{drains}毫米/小时的50%至100%；"
        "按需加入地形误差。",
    ),
    "flood.rests_underpasses": (
        "Underpasses hold the water that runs down their ramps, and pumps lift it; where a catchment was surveyed its "
        "own balance counts. Without a survey their profile, pumps and closing depth are guessed.",
        "下穿通道蓄积沿坡道流入的水，由水泵排出；汇水区经实测的按其自身水量平衡计算。无实测资料时，其断面、水泵和封闭水深为推测。",
    ),
}
