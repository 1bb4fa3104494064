"""`Recommendation`: an action that operators may approve, with what it should bring and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from networks.digest import digest_json
from networks.errors import BadInput
from networks.sentence import Sentence, read_sentence
from scenarios.comparison import Comparison, Row, paired_interval, verdict_of

STATUSES = ("proposed", "approved", "rejected", "expired", "withdrawn")


@dataclass(frozen=True)
class Effect:
    """What a measure is expected to change by: mean difference with its 90 % interval over `n` pairs."""

    measure: str
    unit: str
    difference: float
    low: float
    high: float
    n: int
    verdict: str
    base: float | None = None

    @classmethod
    def of(cls, row: Row) -> Effect:
        """From a row of a comparison."""
        return cls(row.measure, row.unit, row.difference, row.low, row.high, row.n, row.verdict, row.mean_a)

    @classmethod
    def paired(
        cls, measure: str, unit: str, base: ArrayLike, values: ArrayLike, better: Literal["lower", "higher"]
    ) -> Effect:
        """From values of the same draws, as things are and with the action: (draws,) each; NaN where one has none."""
        x, y = (np.asarray(one, dtype=np.float64) for one in (base, values))
        both = np.isfinite(x) & np.isfinite(y)
        x, y = x[both], y[both]
        low, high = paired_interval(x, y)
        mean, before = (float(one.mean()) if len(one) else float("nan") for one in (y - x, x))
        return cls(measure, unit, mean, low, high, len(x), verdict_of(low, high, better), before)


@dataclass(frozen=True)
class Alternative:
    """Something that was tried and not chosen."""

    name: str
    title: Sentence
    effect: Effect | None
    why_not: Sentence | None = None


@dataclass(frozen=True)
class Recommendation:
    """An action proposed to operators.

    Attributes:
        rec_id: Hash of kind, action, evidence and the moment it was made.
        created: When it was made (timezone-aware ISO).
        kind: signal_timing, emergency_route, visitor_guidance, ...
        title: {"en": ..., "zh": ...}.
        action: The interventions to make, as dicts of a scenario file.
        effect: What it is expected to change, re-estimated on fresh seeds.
        side_effects: The other measures.
        alternatives: What else was tried.
        evidence: Run ids.
        rests_on: Sentences on what was guessed or assumed, in both languages.
        risks: Sentences.
        valid_until: When it must no longer be approved (timezone-aware ISO).
        status: One of STATUSES.
    """

    rec_id: str
    created: str
    kind: str
    title: Sentence
    action: list[dict[str, Any]]
    effect: Effect
    side_effects: list[Effect]
    alternatives: list[Alternative]
    evidence: list[str]
    rests_on: list[Sentence]
    risks: list[Sentence]
    valid_until: str
    status: str = "proposed"

    def to_json(self) -> dict[str, Any]:
        """JSON-ready: NaN and infinity become null."""
        told: dict[str, Any] = _plain(asdict(self))
        return told

    @classmethod
    def from_json(cls, text: Mapping[str, Any]) -> Recommendation:
        """Read back what `to_json` gave.

        Raises:
            BadInput: A field is missing, unknown or of another type.
        """
        try:
            fields = dict(text)
            fields["effect"] = _effect(fields["effect"])
            fields["side_effects"] = [_effect(item) for item in fields["side_effects"]]
            fields["title"] = read_sentence(fields["title"])
            for name in ("rests_on", "risks"):
                fields[name] = [read_sentence(item) for item in fields[name]]
            fields["alternatives"] = [_alternative(item) for item in fields["alternatives"]]
            rec = cls(**fields)
            for moment in (rec.created, rec.valid_until):
                if datetime.fromisoformat(moment).tzinfo is None:
                    raise ValueError(f"{moment} has no UTC offset")
            if rec.status not in STATUSES:
                raise ValueError(f"unknown status {rec.status!r}")
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput(
                f"is no recommendation: {error}", expected="the JSON that citytwin writes", remedy="send it unchanged"
            ) from error
        return rec


def recommend(
    kind: str,
    *,
    title: Sentence,
    action: list[dict[str, Any]],
    comparison: Comparison,
    goal: str,
    evidence: list[str],
    created: datetime,
    valid_until: datetime,
    alternatives: list[Alternative] | None = None,
    rests_on: list[Sentence] | None = None,
    risks: list[Sentence] | None = None,
) -> Recommendation:
    """A recommendation from a comparison of the action with things as they are; `goal` names the measure it is for.

    Raises:
        KeyError: The comparison has no such measure.
        ValueError: A time has no UTC offset.
    """
    side = [Effect.of(row) for row in comparison.rows if row.measure != goal]
    return advise(
        kind, title=title, action=action, effect=Effect.of(comparison.row(goal)), side_effects=side,
        evidence=evidence, created=created, valid_until=valid_until, alternatives=alternatives,
        rests_on=[*(rests_on or ()), *comparison.left_out], risks=risks,
    )  # fmt: skip


def advise(
    kind: str,
    *,
    title: Sentence,
    action: list[dict[str, Any]],
    effect: Effect,
    evidence: list[str],
    created: datetime,
    valid_until: datetime,
    side_effects: list[Effect] | None = None,
    alternatives: list[Alternative] | None = None,
    rests_on: list[Sentence] | None = None,
    risks: list[Sentence] | None = None,
) -> Recommendation:
    """A recommendation with its effect as it was measured.

    Raises:
        ValueError: A time has no UTC offset.
    """
    if created.tzinfo is None or valid_until.tzinfo is None:
        raise ValueError("created and valid_until need a UTC offset")
    told = {"kind": kind, "action": action, "evidence": sorted(evidence), "created": created.isoformat()}
    rec_id = digest_json(told)[:12]
    return Recommendation(
        rec_id=rec_id,
        created=created.isoformat(),
        kind=kind,
        title=title,
        action=action,
        effect=effect,
        side_effects=list(side_effects or ()),
        alternatives=list(alternatives or ()),
        evidence=list(evidence),
        rests_on=list(rests_on or ()),
        risks=list(risks or ()),
        valid_until=valid_until.isoformat(),
    )


def _effect(text: Mapping[str, Any]) -> Effect:
    fields = dict(text)
    for name in ("difference", "low", "high"):
        if fields.get(name) is None:
            fields[name] = float("nan")
    return Effect(**fields)


def _alternative(text: Mapping[str, Any]) -> Alternative:
    fields = dict(text)
    fields["effect"] = None if fields.get("effect") is None else _effect(fields["effect"])
    fields["title"] = read_sentence(fields["title"])
    fields["why_not"] = None if fields.get("why_not") is None else read_sentence(fields["why_not"])
    return Alternative(**fields)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value
