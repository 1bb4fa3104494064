"""What axe-core says of a page: rules of WCAG 2.2, levels A and AA, contrast and size of targets included."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_RUN = """(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"""


@cache
def axe() -> str:
    """The script of axe-core, as the package that brings it has it."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Any) -> list[str]:
    """A line for each element that breaks a rule: the rule, the element, and what is wrong with it."""
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(axe())
    found = page.evaluate(_RUN, TAGS)["violations"]
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found
        for node in rule["nodes"]
    ]
