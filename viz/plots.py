"""Plots as SVG text by matplotlib: small enough for a phone, sharp on a wall, the same bytes every time.

Text stays text (`svg.fonttype: none`), so that the browser's own fonts draw either language.
"""

from __future__ import annotations

import io
import logging
import re
import textwrap
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from viz.palette import AMBER, BETTER, BLUE, CANNOT_TELL, GREEN, ORANGE, PINK, SKY, WORSE, hex_of
from viz.text import text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE = 26
INK, FAINT = "#22262e", "#d5d8dd"
SERIES = tuple(hex_of(colour) for colour in (ORANGE, BLUE, GREEN, PINK, AMBER, SKY))
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
STYLE: Any = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlesize": 10.5,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.grid": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 9,
}


def difference_plot(rows: Sequence[Mapping[str, Any]], unit: str, language: str) -> str:
    """Dots with 90 % intervals, one row per alternative: label, difference, low, high, verdict. Zero is marked."""
    labels = [_wrapped(row["label"]) for row in reversed(rows)]
    lines = sum(max(label.count("\n") + 1, 2) for label in labels)
    with _drawing(language, 3.8, 0.75 + 0.18 * lines) as figure:
        axes = figure.add_subplot()
        axes.axvline(0, color=INK, linewidth=1)
        for place, row in enumerate(reversed(rows)):
            colour = {"better": hex_of(BETTER), "worse": hex_of(WORSE)}.get(row["verdict"], hex_of(CANNOT_TELL))
            fill = "white" if row["verdict"] == "cannot tell" else colour
            axes.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=2.4, solid_capstyle="round")
            axes.plot(
                row["difference"], place, "o", markersize=8, color=colour, markerfacecolor=fill, markeredgewidth=2
            )
        axes.set_yticks(range(len(rows)), labels)
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        _across(figure, text("report.plot.difference_axis", language, unit=unit))
        axes.locator_params(axis="x", nbins=5)
        return _svg(figure)


def series_plot(
    series: Mapping[str, tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]],
    *,
    axis: str,
    zero: datetime,
    language: str,
    limit: float | None = None,
) -> str:
    """Lines over the time of day, one per alternative: label -> (times_s, values); `limit` is drawn as a threshold."""
    with _drawing(language, 4.0, 2.7) as figure:
        axes = figure.add_subplot()
        for i, (label, (times_s, values)) in enumerate(series.items()):
            colour, dash = SERIES[i % len(SERIES)], DASHES[i % len(DASHES)]
            axes.plot(_clock(times_s), values, color=colour, linestyle=dash, linewidth=_width(i), label=label)
        if limit is not None:
            axes.axhline(limit, color=INK, linewidth=1, linestyle=(0, (2, 2)))
        axes.set_ylim(bottom=0)
        axes.set_ylabel(axis)
        _clock_axis(axes, zero, language)
        _legend(figure, axes, len(series))
        return _svg(figure)


def flood_plot(
    depth: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
    closed: Mapping[str, tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]],
    rain: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None,
    *,
    zero: datetime,
    language: str,
) -> str:
    """Rain (when known), deepest water on the ground and closed roads per alternative, on one clock."""
    count = 2 + (rain is not None)
    with _drawing(language, 4.0, 1.15 * count + 0.8) as figure:
        panels = figure.subplots(count, 1, sharex=True)
        if rain is not None:
            panels[0].fill_between(_clock(rain[0]), rain[1], step="post", color=hex_of(SKY), linewidth=0)
            panels[0].set_ylabel(_broken(text("report.plot.rain_axis", language)))
        panels[-2].plot(_clock(depth[0]), depth[1], color=hex_of(BLUE), linewidth=2)
        panels[-2].set_ylabel(_broken(text("report.plot.depth_axis", language)))
        for i, (label, (times_s, values)) in enumerate(closed.items()):
            colour, dash = SERIES[i % len(SERIES)], DASHES[i % len(DASHES)]
            panels[-1].step(
                _clock(times_s), values, where="post", color=colour, linestyle=dash, linewidth=_width(i), label=label
            )
        panels[-1].set_ylabel(_broken(text("report.plot.closed_axis", language)))
        for panel in panels:
            panel.set_ylim(bottom=0)
            panel.locator_params(axis="y", nbins=4)
        _clock_axis(panels[-1], zero, language)
        _legend(figure, panels[-1], len(closed))
        figure.align_ylabels(panels)
        return _svg(figure)


def response_plot(calls: Mapping[str, Mapping[str, float | None]], language: str) -> str:
    """Response per call and alternative: label -> {call id -> minutes, or None when nobody came}."""
    ids = sorted({call for answers in calls.values() for call in answers})
    with _drawing(language, 4.0, 0.9 + 0.5 * len(ids) + 0.22 * len(calls)) as figure:
        axes = figure.add_subplot()
        offsets = np.linspace(-0.2, 0.2, len(calls)) if len(calls) > 1 else np.zeros(1)
        most = max((m for answers in calls.values() for m in answers.values() if m is not None), default=1.0)
        for i, (label, answers) in enumerate(calls.items()):
            colour, marker = SERIES[i % len(SERIES)], "osD^vP"[i % 6]
            known = [(place, m) for place, call in enumerate(ids) if (m := answers.get(call)) is not None]
            axes.plot(
                [minutes for _, minutes in known],
                [place - offsets[i] for place, _ in known],
                marker,
                color=colour,
                markersize=7,
                label=label,
            )
            for place, call in enumerate(ids):
                if call in answers and answers[call] is None:
                    axes.text(0.1, place - offsets[i], text("report.unanswered", language), color=colour, va="center")
        axes.set_yticks(range(len(ids)), ids)
        axes.set_ylim(len(ids) - 0.5, -0.5)
        axes.set_xlim(0, most * 1.1)
        axes.grid(visible=False, axis="y")
        _across(figure, text("report.plot.response_axis", language))
        _legend(figure, axes, len(calls))
        return _svg(figure)


@contextmanager
def _drawing(language: str, width_in: float, height_in: float) -> Iterator[Figure]:
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with matplotlib.rc_context({**STYLE, "svg.hashsalt": f"citytwin-{language}"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=(width_in, height_in), layout="constrained")
        FigureCanvasSVG(figure)
        yield figure


def _svg(figure: Figure) -> str:
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    svg = out.getvalue()
    return re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)


def _clock(times_s: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(times_s, float) / 60.0


def _clock_axis(axes: Axes, zero: datetime, language: str) -> None:
    from matplotlib.ticker import FuncFormatter, MultipleLocator

    low, high = axes.get_xlim()
    step = next((minutes for minutes in (5, 10, 15, 30, 60, 120) if (high - low) / minutes <= 5), 240)
    axes.xaxis.set_major_locator(MultipleLocator(step, offset=-((zero.hour * 60 + zero.minute) % step)))

    def label(minutes: float, _place: object) -> str:
        return f"{zero + timedelta(minutes=float(minutes)):%H:%M}"

    axes.xaxis.set_major_formatter(FuncFormatter(label))
    axes.set_xlabel(text("report.plot.clock_axis", language))


def _legend(figure: Figure, axes: Axes, count: int) -> None:
    if count > 1:
        handles, labels = axes.get_legend_handles_labels()
        longest = max(len(label) for label in labels)
        columns = 1 if longest > LINE else 2 if count < 5 or longest > LINE // 2 else 3
        told = [_wrapped(label) for label in labels]
        lines = -(-count // columns) * max(label.count("\n") + 1 for label in told)
        figure.set_figheight(figure.get_figheight() + 0.18 * max(lines - 2, 0))
        figure.legend(handles, told, loc="outside upper left", ncols=columns)


def _width(place: int) -> float:
    """Later lines are thinner, so that equal ones show through each other."""
    return max(3.6 - 0.9 * place, 1.4)


def _wrapped(label: str) -> str:
    """A label in lines of at most LINE characters, so that it leaves room for what it names; at most three of them."""
    return "\n".join(textwrap.wrap(label, LINE, max_lines=3, placeholder="…"))


def _across(figure: Figure, label: str) -> None:
    """The name of the horizontal axis, centred on the whole figure: beside long row labels the axes are too narrow."""
    figure.supxlabel(label, fontsize=STYLE["font.size"], color=INK)


def _broken(label: str) -> str:
    return label.replace(" (", "\n(").replace("（", "\n（")
