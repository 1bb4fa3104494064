"""`Authority`: who must agree to what, and what the twin may do by itself; read from a file of rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from networks.digest import digest_json
from networks.errors import BadInput
from networks.yaml_lines import compose, refuse_twins, told
from twin.cycle import MODES
from twin.desk.assets import touched

AUTONOMY = ("shadow", "advise", "supervised", "bounded")
"""Least to most: nothing leaves; people act by hand; leaves when approved; leaves by itself within a bound."""

USUAL = Path(__file__).with_name("authority.yaml")

Level = Literal["shadow", "advise", "supervised", "bounded"]
ModeName = Literal["normal", "emergency"]
Range = tuple[float, float]
Names = Annotated[tuple[str, ...], Field(min_length=1)]


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _About(_Rule):
    """Which interventions a rule is about: `kinds` and `assets` are patterns (`*` for any)."""

    kinds: Names
    assets: Names = ("*",)

    def is_about(self, kind: str, assets: Iterable[str]) -> bool:
        """Whether an intervention of this kind, on these assets, falls under the rule."""
        named = list(assets) or [""]
        return _matches(kind, self.kinds) and any(_matches(asset, self.assets) for asset in named)

    def covers(self, kind: str, assets: Iterable[str]) -> bool:
        """Whether all of it does."""
        return _matches(kind, self.kinds) and all(_matches(asset, self.assets) for asset in assets)


class Dangerous(_About):
    """What needs several people."""

    approvals: dict[ModeName, Annotated[int, Field(ge=1, le=5)]] = Field(default_factory=dict)

    def needed(self, mode: str) -> int:
        """Different people who must approve."""
        return next((count for name, count in self.approvals.items() if name == mode), MODES[mode].approvals)


class Bound(_About):
    """Within it the twin acts by itself.

    Attributes:
        id: Its name in the audit and in what leaves.
        limits: Lowest and highest value of each figure of these names; each must be there.
        changes_at_most: How far figures of these names may be from what was there before (the document's `before`).
        hours: When it holds, "06:00-22:00" in `zone`; over midnight, too.
        zone: Name of a time zone.
        per_hour: How often in any hour.
        modes: In which modes.
        only_if_better: The expected effect must be better beyond chance.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    limits: dict[str, Range] = Field(default_factory=dict)
    changes_at_most: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    hours: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")] | None = None
    zone: str = "UTC"
    per_hour: Annotated[int, Field(ge=1)]
    modes: tuple[ModeName, ...] = ("normal",)
    only_if_better: bool = True

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"there is no time zone {zone}; write it like Europe/Rome or Asia/Shanghai") from None
        return zone

    @model_validator(mode="after")
    def _says_something(self) -> Bound:
        if not self.limits and not self.changes_at_most:
            raise ValueError("a bound needs limits or changes_at_most: without figures it bounds nothing")
        return self

    def holds_at(self, clock: time) -> bool:
        """Whether it holds at this time of day (of its zone)."""
        if self.hours is None:
            return True
        begin, end = (time.fromisoformat(part) for part in self.hours.split("-"))
        return begin <= clock < end if begin <= end else clock >= begin or clock < end


class Edit(_About):
    """What people may change: figures of these names, from .. to."""

    limits: dict[str, Range]


class _Assets(_Rule):
    assets: Names
    level: Level


class _Autonomy(_Rule):
    default: Literal["shadow", "advise", "supervised"] = "supervised"
    assets: tuple[_Assets, ...] = ()


class Authority(_Rule):
    """All rules of a desk."""

    dangerous: tuple[Dangerous, ...] = ()
    autonomy: _Autonomy = _Autonomy()
    bounds: tuple[Bound, ...] = ()
    edits: tuple[Edit, ...] = ()

    @field_validator("bounds")
    @classmethod
    def _once(cls, bounds: tuple[Bound, ...]) -> tuple[Bound, ...]:
        names = [one.id for one in bounds]
        if len(set(names)) != len(names):
            raise ValueError("two bounds have one id")
        return bounds

    def needed(self, mode: str, kind: str, action: Iterable[Mapping[str, Any]]) -> int:
        """How many different people must approve this; a way back (`rollback`) is judged as such alone.

        Args:
            mode: "normal" or "emergency".
            kind: Of the recommendation.
            action: Its interventions.
        """
        parts = [(str(one.get("kind", "")), touched(one)) for one in action]
        whole = frozenset[str]().union(*(assets for _, assets in parts))
        parts = [(kind, whole)] if kind == "rollback" else [(kind, whole), *parts]
        rules = (rule for rule in self.dangerous if any(rule.is_about(*part) for part in parts))
        return max((rule.needed(mode) for rule in rules), default=1)

    def level(self, asset: str) -> str:
        """The autonomy that the file gives an asset: its first line that speaks of it, else the default."""
        found = (line.level for line in self.autonomy.assets if _matches(asset, line.assets))
        return next(found, self.autonomy.default)


@lru_cache(maxsize=8)
def read_rules(text: str, file: str) -> Authority:
    """Rules from the text of a file.

    Raises:
        BadInput: No YAML, or a field is unknown or impossible; told with its line.
    """
    root = compose(text, file, BadInput, "a file of authority", remedy="see docs/desk.md")
    refuse_twins(root, file, BadInput)
    content = yaml.safe_load(text)
    if not isinstance(content, dict):
        raise BadInput("is no file of authority", file=file, place="line 1", expected="dangerous, autonomy, bounds")
    try:
        return Authority.model_validate(content)
    except ValidationError as wrong:
        raise told(
            wrong, root, file, BadInput, noun="authority", tags=(), remedy="mend that line; see docs/desk.md"
        ) from wrong


def usual_rules() -> Authority:
    """Those of a desk that was told none."""
    return read_rules(USUAL.read_text(encoding="utf-8"), str(USUAL))


def digest_of(text: str) -> str:
    """A name for the text of a file."""
    return digest_json(text)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
