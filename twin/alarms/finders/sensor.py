"""`SensorFinder`: sensors that are not believed any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from calibration.health import FAULTS, Issue
from networks.sentence import say
from twin.alarms.finding import Finding
from twin.alarms.thresholds import Sensor
from twin.cycle import Picture

DOUBTS = ("doubtful", "noise", "level")
"""Faults that are a matter of degree: level IV, to be looked at when somebody passes by."""


@dataclass(frozen=True)
class SensorFinder:
    """Looks at the issues: nobody has mended them yet, and nobody has said that they are looked after.

    Attributes:
        thresholds: When it came back too often.
        edges: The street of each sensor, where it is known.
        places: Longitude and latitude of each (degrees), where they are known.
    """

    thresholds: Sensor
    edges: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    kind: str = "sensor"

    def find(self, picture: Picture) -> list[Finding]:
        """One for each sensor, its worst fault; faults of one kind that begin together are one alarm (`cause`)."""
        found: dict[str, Finding] = {}
        for one in picture.issues:
            if one.state != "open":
                continue
            finding = self._finding(one, picture)
            known = found.get(one.sensor)
            if known is None or finding.severity > known.severity:
                found[one.sensor] = finding
        return list(found.values())

    def _finding(self, one: Issue, picture: Picture) -> Finding:
        level = "IV" if one.fault in DOUBTS else "III"
        if one.reopened >= self.thresholds.reopened.value:
            level = "II"
        what = FAULTS[one.fault]
        text = say(
            f"sensor {one.sensor} {what['en']}: {one.evidence['en']}",
            f"传感器 {one.sensor} {what['zh']}：{one.evidence['zh']}",
        )
        edge = self.edges.get(one.sensor)
        return Finding(
            self.kind, one.sensor, level, text, picture.now, min(_time(one.first_seen), picture.now),
            edges=(edge,) if edge else (), place=self.places.get(one.sensor), evidence=(one.issue_id,),
            run_id=picture.run_id, cause=f"sensor:{one.fault}",
        )  # fmt: skip


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
