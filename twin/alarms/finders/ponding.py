"""`PondingFinder`: places where water will stand deeper than it may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from networks.sentence import say
from twin.alarms.finders.levels import reached
from twin.alarms.finding import Finding
from twin.alarms.thresholds import Ponding
from twin.cycle import Picture


@dataclass(frozen=True)
class PondingFinder:
    """Looks at the forecast of "depth" (m).

    Attributes:
        thresholds: Depths by level.
        edges: Streets at each ponding point, where they are known.
        places: Longitude and latitude of each (degrees), where they are known.
    """

    thresholds: Ponding
    edges: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    kind: str = "ponding"

    def find(self, picture: Picture) -> list[Finding]:
        """Ponding points at which enough members reach the least depth."""
        forecast = picture.of("depth")
        if forecast is None:
            return []
        found = []
        for one in reached(picture, forecast, lambda _: self.thresholds.limits, self.thresholds.probability.value):
            when = picture.told(one.begins)
            text = say(
                f"water at {one.place}: {one.value:.2f} m, from {when} on ({one.probability:.0%} of the members)",
                f"{one.place} 积水 {one.value:.2f} 米，{when} 起（{one.probability:.0%} 的成员）",
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
                edges=self.edges.get(one.place, ()),
                place=self.places.get(one.place),
                run_id=picture.run_id,
            ))  # fmt: skip
        return found
