"""The report: one HTML file that holds everything, opens from a disk without a network, and begins with the answer."""

from __future__ import annotations

import json
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from networks.landing import landing_file
from viz.bundle import bundle_text
from viz.legend import legend
from viz.maps import ROLE_COLOURS, attribution, map_script
from viz.palette import BETTER, CANNOT_TELL, LIGHT, WORSE, hex_of
from viz.phrases import card, unique
from viz.report_data import comparison_rows, course_plots, difference_plots, map_kinds, members, page_data
from viz.text import both, spans, words

if TYPE_CHECKING:
    from jinja2 import Environment

    from viz.story import Story

PAGES = Path(__file__).parent / "pages"


def write_report(path: Path, story: Story) -> Path:
    """Write the report of a study; it appears whole or not at all.

    Args:
        path: The HTML file to write.
        story: The study.

    Returns:
        The path.

    Raises:
        NotThere: pydeck carries no deck.gl bundle.
        StorageFailed: The disk is full or may not be written.
    """
    page = render(story)
    with landing_file(path) as beside:
        beside.write_text(page, encoding="utf-8")
    return path


def render(story: Story) -> str:
    """The report's HTML as text; the same story gives the same text."""
    shown = {
        "story": story,
        "attribution": attribution(story.city),
        "cards": [card(recommendation) for recommendation in story.recommendations],
        "tall": _is_tall(story),
        "maps": [_map_panel(kind, story) for kind in map_kinds(story)],
        "differences": difference_plots(story),
        "courses": course_plots(story),
        "rows": comparison_rows(story),
        "members": members(story),
        "invalid": sum(not row["valid"] for row in members(story)),
        "guesses": unique([*story.city.guesses, *story.guesses]),
        "seed_count": len(story.alternatives[0].measures),
        "total_s": sum(seconds for _, seconds in story.timings),
        "deck": Markup(bundle_text()),
        "map_js": Markup(map_script()),
        "report_js": page_file("report.js"),
        "css": Markup(palette_css()) + page_file("report.css"),
        "data": Markup(json.dumps(page_data(story), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")),
        "version": metadata.version("citytwin"),
    }
    return templates().get_template("report.html.j2").render(shown)


@cache
def templates() -> Environment:
    """The page templates; `t(key)` gives a catalogue sentence in both languages, `w(words)` any other."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals.update(t=both, w=spans, words=words)
    made.filters["svg"] = Markup
    return made


def page_file(name: str) -> Markup:
    """One of our own scripts or style sheets, for inlining."""
    return Markup((PAGES / name).read_text(encoding="utf-8"))


def palette_css() -> str:
    """The palette as CSS variables, so that page and maps cannot differ."""
    colours = {"better": BETTER, "worse": WORSE, "cannot-tell": CANNOT_TELL, "closed": LIGHT.closed}
    colours |= {role.replace("_", "-"): colour for role, colour in ROLE_COLOURS.items()}
    lines = "".join(f"--{name}:{hex_of(colour)};" for name, colour in colours.items())
    return f":root{{{lines}}}\n"


def _is_tall(story: Story) -> bool:
    minx, miny, maxx, maxy = story.city.bounds
    return maxy - miny > 1.15 * (maxx - minx)


def _map_panel(kind: str, story: Story) -> dict[str, Any]:
    panel: dict[str, Any] = {
        "kind": kind,
        "legend": legend(kind),
        "note": both(f"report.map.{kind}_note", **_facts(story)),
    }
    if kind == "flood" and story.flood is not None and not story.flood.screening:
        panel["note"] = both("report.map.flood_note_measured", **_facts(story))
    return panel


def _facts(story: Story) -> dict[str, Any]:
    seed = story.alternatives[0].shown_seed
    cell = abs(story.flood.transform[0]) if story.flood is not None else 0.0
    return {"seed": "–" if seed is None else seed, "cell": cell}
