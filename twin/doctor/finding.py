"""One thing that the doctor looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "missing", "failed", "wrong"]


@dataclass(frozen=True)
class Finding:
    """What was looked at and how it is.

    Attributes:
        name: What it is.
        state: `ok`; `missing`, where the twin works but does less; `failed`, a check of a city's quality that
            did not pass; `wrong`, where it does not work.
        found: What was found, in a few words.
        todo: What to do about it; empty when it is ok.
    """

    name: str
    state: State
    found: str
    todo: str = ""
