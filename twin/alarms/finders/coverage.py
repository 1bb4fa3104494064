"""`CoverageFinder`: areas to which no unit will come in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from networks.sentence import say
from twin.alarms.finders.levels import reached
from twin.alarms.finding import Finding
from twin.alarms.thresholds import Coverage
from twin.cycle import Picture


@dataclass(frozen=True)
class CoverageFinder:
    """Looks at the forecast of "response_time" (s).

    Attributes:
        thresholds: The target, and levels as multiples of it.
        targets_s: Targets of areas that have their own (s).
        places: Longitude and latitude of each (degrees), where they are known.
    """

    thresholds: Coverage
    targets_s: Mapping[str, float] = field(default_factory=dict)
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    kind: str = "coverage"

    def find(self, picture: Picture) -> list[Finding]:
        """Areas for which enough members are later than the target."""
        forecast = picture.of("response_time")
        if forecast is None:
            return []
        found = []
        for one in reached(picture, forecast, self._limits, self.thresholds.probability.value):
            target, when = self._target_s(one.place), picture.told(one.begins)
            told = f"{one.probability:.0%}"
            text = say(
                f"{one.place}: the next unit needs {one.value / 60:.1f} min, the target is {target / 60:.1f} min, "
                f"from {when} on ({told} of the members)",
                f"{one.place}：最近单位需 {one.value / 60:.1f} 分钟，目标 {target / 60:.1f} 分钟，"
                f"{when} 起（{told} 的成员）",
            )
            found.append(Finding(
                self.kind,
                one.place,
                one.level,
                text,
                picture.now,
                one.begins,
                one.ends,
                one.probability,
                place=self.places.get(one.place),
                run_id=picture.run_id,
            ))  # fmt: skip
        return found

    def _target_s(self, area: str) -> float:
        return self.targets_s.get(area, self.thresholds.target_s.value)

    def _limits(self, area: str) -> tuple[float, ...]:
        return tuple(times * self._target_s(area) for times in self.thresholds.limits)
