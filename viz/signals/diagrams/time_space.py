"""The time-space diagram of a corridor: greens at each stop line over time, bands, and how vehicles really ran."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from viz.signals.diagrams.band import Bands
from viz.signals.diagrams.bars import tick_s
from viz.signals.diagrams.svg import drawing, element, label, line
from viz.signals.plans.course import Shown

WIDTH_PX, _LEFT_PX, _RIGHT_PX, _TOP_PX, _FOOT_PX = 900.0, 44.0, 30.0, 10.0, 24.0
_LEAST_PX, _MOST_PX, _STOP_PX = 300.0, 640.0, 58.0
_STRIP_PX, _LABEL_PX, _SPARE = 3.5, 13.0, 0.07
_LETTERS = {"G": "green", "g": "green", "y": "yellow", "u": "yellow", "r": "red"}

Track = Sequence[tuple[float, float]]
"""(seconds, metres) of one vehicle."""


@dataclass(frozen=True)
class Direction:
    """One direction of a corridor; metres are those of the picture, so that both directions share a scale.

    Attributes:
        at_m: Place of each stop line in the order of travel.
        shown: What each shows over the time of the picture, in the clock's seconds.
        bands: Its green bands, None where none are drawn.
        tracks: How vehicles ran.
    """

    at_m: tuple[float, ...]
    shown: tuple[tuple[Shown, ...], ...]
    bands: Bands | None = None
    tracks: tuple[Track, ...] = ()


@dataclass(frozen=True)
class _Scale:
    from_s: float
    to_s: float
    low_m: float
    high_m: float
    height: float

    def x(self, second: float) -> float:
        return _LEFT_PX + (WIDTH_PX - _LEFT_PX - _RIGHT_PX) * (second - self.from_s) / (self.to_s - self.from_s)

    def y(self, metre: float) -> float:
        reach = self.height - _TOP_PX - _FOOT_PX
        return self.height - _FOOT_PX - reach * (metre - self.low_m) / max(self.high_m - self.low_m, 1.0)


def time_space(
    forward: Direction, back: Direction | None, from_s: float, to_s: float, *, title: str, names: Sequence[str]
) -> Markup:
    """The diagram as SVG text without words of any language: time to the right, the corridor upwards.

    Args:
        forward: The direction that runs upwards.
        back: The other one, drawn dashed; None for one direction only.
        from_s: Begin of the picture.
        to_s: Its end.
        title: For screen readers.
        names: A short name for each stop line of `forward`; "" writes none.
    """
    every = [*forward.at_m, *(back.at_m if back else ())]
    height = min(max(_LEAST_PX, _STOP_PX * len(forward.at_m)), _MOST_PX)
    spare = max(_SPARE * (max(every) - min(every)), 30.0)
    scale = _Scale(from_s, to_s, min(every) - spare, max(every) + spare, height)
    parts = [*_axes(scale), *_names(scale, forward.at_m, names)]
    inside = [*_bands(scale, forward, "forward"), *_tracks(scale, forward, "forward")]
    if back is not None:
        inside += [*_bands(scale, back, "back"), *_tracks(scale, back, "back")]
    inside += _strips(scale, forward, -_STRIP_PX if back else 0.0)
    inside += _strips(scale, back, _STRIP_PX) if back else []
    wide, tall = WIDTH_PX - _LEFT_PX - _RIGHT_PX, height - _TOP_PX - _FOOT_PX
    box = f"{_LEFT_PX:.1f} {_TOP_PX:.1f} {wide:.1f} {tall:.1f}"
    size = {"x": _LEFT_PX, "y": _TOP_PX, "width": wide, "height": tall}
    frame = element("svg", Markup("").join(inside), **size, viewBox=box, overflow="hidden")
    return drawing(WIDTH_PX, height, [*parts, frame], title=title, class_="time-space")


def _axes(scale: _Scale) -> Iterator[Markup]:
    step = tick_s(scale.to_s - scale.from_s, 12)
    foot = scale.height - _FOOT_PX
    for n in range(math.ceil(scale.from_s / step), math.floor(scale.to_s / step) + 1):
        x = scale.x(n * step)
        yield line([(x, _TOP_PX), (x, foot)], class_="grid")
        yield label(x, foot + 14, clock(n * step), class_="tick", text_anchor="middle")


def clock(second: float) -> str:
    """A time in words: 12:34:56 from an hour on, seconds before."""
    if second < 3600:
        return f"{second:g}"
    minutes, seconds = divmod(round(second), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


def _names(scale: _Scale, at_m: Sequence[float], names: Sequence[str]) -> Iterator[Markup]:
    """Each stop line's name, pushed up where two lie close, with a line to where it belongs."""
    low = math.inf
    for at, name in sorted(zip(at_m, names, strict=True)):
        y = scale.y(at)
        yield line([(_LEFT_PX, y), (WIDTH_PX - _RIGHT_PX, y)], class_="stop")
        if name:
            place = min(y, low - _LABEL_PX)
            low = place
            yield label(_LEFT_PX - 14, place + 3.5, name, class_="name", text_anchor="end")
            yield line([(_LEFT_PX - 11, place), (_LEFT_PX - 2, y)], class_="leader")


def _strips(scale: _Scale, way: Direction, aside: float) -> list[Markup]:
    found = []
    for at, shown in zip(way.at_m, way.shown, strict=True):
        y = scale.y(at) + aside
        for one in shown:
            begin, end = max(one.begin_s, scale.from_s), min(one.end_s, scale.to_s)
            if begin < end:
                found.append(line([(scale.x(begin), y), (scale.x(end), y)], class_=_LETTERS[one.letter]))
    return found


def _bands(scale: _Scale, way: Direction, kind: str) -> list[Markup]:
    """Every repetition of every band that the picture shows."""
    bands = way.bands
    if bands is None or not bands.spans:
        return []
    longest, found = max(bands.run_s), []
    for begin, end in bands.spans:
        first = math.floor((scale.from_s - end - longest) / bands.period_s)
        last = math.ceil((scale.to_s - begin) / bands.period_s)
        for n in range(first, last + 1):
            shift = n * bands.period_s
            there = [(scale.x(begin + shift + run), scale.y(at)) for run, at in zip(bands.run_s, way.at_m, strict=True)]
            home = [(scale.x(end + shift + run), scale.y(at)) for run, at in zip(bands.run_s, way.at_m, strict=True)]
            if max(x for x, _ in home) > _LEFT_PX and min(x for x, _ in there) < WIDTH_PX - _RIGHT_PX:
                points = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*there, *home[::-1]])
                found.append(element("polygon", points=points, class_=f"band {kind}"))
    return found


def _tracks(scale: _Scale, way: Direction, kind: str) -> list[Markup]:
    return [line([(scale.x(t), scale.y(at)) for t, at in track], class_=f"track {kind}") for track in way.tracks]
