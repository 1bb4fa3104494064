"""UK Department for Transport, TAG Unit M3.1 (highway assignment modelling), section 3.3."""

from __future__ import annotations

import numpy as np

from calibration.proof.evidence import Evidence
from calibration.proof.geh import geh
from calibration.proof.journeys import within_time
from calibration.proof.link_flows import CASES, within_band
from calibration.proof.verdict import Criterion, Verdict, percent
from networks.sentence import say

LINKS = ("links", "条路段")
LINE_WITHIN, LINE_LINKS = 0.05, 5

_UNIT = "UK DfT, TAG Unit M3.1 Highway Assignment Modelling, section 3.3"
BANDS = Criterion(
    "TAG M3.1", say("Link flows by band", "路段流量分级误差"),
    say("within 100 veh/h below 700, 15 % to 2700, 400 above, on more than 85 % of links",
        "超过85%的路段满足：低于700辆/时误差≤100，700至2700误差≤15%，更高误差≤400"),
    f"{_UNIT}, Table 2, criterion 1",
)  # fmt: skip
GEH5 = Criterion(
    "TAG M3.1", say("Link flows by GEH", "路段流量 GEH"),
    say("GEH < 5 on more than 85 % of links", "超过85%的路段 GEH<5"), f"{_UNIT}, Table 2, criterion 2",
)  # fmt: skip
LINES = Criterion(
    "TAG M3.1", say("Screenlines", "核查线"),
    say("within 5 % on all or nearly all screenlines of 5 links or more (taken as: all)",
        "所有或几乎所有（此处取所有）含5条以上路段的核查线误差≤5%"), f"{_UNIT}, Table 1",
)  # fmt: skip
TIMES = Criterion(
    "TAG M3.1", say("Journey times", "行程时间"),
    say("within 15 % or 1 min on more than 85 % of routes", "超过85%的线路误差≤15%或1分钟"), f"{_UNIT}, Table 3",
)  # fmt: skip
NO_TIMES = say("no travel times along routes were given", "未提供沿线行程时间")
NO_HELD = say("no flow was held out", "没有留出检验的流量")


def tag_m31(evidence: Evidence) -> tuple[Verdict, ...]:
    """Each criterion of the unit, on held-out flows; it asks for flow criterion 1 or 2, so each is told apart."""
    return (_bands(evidence), _geh(evidence), _lines(evidence), _times(evidence))


def _bands(evidence: Evidence) -> Verdict:
    if not len(evidence.held):
        return BANDS.missing(NO_HELD)
    share = float(within_band(evidence.held).mean())
    return BANDS.found(share > CASES, percent(share, len(evidence.held), LINKS))


def _geh(evidence: Evidence) -> Verdict:
    if not len(evidence.held):
        return GEH5.missing(NO_HELD)
    share = float((geh(evidence.held.simulated, evidence.held.observed) < 5).mean())
    return GEH5.found(share > CASES, percent(share, len(evidence.held), LINKS))


def _lines(evidence: Evidence) -> Verdict:
    lines = [line for line in evidence.lines if line.links >= LINE_LINKS and line.observed_vph > 0]
    if not lines:
        most = max((line.links for line in evidence.lines), default=0)
        return LINES.missing(
            say(f"no screenline has {LINE_LINKS} counted links (at most {most})",
                f"没有含{LINE_LINKS}个计数路段的核查线（最多{most}个）")
        )  # fmt: skip
    errors = np.array([abs(line.simulated_vph - line.observed_vph) / line.observed_vph for line in lines])
    inside = float((errors <= LINE_WITHIN + 1e-9).mean())
    told = percent(inside, len(lines), ("screenlines within 5 %", "条核查线误差≤5%"))
    worst = float(errors.max())
    return LINES.found(
        inside == 1.0,
        say(f"{told['en']}, the worst {100 * worst:.0f} % off", f"{told['zh']}，最大误差{100 * worst:.0f}%"),
    )


def _times(evidence: Evidence) -> Verdict:
    if evidence.journeys_s is None or not len(evidence.journeys_s):
        return TIMES.missing(NO_TIMES)
    share = float(within_time(evidence.journeys_s).mean())
    return TIMES.found(share > CASES, percent(share, len(evidence.journeys_s), ("routes", "条线路")))
