"""What is doubtful about a city's ground: coarse terrain, guessed drains, underpasses and bridges without figures."""

from __future__ import annotations

from collections.abc import Sequence

from shapely.geometry import Polygon

from networks.doubts import Doubt
from networks.ground.checks import DEEP_M, Pit
from networks.ground.drains import PUMP_PERIOD_Y, Drains
from networks.ground.structures import Structure
from networks.ground.swmm import Pipes
from networks.ground.terrain import Terrain
from networks.ground.underpasses import Underpass
from networks.sentence import say

_MOST_PITS = 20


def terrain_doubts(terrain: Terrain | None, frame: Polygon) -> list[Doubt]:
    """A terrain that is missing, or good for screening alone."""
    x, y = frame.centroid.x, frame.centroid.y
    better = say(
        "give a terrain model of cells up to 5 m and an error up to 0.3 m: twin build FILE --dem TIF --dem-error M",
        "提供5米或更细、误差不大于0.3米的地形模型：twin build FILE --dem TIF --dem-error M",
    )
    if terrain is None:
        what = say("there is no terrain: no flood can be computed here", "没有地形数据：无法计算内涝")
        return [Doubt("no_terrain", "", "", what, better, 1.0, x, y)]
    if not terrain.screening:
        return []
    known = terrain.vertical_error_m == terrain.vertical_error_m
    error = f"{terrain.vertical_error_m:.2f} m" if known else "unknown"
    error_zh = f"{terrain.vertical_error_m:.2f}米" if known else "未知"
    what = say(
        f"the terrain (cells of {terrain.source_cell_m:.0f} m, error {error}) says where water may stand, not how deep",
        f"该地形（{terrain.source_cell_m:.0f}米栅格，误差{error_zh}）只能说明何处可能积水，不能说明水深",
    )
    return [Doubt("coarse_terrain", "", "", what, better, 0.8 if known else 0.9, x, y)]


def pit_doubts(pits: Sequence[Pit]) -> list[Doubt]:
    """Deep pits on streets that nothing on the map explains, the largest first."""
    odd = [pit for pit in pits if not pit.reason and pit.depth_m > DEEP_M and pit.edges][:_MOST_PITS]
    remedy = say(
        "look whether water really stands here; if not, mend the terrain", "核实此处是否确会积水；若否，请修正地形"
    )
    return [
        Doubt(
            "terrain_pit", "", " ".join(pit.edges),
            say(f"a pit {pit.depth_m:.1f} m deep holds {pit.volume_m3:.0f} m3, and nothing on the map explains it",
                f"此处洼地深{pit.depth_m:.1f}米、可蓄水{pit.volume_m3:.0f}立方米，地图上无从解释"),
            remedy, min(0.6, 0.2 + 0.1 * pit.depth_m), pit.x, pit.y,
        )
        for pit in odd
    ]  # fmt: skip


def underpass_doubts(underpasses: Sequence[Underpass]) -> list[Doubt]:
    """Underpasses whose roadway or pumps are guessed."""
    found = []
    for one in underpasses:
        about = (one.osm_text, " ".join(one.edges))
        x, y, z = one.lowest_m
        if one.profile_source == "guessed":
            what = say(
                f"the roadway's lowest point, {z:.1f} m, is guessed from headroom and grades",
                f"路面最低点高程{z:.1f}米系由净空和坡度推测",
            )
            remedy = say("survey it and write lowest_m into corrections.yaml", "实测后将lowest_m写入corrections.yaml")
            found.append(Doubt("underpass_profile_guessed", *about, what, remedy, 0.7, x, y))
        if one.pump_source == "guessed":
            what = say(
                f"the pumps ({one.pump_m3s * 3600:.0f} m3/h) are guessed from a storm once in {PUMP_PERIOD_Y:g} years",
                f"水泵能力（每小时{one.pump_m3s * 3600:.0f}立方米）系按{PUMP_PERIOD_Y:g}年一遇暴雨推测",
            )
            remedy = say(
                "ask who runs them and write pump_m3s into corrections.yaml",
                "向管理单位核实后将pump_m3s写入corrections.yaml",
            )
            found.append(Doubt("underpass_without_pump", *about, what, remedy, 0.6, x, y))
    return found


def bridge_doubts(structures: Sequence[Structure]) -> list[Doubt]:
    """Bridges over roads that state no headroom: lorries and buses may be sent beneath that do not fit."""
    what = say("no headroom is stated beneath this bridge", "该桥下未标注净空高度")
    remedy = say("tag maxheight on the road beneath, or correct it", "为桥下道路标注maxheight，或予以更正")
    found = []
    for one in structures:
        if one.kind == "bridge" and one.crossed_by and one.clearance_source == "guessed":
            middle = one.line.representative_point()
            about = (one.osm_text, " ".join(one.crossed_by))
            found.append(Doubt("bridge_without_height", *about, what, remedy, 0.1, middle.x, middle.y))
    return found


def drain_doubts(drains: Drains, frame: Polygon) -> list[Doubt]:
    """Drains whose return period or storms nobody states."""
    if drains.source == "stated":
        return []
    lacking, zh = [], []
    if not drains.stated:
        lacking, zh = ["--drain-return-period YEARS"], ["--drain-return-period 年"]
    if drains.storms.guessed:
        lacking, zh = [*lacking, "--storm FILE"], [*zh, "--storm 文件"]
    what = say(
        f"the drains' capacity, {drains.capacity_mm_h:.0f} mm/h (once in {drains.return_period_y:g} years), is guessed",
        f"排水能力每小时{drains.capacity_mm_h:.0f}毫米（{drains.return_period_y:g}年一遇）为推测值",
    )
    remedy = say(f"state {' and '.join(lacking)}", f"请给出{'和'.join(zh)}")
    return [Doubt("guessed_drains", "", "", what, remedy, 0.5, frame.centroid.x, frame.centroid.y)]


def pipe_doubts(pipes: Pipes, frame: Polygon) -> list[Doubt]:
    """Pipes that have no place on the map."""
    if not pipes.unplaced:
        return []
    names = ", ".join(pipes.unplaced[:5])
    what = say(
        f"{len(pipes.unplaced)} nodes of the pipes have no coordinates and are left out: {names}",
        f"管网中{len(pipes.unplaced)}个节点没有坐标，已略去：{names}",
    )
    remedy = say("complete [COORDINATES] in the SWMM file", "补全SWMM文件中的[COORDINATES]")
    return [Doubt("pipes_without_place", "", "", what, remedy, 0.3, frame.centroid.x, frame.centroid.y)]
