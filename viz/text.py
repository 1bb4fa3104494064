"""Every sentence that a page shows, in English and Chinese; nothing is written anywhere else.

A page holds both languages and shows one: `both(key)` gives `<span lang="en">..</span><span lang="zh-CN">..</span>`.
Names on maps are not here: they stay in the city's own language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from viz.text_advice import ADVICE_WORDS
from viz.text_calibration import CALIBRATION_WORDS
from viz.text_choices import CHOICE_WORDS
from viz.text_cockpit import COCKPIT
from viz.text_crowd import CROWD_WORDS
from viz.text_desk import DESK_WORDS
from viz.text_emergency import EMERGENCY_WORDS
from viz.text_film import FILM_WORDS
from viz.text_flood import FLOOD_WORDS
from viz.text_gain import GAIN
from viz.text_greenwave import GREENWAVE
from viz.text_head import HEAD_WORDS
from viz.text_jams import JAM_WORDS
from viz.text_live import LIVE_WORDS
from viz.text_optimise import OPTIMISE
from viz.text_parameters import PARAMETER_WORDS
from viz.text_periods import PERIODS
from viz.text_plan_review import PLAN_REVIEW_WORDS
from viz.text_quality import QUALITY
from viz.text_rain import RAIN_WORDS
from viz.text_report import REPORT
from viz.text_reports import REPORTS_WORDS
from viz.text_rimea import RIMEA_WORDS
from viz.text_sheet import SHEET
from viz.text_shelf import SHELF_WORDS
from viz.text_siting import SITING_WORDS
from viz.text_skill import SKILL_WORDS
from viz.text_spot import SPOT_WORDS
from viz.text_verdicts import VERDICTS
from viz.text_visits import VISIT_WORDS
from viz.text_what_if import WHAT_IF_WORDS
from viz.text_workspace import WORKSPACE

LANGUAGES = ("en", "zh")
TAGS = {"en": "en", "zh": "zh-CN"}

SHARED: dict[str, tuple[str, str]] = {
    "language.other_from_en": ("中文", "中文"),
    "language.other_from_zh": ("English", "English"),
    "language.switch": ("Switch language", "切换语言"),
    "legend.speed": ("Speed compared with free flow", "车速与自由流车速之比"),
    "legend.slow": ("standing", "停滞"),
    "legend.free": ("free", "畅通"),
    "legend.closed": ("closed road", "道路封闭"),
    "legend.no_vehicle": ("no vehicle", "无车辆"),
    "legend.depth": ("Water depth", "积水深度"),
    "legend.density": ("People per m² on footways", "步行道每平方米人数"),
    "legend.before": ("route as it is", "现状路线"),
    "legend.after": ("route recommended", "建议路线"),
    "legend.unit": ("ambulance", "救护车"),
    "marker.venue": ("venue", "活动场地"),
    "marker.call": ("emergency call", "急救呼叫"),
    "marker.hospital": ("hospital", "医院"),
    "marker.fire_station": ("fire station", "消防站"),
    "marker.ambulance_station": ("ambulance station", "急救站"),
    "marker.stop": ("stop", "公交站"),
    "map.zoom_in": ("Zoom in", "放大"),
    "map.zoom_out": ("Zoom out", "缩小"),
    "map.home": ("Whole city", "全城"),
    "verdict.better": ("better", "更好"),
    "verdict.worse": ("worse", "更差"),
    "verdict.cannot tell": ("cannot tell", "无法判断"),
    "effect.sentence": (
        "{title}: {difference} (90 % interval {low} to {high}; {n} pairs)",
        "{title}：{difference}（90% 区间 {low} 至 {high}；{n} 对）",
    ),
    "effect.cannot_tell": (
        "We cannot tell whether this changes it: the interval includes no change.",
        "无法判断是否有变化：区间包含“无变化”。",
    ),
    "effect.better": ("This is an improvement beyond chance.", "改善超出随机波动。"),
    "effect.worse": ("This makes it worse, beyond chance.", "变差，且超出随机波动。"),
    "card.rests_on": ("Rests on", "依据与假设"),
    "card.risks": ("Risks", "风险"),
    "effect.as_it_is": ("as it is {base}", "现状 {base}"),
    "card.unchanged": ("Unchanged", "无变化"),
    "card.side_effects": ("Side effects", "附带影响"),
    "card.alternatives": ("Also tried", "其他试过的方案"),
    "card.evidence": ("Evidence (run ids)", "证据（运行编号）"),
    "card.valid_until": ("Valid until", "有效期至"),
    "card.action": ("Action", "措施"),
    "kind.signal_plan": ("Signal timing", "信号配时"),
    "kind.signal_timing": ("Signal timing", "信号配时"),
    "kind.emergency_call": ("Emergency call", "急救呼叫"),
    "kind.emergency_route": ("Emergency route", "急救路线"),
    "kind.dispatch": ("Emergency route", "急救路线"),
    "kind.rollback": ("Back to the plan before", "恢复原方案"),
    "kind.transit_headway": ("Bus headway", "公交发车间隔"),
    "kind.transit_fleet": ("Bus fleet", "公交车辆数"),
    "kind.bus_priority": ("Bus priority at signals", "公交信号优先"),
    "kind.visitor_guidance": ("Visitor guidance", "人流引导"),
    "kind.road_closure": ("Road closure", "道路封闭"),
    "kind.rainfall": ("Rainfall", "降雨"),
    "kind.event": ("Event", "活动"),
    "kind.demand_change": ("Demand change", "需求变化"),
    "status.proposed": ("waiting for a decision", "等待决定"),
    "status.approved": ("approved", "已批准"),
    "status.rejected": ("rejected", "已拒绝"),
    "status.expired": ("expired", "已过期"),
    "status.withdrawn": ("withdrawn", "已撤回"),
    "unit_state.base": ("at its base", "驻守"),
    "unit_state.under way": ("under way", "途中"),
    "unit_state.at scene": ("at the scene", "在现场"),
    "unit.one vehicles": ("vehicle", "辆"),
    "unit.one people": ("person", "人"),
    "unit.one trips": ("trip", "次出行"),
    "unit.one calls": ("call", "次呼叫"),
    "unit.one roads": ("road", "条道路"),
    "unit.one entries": ("entry", "次"),
    "unit.one edge h": ("road hour", "道路·小时"),
    "unit.one person min": ("person minute", "人·分钟"),
    "unit.s": ("s", "秒"),
    "unit.min": ("min", "分钟"),
    "unit.m": ("m", "米"),
    "unit.m/s": ("m/s", "米/秒"),
    "unit.km/h": ("km/h", "公里/小时"),
    "unit.mm/h": ("mm/h", "毫米/小时"),
    "unit.vehicles/h": ("vehicles/h", "辆/小时"),
    "unit.vehicle km": ("vehicle km", "车·公里"),
    "unit.stops/trip": ("stops per trip", "次/出行"),
    "unit.edge min": ("road minutes", "道路·分钟"),
    "unit.ratio": ("(ratio)", "（比值）"),
    "unit.share": ("(share)", "（比例）"),
    "unit.0-10": ("of 10", "（满分10）"),
    "unit.kg": ("kg", "千克"),
    "unit.jobs": ("jobs", "个岗位"),
    "unit.USD (2015)": ("USD (2015)", "美元（2015年价）"),
    "unit.vehicles": ("vehicles", "辆"),
    "unit.people": ("people", "人"),
    "unit.trips": ("trips", "次出行"),
    "unit.calls": ("calls", "次呼叫"),
    "unit.roads": ("roads", "条道路"),
    "unit.entries": ("entries", "次"),
    "unit.edge h": ("road hours", "道路·小时"),
    "unit.edge_h": ("road hours", "道路·小时"),
    "unit.person min": ("person minutes", "人·分钟"),
    "unit.person_min": ("person minutes", "人·分钟"),
}

CATALOGUE: dict[str, tuple[str, str]] = {
    **SHARED,
    **REPORT,
    **COCKPIT,
    **HEAD_WORDS,
    **DESK_WORDS,
    **LIVE_WORDS,
    **FILM_WORDS,
    **QUALITY,
    **SHEET,
    **VERDICTS,
    **OPTIMISE,
    **GAIN,
    **PERIODS,
    **RAIN_WORDS,
    **EMERGENCY_WORDS,
    **FLOOD_WORDS,
    **GREENWAVE,
    **CROWD_WORDS,
    **ADVICE_WORDS,
    **CALIBRATION_WORDS,
    **PARAMETER_WORDS,
    **SITING_WORDS,
    **JAM_WORDS,
    **RIMEA_WORDS,
    **VISIT_WORDS,
    **WHAT_IF_WORDS,
    **SKILL_WORDS,
    **SPOT_WORDS,
    **CHOICE_WORDS,
    **PLAN_REVIEW_WORDS,
    **REPORTS_WORDS,
    **SHELF_WORDS,
    **WORKSPACE,
}


def text(key: str, language: str, **values: object) -> str:
    """One sentence in one language, its {names} filled in.

    Raises:
        KeyError: The catalogue has no such key or language.
    """
    return CATALOGUE[key][LANGUAGES.index(language)].format(**values)


def words(key: str, **values: object) -> dict[str, str]:
    """One sentence in every language."""
    return {language: text(key, language, **values) for language in LANGUAGES}


def known(prefix: str, name: str) -> dict[str, str]:
    """Words for `prefix.name`, or the bare name in every language when the catalogue does not know it."""
    key = f"{prefix}.{name}"
    return words(key) if key in CATALOGUE else dict.fromkeys(LANGUAGES, str(name))


def spans(sentence: Mapping[str, Any] | str) -> Markup:
    """Both languages as HTML, of which the page shows one; escaped. A plain string is shown in either."""
    if isinstance(sentence, str):
        return Markup("<span>{}</span>").format(sentence)
    given = {language: sentence.get(language) or sentence.get("en") or "" for language in LANGUAGES}
    parts = [f'<span lang="{TAGS[language]}">{escape(given[language])}</span>' for language in LANGUAGES]
    return Markup("".join(parts))


def both(key: str, **values: object) -> Markup:
    """A catalogue sentence as HTML in both languages."""
    return spans(words(key, **values))


def for_page(*prefixes: str) -> dict[str, list[str]]:
    """The part of the catalogue that a page's script needs: key -> [en, zh]."""
    return {key: list(value) for key, value in sorted(CATALOGUE.items()) if key.split(".")[0] in prefixes}
