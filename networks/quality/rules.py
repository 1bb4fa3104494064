"""The table of checks: what each looks at, what it must reach, why, and what would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from networks.sentence import Sentence, say


@dataclass(frozen=True)
class Rule:
    """One check as it stands for every city.

    Attributes:
        name: Short name, also in thresholds of one's own.
        family: `roads`, `signals`, `walking`, `places`, `ground` or `data`.
        title: What it looks at.
        unit: `share`, `m`, `flag` (1 is yes), or "" for a number of things.
        direction: `at_least`, `at_most`, or `told`: shown, and nothing is asked of it.
        threshold: The value to reach; None when told.
        why: Why that value.
        fix: What would mend it.
    """

    name: str
    family: str
    title: Sentence
    unit: str
    direction: str
    threshold: float | None
    why: Sentence
    fix: Sentence


_TABLE = (
    Rule(
        "length_kept", "roads",
        say("drivable road of the map that is in the network", "地图上可行车道路进入路网的比例"),
        "share", "at_least", 0.98,
        say("what is left out carries no traffic, and its traffic overloads the rest",
            "未纳入的道路没有车流，其车流会压到其余道路上"),
        say("join the loose roads to the network on the map, or export a larger area",
            "在地图上把孤立道路接入路网，或导出更大的范围"),
    ),
    Rule(
        "strongly_connected", "roads",
        say("road from which cars reach all the rest and come back", "小汽车可互相到达的道路比例"),
        "share", "at_least", 0.99,
        say("a trip that begins or ends elsewhere cannot be routed", "起讫点在其余道路上的出行无法寻路"),
        say("check one-way tags and turn restrictions at the roads listed", "检查所列道路的单行与转向限制标签"),
    ),
    Rule(
        "lanes_as_tagged", "roads",
        say("edges with as many lanes as their tag says", "车道数与标签一致的路段"),
        "share", "at_least", 0.99,
        say("lanes are capacity", "车道数决定通行能力"),
        say("compare the edges listed with their lanes tags; correct the wrong one",
            "将所列路段与其车道标签对照，改正有误的一方"),
    ),
    Rule(
        "speed_as_tagged", "roads",
        say("edges with the speed limit of their tag", "限速与标签一致的路段"),
        "share", "at_least", 0.99,
        say("speeds set travel times and routes", "限速决定行程时间与路径"),
        say("compare the edges listed with their maxspeed tags", "将所列路段与其 maxspeed 标签对照"),
    ),
    Rule(
        "directions_as_tagged", "roads",
        say("edges in a direction that their tags allow", "方向与单行标签一致的路段"),
        "share", "at_least", 1.0,
        say("traffic against a one-way street is never right", "单行路上绝不允许逆行"),
        say("check the oneway tags of the edges listed", "检查所列路段的单行标签"),
    ),
    Rule(
        "turns_as_tagged", "roads",
        say("lanes that turn as turn:lanes says", "转向与 turn:lanes 标签一致的车道"),
        "share", "at_least", 0.95,
        say("arrows on the map may contradict its geometry, so a few cannot be met",
            "地图上的箭头可能与几何形状矛盾，因此允许少量不一致"),
        say("check the arrows of the lanes listed", "检查所列车道的导向箭头"),
    ),
    Rule(
        "restrictions_kept", "roads",
        say("turn restrictions that the network obeys", "路网遵守的转向限制"),
        "share", "at_least", 0.99,
        say("a lost restriction lets traffic turn where it must not", "丢失的限制会让车辆违规转向"),
        say("check the relations listed", "检查所列的限制关系"),
    ),
    Rule(
        "dead_lanes", "roads",
        say("lanes that lead nowhere, of those on roads that go on", "在有出路的道路上无去向的车道"),
        "share", "at_most", 0.01,
        say("vehicles caught in such a lane stand until they are removed", "误入此类车道的车辆会停滞直至被移除"),
        say("check lanes and turn lanes where the edges listed end", "检查所列路段末端的车道与导向车道"),
    ),
    Rule(
        "doubled_edges", "roads",
        say("edges that lie on another of the same direction", "与同向路段重合的路段"),
        "", "at_most", 0.0,
        say("a road mapped twice has twice its capacity", "重复绘制的道路会使通行能力加倍"),
        say("delete one of the two ways on the map", "在地图上删除其中一条"),
    ),
    Rule(
        "signals_matched", "signals",
        say("traffic signals on the map with a built signal within 40 m", "40米内有对应信号机的地图信号灯"),
        "share", "at_least", 0.98,
        say("a junction without its signal is another junction", "缺少信号灯的路口是另一种路口"),
        say("check the signal nodes listed; name them in corrections.yaml",
            "检查所列信号灯节点，写入 corrections.yaml"),
    ),
    Rule(
        "signals_one_entry", "signals",
        say("signals that hold back a single approach, pedestrian crossings left out",
            "只控制一个进口的信号灯（不含人行过街）"),
        "share", "at_most", 0.02,
        say("a signal without a conflict delays traffic for nothing", "无冲突的信号灯徒增延误"),
        say("remove the signal in corrections.yaml, or map its crossing",
            "在 corrections.yaml 中移除，或在地图上补画过街横道"),
    ),
    Rule(
        "plans_guessed", "signals",
        say("signals whose plan is guessed", "配时方案为推测的信号灯"),
        "share", "told", None,
        say("no map holds signal timings", "地图不含信号配时"),
        say("import the plans of the signals listed, the most loaded first", "按流量由大到小导入所列信号灯的真实方案"),
    ),
    Rule(
        "plans_unsafe", "signals",
        say("signals whose plan fails a safety check", "配时方案未通过安全检查的信号灯"),
        "", "at_most", 0.0,
        say("conflicting greens must never meet", "冲突绿灯绝不允许同时出现"),
        say("correct the plans listed before using them", "使用前改正所列方案"),
    ),
    Rule(
        "walk_connected", "walking",
        say("footways of the map that are in the walk graph", "进入步行网络的步行道比例"),
        "share", "at_least", 0.9,
        say("parks and platforms are often mapped without a way in; more than a tenth lost is a fault",
            "公园和站台常缺少连接；丢失超过一成即为缺陷"),
        say("join the footways to the streets on the map", "在地图上把步行道与街道连通"),
    ),
    Rule(
        "crossings_at_signals", "walking",
        say("signals with a pedestrian crossing within 40 m", "40米内有人行横道的信号灯"),
        "share", "at_least", 0.5,
        say("without crossings plans have no pedestrian times", "没有过街横道，配时方案就没有行人时间"),
        say("map the crossings at the signals listed", "在所列信号灯处补画人行横道"),
    ),
    Rule(
        "heights_known", "places",
        say("floor area in buildings whose height is on the map", "已知高度建筑所占的建筑面积"),
        "share", "at_least", 0.5,
        say("people and jobs are guessed from floor area", "人口与就业岗位由建筑面积推算"),
        say("import heights or storeys of buildings", "导入建筑高度或层数"),
    ),
    Rule(
        "hospitals_reachable", "places",
        say("hospitals that an ambulance can reach and leave", "救护车可往返的医院"),
        "share", "at_least", 1.0,
        say("an emergency route must end at each of them", "急救路线必须能到达每一家医院"),
        say("check access tags of the roads at the hospitals listed", "检查所列医院周边道路的通行标签"),
    ),
    Rule(
        "places_reachable", "places",
        say("stations, fire and police posts and car parks within 150 m of a road that is connected",
            "150米内有连通道路的车站、消防站、派出所与停车场"),
        "share", "at_least", 0.95,
        say("some are inside pedestrian areas, on purpose", "部分位于步行区内，属正常情况"),
        say("map the way in, or check access tags", "在地图上补画出入口，或检查通行标签"),
    ),
    Rule(
        "terrain_error", "ground",
        say("error of the terrain's heights (root mean square)", "地形高程误差（均方根）"),
        "m", "at_most", 0.3,
        say("beyond 0.3 m depths of water are no more than relative", "误差超过0.3米时，积水深度仅具相对意义"),
        say("give a surveyed or lidar terrain: twin build --dem", "提供实测或激光雷达地形：twin build --dem"),
    ),
    Rule(
        "terrain_cell", "ground",
        say("cells that the terrain came in", "地形原始栅格边长"),
        "m", "at_most", 5.0,
        say("streets are lost in coarser cells", "更粗的栅格无法反映街道"),
        say("give a finer terrain: twin build --dem", "提供更细的地形：twin build --dem"),
    ),
    Rule(
        "terrain_pits", "ground",
        say("land in pits deeper than 0.5 m that nothing explains", "无法解释的0.5米以上洼地所占陆地"),
        "share", "at_most", 0.02,
        say("false pits swallow the flood", "虚假洼地会吞没洪水"),
        say("look at the pits listed; give a better terrain", "查看所列洼地，提供更好的地形"),
    ),
    Rule(
        "terrain_holes", "ground",
        say("land without heights, filled from its neighbours", "缺少高程、由邻近填补的陆地"),
        "share", "at_most", 0.05,
        say("filled heights are guesses", "填补的高程属于推测"),
        say("give a terrain that covers the whole city", "提供覆盖全城的地形"),
    ),
    Rule(
        "terrain_dams", "ground",
        say("waterways that a bridge or embankment dams", "被桥梁或路堤阻断的水道"),
        "", "at_most", 0.0,
        say("water that cannot flow on floods the wrong side", "水流受阻会淹没错误的一侧"),
        say("map the bridge or culvert as one (bridge=*, tunnel=culvert)",
            "在地图上标明桥梁或涵洞（bridge=*、tunnel=culvert）"),
    ),
    Rule(
        "terrain_coast", "ground",
        say("height of the land beside the sea (median, either sign)", "海岸旁陆地高程（中位数，取绝对值）"),
        "m", "at_most", 1.0,
        say("land beside the sea lies near 0 m; another height means another datum",
            "海岸旁陆地应接近0米，否则高程基准不一致"),
        say("give the terrain in heights above the sea", "提供以海平面为基准的地形"),
    ),
    Rule(
        "map_dated", "data",
        say("the map says how old it is", "地图注明了数据日期"),
        "flag", "at_least", 1.0,
        say("an old map hides what was built since", "过时的地图看不到新建设施"),
        say("export the map with its metadata", "导出时保留元数据"),
    ),
    Rule(
        "clipped_ways", "data",
        say("ways that run on beyond the extract", "在数据边界处被截断的路线"),
        "share", "told", None,
        say("every extract ends somewhere", "任何范围都有边界"),
        say("export with complete ways", "导出时选择保留完整路线"),
    ),
    Rule(
        "areas_incomplete", "data",
        say("areas left out because the extract lacks a part of their outline", "因轮廓不全而舍弃的面状要素"),
        "", "at_most", 0.0,
        say("a missing lake or block is a hole in the city", "缺失的水面或街区是城市中的空洞"),
        say("export with complete relations", "导出时选择保留完整关系"),
    ),
    Rule(
        "repairs_made", "data",
        say("repairs that were made to the map and the conversion", "对地图与转换结果所做的修复"),
        "", "told", None,
        say("each is in the log with its reason", "每项修复及其原因均有记录"),
        say("mend the map where the log is right; object in corrections.yaml where it is not",
            "记录正确时修改地图，不正确时写入 corrections.yaml"),
    ),
)  # fmt: skip

RULES: Mapping[str, Rule] = {rule.name: rule for rule in _TABLE}
FAMILIES: Mapping[str, Sentence] = {
    "roads": say("Roads", "道路"),
    "signals": say("Signals", "信号灯"),
    "walking": say("Walking", "步行"),
    "places": say("Places", "场所"),
    "ground": say("Ground", "地形"),
    "data": say("Data", "数据"),
}
