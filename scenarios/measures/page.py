"""The dictionary of measures as text: the same words in the reference, in `twin measures` and in reports."""

from __future__ import annotations

from networks.sentence import Sentence, say
from scenarios.measures.dictionary import MEASURES, Measure

HEADS: dict[str, tuple[str, ...]] = {
    "en": ("measure", "unit", "better", "definition", "source"),
    "zh": ("指标", "单位", "取向", "定义", "来源"),
}
DIRECTION: dict[str, Sentence] = {"lower": say("lower", "越低越好"), "higher": say("higher", "越高越好")}


def markdown(language: str = "en") -> str:
    """The whole dictionary as one Markdown table in `en` or `zh`; names and units are the same in both."""
    head = HEADS[language]
    rows = [(f"`{m.name}`", m.unit, *words(m, language)) for m in MEASURES.values()]
    if language == "zh":
        rows = [(f"`{m.name}` {m.title['zh']}", m.unit, *words(m, language)) for m in MEASURES.values()]
    lines = ["| " + " | ".join(row) + " |" for row in (head, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]]) + "\n"


def words(one: Measure, language: str) -> tuple[str, str, str]:
    """Direction, definition and source of a measure in a language."""
    return DIRECTION[one.better][language], one.definition[language], one.source[language]


def sheet(one: Measure, language: str = "en") -> str:
    """One measure with everything that is known of it, a line each."""
    better, definition, source = words(one, language)
    needs = "; ".join(f"{table}: {', '.join(columns) or '-'}" for table, columns in one.needs.items())
    labels = say("unit better definition source tables", "单位 取向 定义 来源 所需表")[language].split()
    lines = zip(labels, (one.unit, better, definition, source, needs), strict=True)
    return "\n".join([f"{one.name}: {one.title[language]}", *(f"  {label}: {text}" for label, text in lines)])
