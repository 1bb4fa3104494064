"""Which sensors can be believed, and what is used in place of those that cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.counting import Counts, Repair, WatchedNet
from calibration.counting.seen import Seen
from calibration.counting.shifted_days import shifted_hours
from calibration.health.against_others import drifting, level_changed, level_foretold, noise, out_of_line
from calibration.health.believed_flows import RouteFlows, told_by_others
from calibration.health.expecting import dispersion, expected_counts
from calibration.health.finding import Finding
from calibration.health.own_word import impossible, silent, stuck

Floats = NDArray[np.float64]
FALSE_ALARMS = 0.01
"""Share of honest sensors that an alarm may name by chance, all tests together."""
_TESTS = 7


@dataclass(frozen=True, slots=True)
class Health:
    """The review of a set of counts.

    Attributes:
        counts: What was reviewed.
        findings: What is wrong, the surest first; a sensor may have several.
        expected: What the others make of each sensor (S, T); NaN where they cannot tell.
        false_alarms: Share of honest sensors that would be named by chance.
    """

    counts: Counts
    findings: tuple[Finding, ...]
    expected: Floats
    false_alarms: float

    @property
    def out(self) -> frozenset[str]:
        """Sensors that must not be believed; doubtful ones are not among them."""
        return frozenset(one.sensor for one in self.findings if one.fault != "doubtful")

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Counts that must not be believed (S, T): from-to where a sensor is known to have failed for a while only."""
        periods = self.counts.begin_s + self.counts.period_s * np.arange(self.counts.vehicles.shape[1])
        wrong = np.zeros(self.counts.vehicles.shape, dtype=bool)
        row = {name: at for at, name in enumerate(self.counts.sensors)}
        for one in self.findings:
            if one.fault != "doubtful":
                ends = np.inf if one.until_s is None else one.until_s
                begins = -np.inf if one.until_s is None else one.since_s
                wrong[row[one.sensor]] |= (periods >= begins - 1e-6) & (periods < ends - 1e-6)
        return wrong

    def verdict(self, sensor: str) -> Finding | None:
        """The surest fault of a sensor."""
        return next((one for one in self.findings if one.sensor == sensor), None)


def review(
    counts: Counts,
    net: WatchedNet,
    *,
    before: Floats | None = None,
    speeds_mps: Floats | None = None,
    flows: RouteFlows | None = None,
    noted: Sequence[Finding] = (),
    false_alarms: float = FALSE_ALARMS,
) -> Health:
    """Look for sensors that lie.

    First what a sensor's own numbers give away; those are taken out of the others' word, then the rest is held against
    it, twice, so that the second time no liar speaks.

    Args:
        counts: What was counted; some hours at least.
        net: The streets.
        before: The same sensors and periods of an earlier, honest day (S, T), of several (M, S, T), or None.
        speeds_mps: Mean speeds (S, T), or None.
        flows: What is believed of the streets beforehand, for levels that were always wrong; or None.
        noted: Faults that reading has found and mended (`from_repairs`).
        false_alarms: Share of honest sensors that may be named by chance, all tests together.
    """
    each = false_alarms / _TESTS
    one_day = before if before is None or before.ndim == 2 else before[-1]
    before = before if before is None or before.ndim == 2 else _mean_day(before)
    values = np.where(_beyond(counts, net), np.nan, counts.vehicles)
    clean = Counts(counts.sensors, counts.edges, counts.begin_s, counts.period_s, values)
    sure = [*impossible(counts, net, speeds_mps), *clock(clean, net, before), *noted]
    bad: set[str] = {one.sensor for one in sure}
    findings: list[Finding] = []
    expected = np.full_like(values, np.nan)
    for _ in range(3):
        trusted = np.array([name not in bad for name in counts.sensors])
        expected = expected_counts(values, before, trusted)
        heard = np.where(trusted[:, None], expected, np.nan)
        spread = dispersion(values, heard)
        findings = [
            *sure, *stuck(clean, expected, each), *silent(clean, expected, spread, each),
            *drifting(clean, expected, spread, each, tides=before is None), *noise(clean, expected, one_day, each),
            *out_of_line(clean, net, trusted),
        ]  # fmt: skip
        if before is not None:
            findings += level_changed(clean, net, before, expected, spread, each)
        elif flows is not None:
            hours = counts.period_s / 3600.0
            with np.errstate(invalid="ignore"):
                per_hour = np.array([np.nanmean(row) if (~np.isnan(row)).any() else np.nan for row in values]) / hours
            findings += level_foretold(clean, *told_by_others(flows, counts.edges, per_hour), each)
        now_bad = {one.sensor for one in findings if one.fault != "doubtful"}
        if now_bad == bad:
            break
        bad = now_bad
    return Health(counts, tuple(_surest(findings)), expected, false_alarms)


def clock(counts: Counts, net: WatchedNet, before: Floats | None = None) -> list[Finding]:
    """Days that lie whole hours beside the others', or beside the sensor's own earlier day."""
    seen = Seen(
        list(counts.sensors), list(counts.edges), counts.vehicles.copy(), np.full_like(counts.vehicles, np.nan),
        counts.period_s, net, [],
    )  # fmt: skip
    shifted_hours(seen, before)
    return [Finding(one.sensor, "clock", 2.0, counts.begin_s, one.reason) for one in seen.repairs]


def _mean_day(days: Floats) -> Floats:
    """Mean over days (M, S, T) -> (S, T); NaN where none says anything."""
    seen = ~np.isnan(days)
    n = seen.sum(axis=0)
    return np.where(n > 0, np.where(seen, days, 0.0).sum(axis=0) / np.maximum(n, 1), np.nan)


def _beyond(counts: Counts, net: WatchedNet) -> NDArray[np.bool_]:
    seen = Seen(list(counts.sensors), list(counts.edges), counts.vehicles, counts.vehicles, counts.period_s, net, [])
    return counts.vehicles > np.array([seen.carries(row) for row in range(len(counts.sensors))])[:, None]


_CAUSES = ("impossible", "stuck", "silent", "clock")
_EFFECTS = ("level", "drifting", "noise", "doubtful")
_ORDER = ("impossible", "stuck", "silent", "clock", "level", "drifting", "noise", "buses", "doubtful")


def _surest(findings: Sequence[Finding]) -> list[Finding]:
    """One of each sensor and fault; what names its cause before what only shows its effect."""
    best: dict[tuple[str, str], Finding] = {}
    caused = {one.sensor for one in findings if one.fault in _CAUSES}
    for one in findings:
        if one.sensor in caused and one.fault in _EFFECTS:
            continue
        key = (one.sensor, one.fault)
        if key not in best or one.score > best[key].score:
            best[key] = one
    return sorted(best.values(), key=lambda one: (_ORDER.index(one.fault), -one.score, one.sensor))


def from_repairs(repairs: Sequence[Repair]) -> list[Finding]:
    """Faults that reading found, as findings: somebody should mend the device or its export."""
    faults = {
        "time_zone": "clock", "per_hour": "level", "per_lane": "level", "buses_as_cars": "buses",
        "impossible": "impossible",
    }  # fmt: skip
    found = []
    for one in repairs:
        if one.what in faults and one.action != "noted":
            found.append(Finding(one.sensor, faults[one.what], 1.0, 0.0, one.reason))
    return found
