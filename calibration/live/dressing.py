"""What members do not know of themselves: forecasts put right and widened by the errors that earlier ones had.

Members differ by what was drawn for them (demand, drivers); that signals, routes and the usual day itself are wrong,
all of them share. How wrong shows at the sensors, where forecasts of the last hour have met their counts. Source of the
idea: Roulston & Smith 2003, Combining dynamical and statistical ensembles, Tellus A 55,
doi:10.3402/tellusa.v55i1.12082. Medians are taken, so that a fifth of lying sensors does not widen anything. By what
all sensors' speeds are off alike (rain, drivers, signals, a jam that nobody told of) all speeds are put right, in part.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from calibration.live.heard import Heard
from calibration.live.usual import Floats
from models import stream

GUESS = 0.15
"""Standard deviation (log) of flows and of speeds before anything is known of them (guess)."""
ENOUGH, FEWEST = 60, 4.0
"""Pairs of forecast and count from which errors are learned, and vehicles below which a pair says nothing."""
PULL, FEWEST_SENSORS = 0.5, 8
"""Share of the sensors' common error of speed that other streets are believed to have: sensors stand on busy ones, and
those next to a jam err most (chosen on hidden days of one town); and sensors that are needed to tell."""
COPIES = 3
COMMON = 0.4
"""Share of the variance that all streets have in common (guess)."""
_NORMAL = 1.4826
"""Standard deviation of a normal draw whose absolute value has median 1."""


@dataclass
class Leads:
    """What was forecast at the sensors, until its time is over.

    Attributes:
        said: By the moment of the forecast: median and variance of flow, median and variance of the logarithm of
            speed (4, S, H).
    """

    said: dict[int, Floats] = field(default_factory=dict)

    def keep(self, now_s: float, flow: Floats, speed: Floats) -> Floats:
        """Keep members' forecasts (M, S, H) made now, and give what is kept of them."""
        with np.errstate(divide="ignore", invalid="ignore"):
            log = np.log(np.where(speed > 0, speed, np.nan))
        heard = np.isfinite(log).all(axis=0)
        middle, spread = (np.where(heard, one, np.nan) for one in (np.median(log, axis=0), log.var(axis=0)))
        self.said[round(now_s)] = np.array([np.median(flow, axis=0), flow.var(axis=0), middle, spread])
        return self.said[round(now_s)]

    def forget(self, before_s: float) -> None:
        """Let go of forecasts that were made before a moment."""
        self.said = {made_s: said for made_s, said in self.said.items() if made_s >= before_s}

    def pace(self, heard: Heard) -> float:
        """Logarithm of the factor that puts speeds right: the median sensor's own median error, in part; 0 unknown."""
        off = [np.zeros((len(heard.sensors), 0))]
        for made_s, (flow, _, log, _) in self.said.items():
            _, measured = heard.between(made_s, flow.shape[1])
            there = np.isfinite(measured) & (measured > 0) & np.isfinite(log) & (flow >= FEWEST)
            off.append(np.where(there, np.log(np.where(there, measured, 1.0)) - log, np.nan))
        rows = [row[np.isfinite(row)] for row in np.concatenate(off, axis=1)]
        each = [float(np.median(row)) for row in rows if len(row)]
        return PULL * float(np.median(each)) if len(each) >= FEWEST_SENSORS else 0.0

    def errors(self, heard: Heard) -> tuple[float, float]:
        """Standard deviations (log) of flow and of speed beyond what members, Poisson and pace explain."""
        flows, speeds, pace = [], [], self.pace(heard)
        for made_s, (flow, flow_var, log, log_var) in self.said.items():
            counted, measured = heard.between(made_s, flow.shape[1])
            there = np.isfinite(counted) & (flow >= FEWEST)
            off = np.abs(counted - flow) / np.maximum(flow, 1.0)
            flows.append(np.stack([off, (flow_var + flow) / np.maximum(flow, 1.0) ** 2])[:, there])
            there &= np.isfinite(measured) & (measured > 0) & np.isfinite(log)
            with np.errstate(divide="ignore", invalid="ignore"):
                off = np.abs(np.log(measured) - log - pace)
            speeds.append(np.stack([off, log_var])[:, there])
        return _beyond(flows), _beyond(speeds)


def dressed(
    flow: Floats, speed_mps: Floats, errors: tuple[float, float], seed: int, pace: float = 0.0
) -> tuple[Floats, Floats]:
    """Each member several times, with the errors of flows and speeds drawn and the chance of whole vehicles.

    Args:
        flow: Members' flows (M, E, H).
        speed_mps: Their speeds (M, E, H); NaN stays NaN.
        errors: Standard deviations (log) of both.
        seed: Of the draws.
        pace: Logarithm of the factor that puts speeds right.

    Returns:
        Flows and speeds (M * COPIES, E, H).
    """
    rng = stream(seed, "live dressing")
    shape = (len(flow) * COPIES, flow.shape[1], 1)

    def error(deviation: float) -> Floats:
        common, own = rng.standard_normal((shape[0], 1, 1)), rng.standard_normal(shape)
        return np.asarray(np.exp(deviation * (np.sqrt(COMMON) * common + np.sqrt(1.0 - COMMON) * own)))

    flows = rng.poisson(np.repeat(flow, COPIES, axis=0) * error(errors[0])).astype(np.float64)
    return flows, np.exp(pace) * np.repeat(speed_mps, COPIES, axis=0) * error(errors[1])


def _beyond(pairs: list[Floats]) -> float:
    """Deviation of errors beyond the variance that explains them, from (error, variance) of each pair."""
    told = np.concatenate([np.zeros((2, 0)), *pairs], axis=1)
    if told.shape[1] < ENOUGH:
        return GUESS
    wide = _NORMAL * float(np.median(told[0]))
    return float(np.sqrt(max(wide**2 - float(np.median(told[1])), 0.0)))
