"""`SiteFinder`: zones in which more people will be than they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from networks.sentence import say
from twin.alarms.finders.levels import reached
from twin.alarms.finding import Finding
from twin.alarms.thresholds import Site
from twin.cycle import Picture


@dataclass(frozen=True)
class SiteFinder:
    """Looks at the forecast of "people".

    Attributes:
        thresholds: Shares by level.
        holds: How many people each zone holds; zones without a number are passed over.
        edges: Streets at each zone, where they are known.
        places: Longitude and latitude of each (degrees), where they are known.
    """

    thresholds: Site
    holds: Mapping[str, float]
    edges: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    kind: str = "site"

    def find(self, picture: Picture) -> list[Finding]:
        """Zones at which enough members reach the least share."""
        forecast = picture.of("people")
        if forecast is None:
            return []
        found = []
        for one in reached(picture, forecast, self._limits, self.thresholds.probability.value):
            holds, when = self.holds[one.place], picture.told(one.begins)
            full, told = one.value / holds, f"{one.probability:.0%}"
            text = say(
                f"{one.place}: {one.value:.0f} people, {full:.0%} of the {holds:.0f} that it holds, "
                f"from {when} on ({told} of the members)",
                f"{one.place}：{one.value:.0f} 人，达承载量 {holds:.0f} 人的 {full:.0%}，{when} 起（{told} 的成员）",
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

    def _limits(self, zone: str) -> tuple[float, ...] | None:
        holds = self.holds.get(zone)
        return tuple(share * holds for share in self.thresholds.limits) if holds else None
