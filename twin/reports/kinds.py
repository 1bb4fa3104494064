"""Kinds of reports that are the page of a command, and the names under which commands keep it."""

from __future__ import annotations

from pathlib import Path

from networks.errors import NotThere

PAGES: dict[str, tuple[tuple[str, ...], str]] = {
    "comparison": (("report.html",), "twin demo"),
    "signals": (("report.html", "signals.html"), "twin signals optimise"),
    "flood": (("flood.html", "place.html", "ponding.html"), "twin flood run"),
    "visitors": (("day.html", "advice.html", "forecast.html", "now.html", "choices.html"), "twin crowd run"),
    "coverage": (("coverage.html", "site.html", "dispatch.html"), "twin emergency coverage"),
    "calibration": (("report.html", "choices.html"), "twin calibrate"),
}
"""Kind -> (its pages, the best first; a command that writes one)."""


def page_of(kind: str, folder: Path) -> Path:
    """The page of a folder that a report of the kind is made of.

    Raises:
        NotThere: The folder holds none.
    """
    names, command = PAGES[kind]
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise NotThere(
        f"no page for a report of the kind {kind}", file=folder, expected=" or ".join(names),
        remedy=f"write one first, e.g. with {command}, and name its folder",
    )  # fmt: skip
