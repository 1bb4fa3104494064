"""`Figure`: one number for Prometheus, and the text that it reads.

Written as text by ourselves: nothing is counted twice in a registry beside the book, and the format is a page long
(https://prometheus.io/docs/instrumenting/exposition_formats/); a test reads it with Prometheus' own client.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """One number.

    Attributes:
        name: With unit, and `_total` where it only grows.
        what: In a few words.
        value: The number.
        labels: What tells it from others of the same name.
        kind: "gauge" or "counter".
    """

    name: str
    what: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    kind: str = "gauge"


def exposition(figures: Iterable[Figure]) -> str:
    """The figures in the text format 0.0.4; those of one name stand together."""
    groups: dict[str, list[Figure]] = {}
    for one in figures:
        groups.setdefault(one.name, []).append(one)
    lines = []
    for name, group in groups.items():
        lines += [f"# HELP {name} {_escaped(group[0].what)}", f"# TYPE {name} {group[0].kind}"]
        lines += [f"{name}{_labelled(one.labels)} {one.value!r}" for one in group]
    return "\n".join(lines) + "\n"


def _labelled(labels: Mapping[str, str]) -> str:
    said = ",".join(f'{name}="{_escaped(value, quotes=True)}"' for name, value in labels.items())
    return f"{{{said}}}" if said else ""


def _escaped(text: str, *, quotes: bool = False) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quotes else text
