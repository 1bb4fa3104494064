"""`IncidentFinder`: lanes that are blocked, and suspicions that are not clear yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from calibration.incidents import Verdict
from networks.sentence import Sentence, say
from twin.alarms.finding import Finding
from twin.alarms.streets import Streets
from twin.alarms.thresholds import Incident
from twin.cycle import Picture

HALF = 0.5


@dataclass(frozen=True)
class IncidentFinder:
    """Looks at the verdicts: told incidents are of level III, of level II where all lanes are blocked.

    Attributes:
        thresholds: From when on a suspicion is worth watching.
        streets: How many lanes a street has.
    """

    thresholds: Incident
    streets: Streets = field(default_factory=lambda: Streets({}))
    kind: str = "incident"

    def find(self, picture: Picture) -> list[Finding]:
        """One for each street, its likeliest verdict."""
        found: dict[str, Finding] = {}
        for one in sorted(picture.verdicts, key=lambda verdict: -verdict.probability):
            level = self._level(one)
            if level is not None and one.edge and one.edge not in found:
                since = picture.moment(one.since_s)
                found[one.edge] = Finding(
                    self.kind, one.edge, level, _words(one, picture.told(since)), picture.now,
                    min(since, picture.now), probability=min(one.probability, 1.0), edges=_places(one),
                    place=self.streets.places.get(one.edge), evidence=one.rests_on, run_id=picture.run_id,
                )  # fmt: skip
        return list(found.values())

    def _level(self, one: Verdict) -> str | None:
        if one.kind == "incident":
            street = self.streets.by_edge.get(one.edge)
            return "II" if street is not None and len(one.lanes) >= street.lanes else "III"
        return "IV" if one.kind == "open" and one.probability >= self.thresholds.suspected.value else None


def _places(one: Verdict) -> tuple[str, ...]:
    """The likeliest streets that together are as likely as all others, the likeliest first."""
    edges, share = [one.edge], dict(one.places).get(one.edge, 1.0)
    for edge, more in one.places:
        if share < HALF and edge not in edges:
            edges.append(edge)
            share += more
    return tuple(edges)


def _words(one: Verdict, since: str) -> Sentence:
    words: Mapping[str, str] = one.words
    return say(f"since {since}: {words['en']}", f"{since} 起：{words['zh']}")
