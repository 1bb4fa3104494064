"""The city's traffic performance index (TPI, 0-10) by the share of time that is delay, after GB/T 33171-2016, Annex C.

What is known, and from where: the text of the standard is not open. Its bands of the delay time proportion (DTP), below
.3 / .5 / .6 / .7 and above, and their TPI bands 0-2-4-6-8-10, are as two open implementations that cite Annex C state
them, and agree with the bands of speed over free-flow speed (70 / 50 / 40 / 30 %) that a third one cites. What is not
known: whether the standard interpolates within a band (linear here), and how it weights road classes (7.2; here each
vehicle-second counts once). So this is an index after the standard, not one certified by it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from networks.sentence import Sentence, say
from scenarios.measures.dictionary import Tables, measure

DTP_BANDS = (0.0, 0.3, 0.5, 0.6, 0.7, 1.0)
TPI_BANDS = (0.0, 2.0, 4.0, 6.0, 8.0, 10.0)
STATES: tuple[Sentence, ...] = (
    say("free", "畅通"),
    say("mostly free", "基本畅通"),
    say("slightly congested", "轻度拥堵"),
    say("congested", "中度拥堵"),
    say("heavily congested", "严重拥堵"),
)
GBT = say(
    "GB/T 33171-2016, Annex C, as open implementations state its bands; linear within a band and each vehicle-second "
    "counted once: both uncertain",
    "GB/T 33171-2016附录C（区间取自公开实现）；区间内线性插值、每车每秒等权，此两点未经标准原文核实",
)
NEEDS = {"edges": ("time_s", "time_loss_s", "vehicle_s")}


def tpi_of(delay_share: float) -> float:
    """TPI (0-10) of a delay time proportion (0-1)."""
    return float(np.interp(delay_share, DTP_BANDS, TPI_BANDS))


def state_of(tpi: float) -> Sentence:
    """The band's words: free below 2, heavily congested from 8 on."""
    return STATES[int(np.clip(np.searchsorted(TPI_BANDS, tpi, side="right") - 1, 0, len(STATES) - 1))]


@measure(
    say("Share of time that is delay", "延误时间比"),
    "share",
    "lower",
    say(
        "Time lost against free flow over the time driven, all vehicles on all edges after the warm-up (DTP).",
        "预热后全部路段所有车辆相对自由流损失的时间与行驶时间之比（DTP）。",
    ),
    needs=NEEDS,
    source=say(
        "GB/T 33171-2016, 3.10 (term); SUMO edgeData (timeLoss)",
        "GB/T 33171-2016第3.10条（术语）；SUMO edgeData（timeLoss）",
    ),
)
def delay_share(_city: Any, run: Tables) -> float | None:
    edges = run.measured("edges", "time_s")
    driven = float(edges["vehicle_s"].fillna(0.0).sum())
    lost = float(edges["time_loss_s"].fillna(0.0).sum())
    return float(np.clip(lost / driven, 0.0, 1.0)) if driven > 0 else None


@measure(
    say("Traffic performance index (TPI)", "交通运行指数（TPI）"),
    "0-10",
    "lower",
    say(
        "0 to 2 free, 2 to 4 mostly free, 4 to 6 slightly, 6 to 8 clearly, 8 to 10 heavily congested: from the share "
        "of time that is delay, with bands at .3, .5, .6 and .7, linear within a band.",
        "0至2畅通，2至4基本畅通，4至6轻度拥堵，6至8中度拥堵，8至10严重拥堵：由延误时间比按0.3、0.5、0.6、0.7分档，档内线性插值。",
    ),
    needs=NEEDS,
    source=GBT,
)
def tpi(city: Any, run: Tables) -> float | None:
    share = delay_share(city, run)
    return None if share is None else tpi_of(share)
