"""SVG as text: elements, escaped, with numbers as short as they may be."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape


def element(name: str, inner: str | Markup = "", /, **attributes: object) -> Markup:
    """One element; `class_` stands for `class`, underscores in names for hyphens."""
    words = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(number(value))}"' for key, value in attributes.items()
    )
    return Markup(f"<{name}{words}>{escape(inner)}</{name}>" if inner else f"<{name}{words}/>")


def drawing(width: float, height: float, parts: Iterable[str], *, title: str, class_: str) -> Markup:
    """A whole drawing that scales with its place; `title` is read out by screen readers."""
    box = f"0 0 {number(width)} {number(height)}"
    inner = Markup("").join([element("title", title), *map(Markup, parts)])
    return element("svg", inner, xmlns="http://www.w3.org/2000/svg", viewBox=box, role="img", class_=class_)


def line(points: Iterable[tuple[float, float]], **attributes: object) -> Markup:
    """A line through points."""
    return element("polyline", points=" ".join(f"{number(x)},{number(y)}" for x, y in points), **attributes)


def label(x: float, y: float, words: str, **attributes: object) -> Markup:
    """Words that begin (or by `text_anchor` end) at a place, their foot on its height."""
    return element("text", words, x=x, y=y, **attributes)


def centred(x: float, y: float, words: str, class_: str) -> Markup:
    """Words with their middle at a place."""
    return label(x, y, words, class_=class_, text_anchor="middle", dominant_baseline="central")


def number(value: object) -> str:
    """A number with at most one decimal; anything else as it is."""
    return f"{value:.1f}".removesuffix(".0").replace("-0.0", "0") if isinstance(value, float) else str(value)
