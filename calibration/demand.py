"""Demand that agrees with the counts of the last half hour.

One factor for the whole demand, then one per group of sensors (a gateway, a corridor), each with an interval.

Estimator (conjugate Gamma-Poisson, Gelman et al., Bayesian Data Analysis, 3rd ed., 2.6): the counts C of a window are
taken as quasi-Poisson around f M, where M is what the model counted there under the demand it used, with variance
`dispersion` times the mean (vehicles come in platoons). With a Gamma prior of mean p and shape k,

    f | C  ~  Gamma(k + C / dispersion,  rate = k / p + M / dispersion).

The overall factor has p = 1. Each group has p = the overall factor, so a group with few vehicles stays with the crowd.
It is bounded, because a count says less about demand once a street is jammed, and because a lying sensor must not
empty a city. M is taken as known: the spread between the model's members is not in the interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from networks.sentence import Sentence, say


@dataclass(frozen=True, slots=True)
class DemandPrior:
    """How much is believed before counting.

    Attributes:
        shape: k of the overall factor's Gamma prior; 16 means a standard deviation of 25 % before any count.
        group_shape: k of a group's prior around the overall factor; 25 means 20 %.
        dispersion: Variance over mean of the counts of a window.
        low: No factor is set below this.
        high: No factor is set above this.
        sure_count: A sensor is only judged as faulty when the model expects at least this many vehicles.
        fault_ratio: A sensor that counts this many times more or less than expected, beside the others, is left out.
    """

    shape: float = 16.0
    group_shape: float = 25.0
    dispersion: float = 3.0
    low: float = 0.4
    high: float = 2.5
    sure_count: float = 20.0
    fault_ratio: float = 8.0


@dataclass(frozen=True, slots=True)
class Factor:
    """A multiplier of the demand: posterior mean, 90 % interval, and whether a bound was met."""

    value: float
    low: float
    high: float
    bounded: bool


@dataclass(frozen=True, slots=True)
class DemandCorrection:
    """What the counts say about the demand that the model used.

    Attributes:
        overall: Factor for all trips.
        groups: Factor by group, absolute (not relative to the overall one).
        observed: Vehicles counted at the sensors that were used.
        modelled: Vehicles that the model counted there.
        sensors: Sensors used.
        left_out: Sensors not used, with the reason.
    """

    overall: Factor
    groups: Mapping[str, Factor] = field(default_factory=dict)
    observed: float = 0.0
    modelled: float = 0.0
    sensors: tuple[str, ...] = ()
    left_out: Mapping[str, Sentence] = field(default_factory=dict)


def correct_demand(
    observed: Mapping[str, float],
    modelled: Mapping[str, float],
    *,
    groups: Mapping[str, str] | None = None,
    prior: DemandPrior | None = None,
) -> DemandCorrection:
    """Factors for the demand that the model used, from counts of the same window.

    Args:
        observed: Vehicles by sensor in the window.
        modelled: Vehicles by sensor in the window, mean of the model's members.
        groups: Group by sensor; sensors without a group only inform the overall factor.
        prior: What is believed beforehand.

    Returns:
        The overall factor and one per group. Without any usable sensor: the prior (1, wide).
    """
    prior, groups = prior or DemandPrior(), groups or {}
    used, left_out = _usable(observed, modelled, prior)
    total_seen = sum(observed[sensor] for sensor in used)
    total_model = sum(modelled[sensor] for sensor in used)
    overall = posterior(total_seen, total_model, mean=1.0, shape=prior.shape, prior=prior)
    by_group: dict[str, Factor] = {}
    for group in sorted({groups[sensor] for sensor in used if sensor in groups}):
        members = [sensor for sensor in used if groups.get(sensor) == group]
        seen, expected = sum(observed[s] for s in members), sum(modelled[s] for s in members)
        by_group[group] = posterior(seen, expected, mean=overall.value, shape=prior.group_shape, prior=prior)
    return DemandCorrection(overall, by_group, total_seen, total_model, tuple(used), left_out)


def posterior(count: float, expected: float, *, mean: float, shape: float, prior: DemandPrior) -> Factor:
    """Posterior of one factor; see the module's estimator."""
    from scipy.stats import gamma

    a = shape + count / prior.dispersion
    rate = shape / mean + expected / prior.dispersion
    low, high = (float(gamma.ppf(p, a, scale=1.0 / rate)) for p in (0.05, 0.95))
    value = min(max(a / rate, prior.low), prior.high)
    return Factor(value, low, high, bounded=value != a / rate)


def _usable(
    observed: Mapping[str, float], modelled: Mapping[str, float], prior: DemandPrior
) -> tuple[list[str], dict[str, Sentence]]:
    """Sensors to use, and why others are left out: judged against what all sensors together say."""
    both = sorted(set(observed) & set(modelled))
    left_out = {
        sensor: say("no model count for it", "模型无对应计数") for sensor in sorted(set(observed) - set(modelled))
    }
    left_out |= {
        sensor: say("silent in this window", "该时段无数据") for sensor in sorted(set(modelled) - set(observed))
    }
    ratios = sorted(observed[s] / modelled[s] for s in both if modelled[s] >= prior.sure_count)
    typical = ratios[len(ratios) // 2] if ratios else 1.0
    used: list[str] = []
    for sensor in both:
        expected = typical * modelled[sensor]
        if expected >= prior.sure_count and observed[sensor] * prior.fault_ratio < expected:
            left_out[sensor] = say(
                f"counts {observed[sensor]:.0f} where about {expected:.0f} are expected: stuck or dead?",
                f"计数{observed[sensor]:.0f}，预期约{expected:.0f}：是否卡死或失效？",
            )
        elif modelled[sensor] >= prior.sure_count and observed[sensor] > prior.fault_ratio * max(expected, 1.0):
            left_out[sensor] = say(
                f"counts {observed[sensor]:.0f} where about {expected:.0f} are expected: double counting?",
                f"计数{observed[sensor]:.0f}，预期约{expected:.0f}：是否重复计数？",
            )
        else:
            used.append(sensor)
    return used, left_out
