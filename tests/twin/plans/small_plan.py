"""A plan of two levels, and signals and findings that set it off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from networks.sentence import say
from twin.alarms import Finding
from twin.plans import Signal

NOON = datetime(2026, 7, 17, 12, tzinfo=UTC)
TEXT = """\
plan: flood
version: "1"
title: {en: Flood, zh: 内涝}
source: {en: a test, zh: 测试}
parties:
  officer: {title: {en: Officer, zh: 值班长}, roles: [operator]}
  chief: {title: {en: Chief, zh: 指挥长}, roles: [engineer]}
  pumps: {title: {en: Pumps, zh: 泵站}, channel: pumps}
  police: {title: {en: Police, zh: 交警}}
levels:
  III:
    when:
      - signal: {events: [暴雨], at_least: yellow}
        findings: [{kind: ponding, level: III, probability: 0.5, within_min: 60}]
    signs: officer
    sign_min: 10
    escalate: [chief]
    tasks:
      - {id: ready, agency: pumps, text: {en: Be ready, zh: 待命}, acknowledge_min: 5, at_once: true,
         escalate: [police, chief]}
      - {id: pump, agency: pumps, text: {en: Pump, zh: 排水}, acknowledge_min: 5, done_min: 30, escalate: [chief]}
  I:
    when:
      - signal: {events: [暴雨], at_least: red}
        findings: [{kind: ponding, level: I, probability: 0.5, within_min: 60}]
    signs: chief
    sign_min: 5
    tasks:
      - {id: close, agency: police, text: {en: Close, zh: 封路}, acknowledge_min: 3, done_min: 20, escalate: [chief]}
stand_down: {hold_min: 20, sign_min: 15, text: {en: Over, zh: 终止}, acknowledge_min: 10}
"""


def at(minute: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minute)


def signal(level: str | None = "III", **more: object) -> Signal:
    """A rainstorm warning."""
    return Signal("s1", "暴雨", level, NOON, None, **more)  # type: ignore[arg-type]


def ponding(level: str = "III", subject: str = "p1", *, minute: float = 0, probability: float = 0.8) -> Finding:
    """Water that is there from a minute on."""
    text = say("20 cm of water", "积水 20 厘米")
    return Finding("ponding", subject, level, text, NOON, at(minute), probability=probability, place=(11.34, 44.49))
