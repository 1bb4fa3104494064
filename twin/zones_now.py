"""Zones at a moment: people now and soon, what each holds, its alarm and the next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calibration.occupancy import Followed, Foreseen, Shown, ZoneFacts
    from models.crowd.sites import Capacity, Foretold, Sites
    from networks import City


@dataclass(frozen=True)
class ZoneNow:
    """One line: a zone, its people now and soon, its capacity, its alarm and the next."""

    zone: str
    name: str
    people: Shown
    soon: Shown
    capacity: Capacity | None
    level: int
    foretold: Foretold | None


def zones_now(found: Followed, soon: Foreseen, sites: Sites | None) -> list[ZoneNow]:
    """A line for each zone; one that is named as a site has its capacity and alarms.

    Args:
        found: What was followed until now.
        soon: What is foreseen.
        sites: None: no capacity is known.
    """
    from models.crowd.sites import capacity_of, foretell, level_now

    known = {one.site_id: one for one in sites.sites} if sites else {}
    rows = []
    for zone, series in found.people.items():
        site, ahead = known.get(zone), soon.people[zone]
        capacity = capacity_of(site) if site else None
        level, coming = 0, None
        if sites and capacity and capacity.instant:
            for one in series:
                level = level_now(sites.alarms, one.mean / capacity.instant, level)
            means, highs = [one.mean for one in ahead], [one.high for one in ahead]
            coming = foretell(sites.alarms, capacity.instant, soon.times, means, highs, level)
        rows.append(ZoneNow(zone, site.name if site else "", series[-1], ahead[-1], capacity, level, coming))
    return rows


def facts_of(sites: Sites | None, zones: Collection[str]) -> dict[str, ZoneFacts]:
    """What the sites say of zones named as they are; gates count where all of them have a rate."""
    from calibration.occupancy import ZoneFacts

    facts = {}
    for one in sites.sites if sites else ():
        if one.site_id in zones:
            rates = [gate.in_per_min for gate in one.gates]
            known = [rate for rate in rates if rate is not None]
            let_in = sum(known) if known and len(known) == len(rates) else None
            facts[one.site_id] = ZoneFacts(one.hours, one.area_m2, let_in)
    return facts


def trusted_facts(facts: dict[str, ZoneFacts], found: Followed) -> dict[str, ZoneFacts]:
    """Those that counts do not contradict."""
    shut = {wrong.where for wrong in found.contradictions if wrong.kind == "shut"}
    return {zone: one for zone, one in facts.items() if zone not in shut}


def sites_of(city: City, file: Path | None) -> Sites:
    """Sites of a file, else those of the map."""
    from models.crowd.sites import read_sites, sites_on_map

    return read_sites(file, city) if file else sites_on_map(city)
