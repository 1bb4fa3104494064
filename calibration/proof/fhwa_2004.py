"""FHWA, Traffic Analysis Toolbox Volume III (2004): Wisconsin DOT's freeway model calibration criteria."""

from __future__ import annotations

from calibration.proof.evidence import Evidence
from calibration.proof.geh import geh
from calibration.proof.journeys import within_time
from calibration.proof.link_flows import CASES, within_band
from calibration.proof.tag_m31 import LINKS, NO_HELD, NO_TIMES
from calibration.proof.verdict import Criterion, Verdict, percent, signed
from networks.sentence import Sentence, say

SUM_WITHIN, SUM_GEH = 0.05, 4.0

_TABLE = "FHWA-HRT-04-040, Traffic Analysis Toolbox Volume III (2004), section 5.6, Table 4"


def _criterion(name: Sentence, asked: Sentence) -> Criterion:
    return Criterion("FHWA 2004", name, asked, _TABLE)


BANDS = _criterion(
    say("Hourly flows, single links", "单路段小时流量"),
    say("within 100 veh/h below 700, 15 % to 2700, 400 above, in more than 85 % of cases",
        "超过85%的路段满足：低于700辆/时误差≤100，700至2700误差≤15%，更高误差≤400"),
)  # fmt: skip
SUM = _criterion(say("Sum of all link flows", "全部路段流量之和"), say("within 5 %", "误差≤5%"))
GEH5 = _criterion(
    say("GEH, single links", "单路段 GEH"), say("GEH < 5 in more than 85 % of cases", "超过85%的路段 GEH<5")
)
GEH_SUM = _criterion(say("GEH of the sum", "流量之和的 GEH"), say("GEH < 4", "GEH<4"))
TIMES = _criterion(
    say("Journey times", "行程时间"),
    say("within 15 %, or 1 min if higher, in more than 85 % of cases", "超过85%的线路误差≤15%（或1分钟）"),
)
LOOKED = _criterion(
    say("Visual audits: speeds and bottlenecks", "目视检查：车速与瓶颈"),
    say("to the analyst's satisfaction", "由分析人员认可"),
)


def fhwa_2004(evidence: Evidence) -> tuple[Verdict, ...]:
    """Each line of the table, on held-out flows."""
    looked = LOOKED.missing(say("people have to look: see the maps of this report", "须由人查看：见本报告地图"))
    return (*_flows(evidence), _times(evidence), looked)


def _flows(evidence: Evidence) -> tuple[Verdict, ...]:
    held = evidence.held
    if not len(held) or held.observed.sum() <= 0:
        return tuple(one.missing(NO_HELD) for one in (BANDS, SUM, GEH5, GEH_SUM))
    inside = float(within_band(held).mean())
    low = float((geh(held.simulated, held.observed) < 5).mean())
    seen, found = float(held.observed.sum()), float(held.simulated.sum())
    together = float(geh(found, seen))
    return (
        BANDS.found(inside > CASES, percent(inside, len(held), LINKS)),
        SUM.found(abs(found - seen) <= SUM_WITHIN * seen + 1e-9, signed(found / seen - 1)),
        GEH5.found(low > CASES, percent(low, len(held), LINKS)),
        GEH_SUM.found(together < SUM_GEH, say(f"GEH {together:.1f}", f"GEH {together:.1f}")),
    )


def _times(evidence: Evidence) -> Verdict:
    if evidence.journeys_s is None or not len(evidence.journeys_s):
        return TIMES.missing(NO_TIMES)
    share = float(within_time(evidence.journeys_s).mean())
    return TIMES.found(share > CASES, percent(share, len(evidence.journeys_s), ("routes", "条线路")))
