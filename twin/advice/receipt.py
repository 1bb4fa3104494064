"""The one-page receipt of a recommendation: what, why, what it should bring, what else, until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from networks.landing import landing_file
from networks.sentence import Sentence, say
from viz.signals.pages.page import page
from viz.text import spans

_MEASURES = {
    "vehicle_hours": say("hours spent by all vehicles", "全部车辆耗时"),
    "near_hours": say("of them on the streets around", "其中周边路段"),
    "arrived": say("vehicles that arrive", "到达车辆数"),
}
_UNITS = {"veh h": say("vehicle hours", "车时"), "veh": say("vehicles", "辆")}
_VERDICTS = {
    "better": say("better", "改善"), "worse": say("worse", "变差"), "cannot tell": say("within chance", "无显著差异"),
}  # fmt: skip
_KINDS = {
    "diversion": say("diversion", "绕行引导"), "signal_plan": say("signal plan", "信号配时"),
    "road_closure": say("closure", "封闭道路"),
}  # fmt: skip


def write_receipt(document: Mapping[str, Any], file: Path) -> None:
    """Write the page beside, then rename.

    Raises:
        StorageFailed: The disk is full.
    """
    with landing_file(file) as beside:
        beside.write_text(receipt(document), encoding="utf-8")


def receipt(document: Mapping[str, Any]) -> str:
    """The page: one HTML file, English and Chinese, for screens and for one sheet of paper.

    Args:
        document: A recommendation as the desk keeps it (`Advice.to_json`); what it does not say is left out.
    """
    effects = [document["effect"], *document["side_effects"]]
    parts = [
        _section(say("Why", "原因"), _list(document.get("why", ()))),
        _section(say("What", "措施"), _actions(document["action"])),
        _section(say("Expected effect", "预期效果"), _effects(effects, document.get("interval", {}))),
        _section(say("Alternatives", "备选方案"), _alternatives(document["alternatives"])),
        _section(say("Risks", "风险"), _list(document["risks"])) if document["risks"] else Markup(""),
        _section(say("Rests on", "依据"), _list(document["rests_on"])),
        _section(say("For the record", "存档"), _record(document)),
    ]
    lead = say(f"valid until {_clock(document['valid_until'])}", f"有效期至 {_clock(document['valid_until'])}")
    whole = Markup('<div class="advice-receipt">{}</div>').format(Markup("").join(parts))
    kind = spans(say("Recommendation", "处置建议"))
    return page(document["title"], [Markup(_STYLE) + whole], kind=kind, lead=spans(lead))


_STYLE = (
    "<style>.advice-receipt h2{margin:1.1rem 0 .3rem;font-size:1.05rem}"
    ".advice-receipt ul{margin:.2rem 0;padding-left:1.2rem}"
    ".advice-receipt table{border-collapse:collapse;width:100%}.advice-receipt td,.advice-receipt th"
    "{padding:.25rem .6rem .25rem 0;text-align:left;vertical-align:top;border-bottom:1px solid currentColor}"
    ".advice-receipt .num{text-align:right;white-space:nowrap}.advice-receipt .scroll{overflow-x:auto}"
    ".advice-receipt code{overflow-wrap:anywhere}</style>"
)


def _section(title: Sentence, body: Markup) -> Markup:
    return Markup("<section><h2>{}</h2>{}</section>").format(spans(title), body)


def _list(sentences: Sequence[Sentence]) -> Markup:
    rows = Markup("").join(Markup("<li>{}</li>").format(spans(one)) for one in sentences)
    return Markup("<ul>{}</ul>").format(rows)


def _table(head: Sequence[Sentence], rows: Sequence[Sequence[Markup | str]]) -> Markup:
    """The first and the last column are words, those between numbers."""

    def cells(tag: str, row: Sequence[Markup | str]) -> Markup:
        shown = [
            Markup('<{} class="num">{}</{}>' if 0 < number < len(row) - 1 else "<{}>{}</{}>").format(tag, one, tag)
            for number, one in enumerate(row)
        ]
        return Markup("<tr>{}</tr>").format(Markup("").join(shown))

    body = Markup("").join(cells("td", row) for row in rows)
    told = Markup("<table><thead>{}</thead><tbody>{}</tbody></table>").format(
        cells("th", [spans(one) for one in head]), body
    )
    return Markup('<div class="scroll" tabindex="0">{}</div>').format(told)


def _effects(effects: Sequence[Mapping[str, Any]], interval: Mapping[str, Any]) -> Markup:
    rows = [
        (
            spans(_MEASURES.get(one["measure"], say(one["measure"], one["measure"]))), _number(one["base"]),
            _number(one["difference"], signed=True), _interval(one), _unit(one["unit"]),
            spans(_VERDICTS.get(one["verdict"], say(one["verdict"], one["verdict"]))),
        )
        for one in effects
    ]  # fmt: skip
    share = interval.get("confidence", 0.9)
    head = (
        say("until the end of the forecast", "至预测期末"), say("doing nothing", "不采取措施"), say("change", "变化"),
        say(f"{share:.0%} interval", f"{share:.0%} 区间"), say("unit", "单位"), say("beside nothing", "对比"),
    )  # fmt: skip
    return _table(head, rows)


def _alternatives(alternatives: Sequence[Mapping[str, Any]]) -> Markup:
    rows = [
        (
            spans(one["title"]), _number(one["effect"]["difference"], signed=True) if one["effect"] else "–",
            _interval(one["effect"]) if one["effect"] else "–", spans(one["why_not"]) if one["why_not"] else "",
        )
        for one in alternatives
    ]  # fmt: skip
    head = (
        say("instead", "方案"), say("vehicle hours", "车时变化"), say("interval", "区间"), say("why not", "未选原因"),
    )  # fmt: skip
    return _table(head, rows)


def _actions(action: Sequence[Mapping[str, Any]]) -> Markup:
    rows = []
    for one in action:
        kind = spans(_KINDS.get(one["kind"], say(one["kind"], one["kind"])))
        rows.append(Markup("<li>{}: {}</li>").format(kind, _told(one)))
    return Markup("<ul>{}</ul>").format(Markup("").join(rows))


def _told(one: Mapping[str, Any]) -> Markup:
    if one["kind"] == "signal_plan":
        plans = [
            f"{plan['tls_id']}: {' / '.join(format(phase['duration_s'], 'g') for phase in plan['phases'])} s"
            for plan in one["plans"]
        ]
        return Markup("<code>{}</code>").format("; ".join(plans))
    if one["kind"] == "diversion":
        signs = one.get("signs", ())
        where = (
            say(f"signs on {', '.join(signs)}", f"标志位于 {'、'.join(signs)}") if signs else say("broadcast", "广播")
        )
        return Markup("{} ({})").format(spans(one["text"]), spans(where))
    return Markup("<code>{}</code>").format(", ".join(one.get("edges", ())))


def _record(document: Mapping[str, Any]) -> Markup:
    rows = [
        say(f"recommendation {document['rec_id']}, made {_clock(document['created'])}",
            f"建议编号 {document['rec_id']}，生成于 {_clock(document['created'])}"),
        say(f"run {document.get('run_id', '–')}", f"运行编号 {document.get('run_id', '–')}"),
        say(f"twin replay {document['rec_id']} repeats it", f"twin replay {document['rec_id']} 可重复验证"),
    ]  # fmt: skip
    return _list(rows)


def _unit(unit: str) -> Markup:
    return spans(_UNITS.get(unit, say(unit, unit)))


def _number(value: float | None, *, signed: bool = False) -> str:
    if value is None:
        return "–"
    return format(value, "+,.1f" if signed else ",.1f").replace("-", "−")


def _interval(effect: Mapping[str, Any]) -> str:
    return f"{_number(effect['low'], signed=True)} … {_number(effect['high'], signed=True)}"


def _clock(moment: str) -> str:
    return moment.replace("T", " ")[:19] + " " + moment[19:].lstrip(".0123456789")
