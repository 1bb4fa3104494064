"""The recommendation that goes to the desk: the best option with its interval, the others, and what it rests on."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from networks.sentence import Sentence, say
from scenarios import Alternative, Recommendation
from scenarios.searches.recommendation import advise
from twin.advice.judging import CONFIDENCE, GOAL, Race, Ranked, StreetChange
from twin.advice.option import NOTHING
from twin.advice.proposing import RADIO_SHARE, SIGN_SHARE
from twin.advice.timing import SHIFT
from twin.advice.trouble import Trouble

KIND = "incident_response"
VALID = timedelta(minutes=15)
STREETS = 60
"""Streets whose change is told, the largest changes first."""


def recommendation(
    trouble: Trouble, race: Race, *, created: datetime, run_id: str, delay_s: float, horizon_s: float, meso: bool
) -> Recommendation | None:
    """What is recommended; None where no option is better than doing nothing beyond chance."""
    best = race.ranked[0] if race.ranked else None
    if best is None or best.effect is None or not best.better:
        return None
    return advise(
        KIND,
        title=best.option.title,
        action=[dict(one) for one in best.option.action],
        effect=best.effect,
        side_effects=[one for name, one in best.effects.items() if name != GOAL],
        evidence=[run_id, *(one for finding in trouble.findings for one in finding.evidence)],
        created=created,
        valid_until=created + VALID,
        alternatives=[*(_alternative(one) for one in race.ranked[1:]), _nothing(best)],
        rests_on=[*_rests_on(race, delay_s, horizon_s, meso), *best.option.rests_on],
        risks=list(best.option.risks),
    )


def document(rec: Recommendation, trouble: Trouble, race: Race, run_id: str) -> dict[str, Any]:
    """The recommendation as the desk keeps it: its run, why, what it changes, and how to go back."""
    told = rec.to_json()
    rows = {one.option.name: one for one in race.ranked}
    for alternative in told["alternatives"]:
        row = rows.get(alternative["name"])
        alternative["action"] = [dict(one) for one in row.option.action] if row is not None else []
    best = race.ranked[0]
    return told | {
        "run_id": run_id,
        "option": best.option.name,
        "why": [finding.text for finding in trouble.findings],
        "edges": list(trouble.edges),
        "streets": [_rounded(one) for one in best.streets[:STREETS]],
        "before": [dict(one) for one in best.option.before],
        "rests_on_findings": list(trouble.causes),
        "rests_on_assets": {name: digest for name, digest in best.option.assets.items() if name.startswith("signal:")},
        "interval": {"confidence": CONFIDENCE, "jointly": sum(one.effect is not None for one in race.ranked)},
    }


def _rounded(one: StreetChange) -> dict[str, Any]:
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(one).items()}


def _alternative(row: Ranked) -> Alternative:
    if row.effect is None:
        why = say(
            f"left behind in the race: {row.raced:+.1f} vehicle hours", f"初筛落选：{row.raced:+.1f} 车时"
        )  # fmt: skip
    elif row.better:
        why = say("better than nothing, and no better than the one proposed", "优于不采取措施，但不优于所推荐方案")
    else:
        why = say("no better than doing nothing beyond chance", "与不采取措施相比无显著改善")
    return Alternative(row.option.name, row.option.title, row.effect, why)


def _nothing(best: Ranked) -> Alternative:
    assert best.effect is not None
    base = best.effect.base or 0.0
    return Alternative(
        NOTHING, say("do nothing", "不采取措施"), None,
        say(f"{base:.0f} vehicle hours until the end of the forecast", f"至预测期末共 {base:.0f} 车时"),
    )  # fmt: skip


def _rests_on(race: Race, delay_s: float, horizon_s: float, meso: bool) -> list[Sentence]:
    told = [
        say(
            f"{len(race.judging)} members that had no part in choosing, each beside doing nothing with the same "
            f"vehicles; intervals hold jointly with {CONFIDENCE:.0%}",
            f"由 {len(race.judging)} 个未参与筛选的成员评判，均与同一批车辆下“不采取措施”成对比较；"
            f"区间联合置信度 {CONFIDENCE:.0%}",
        ),
        say(
            f"done {delay_s / 60:.0f} min from now, counted for {horizon_s / 60:.0f} min; what comes later is not",
            f"假定 {delay_s / 60:.0f} 分钟后实施，统计 {horizon_s / 60:.0f} 分钟；此后的影响未计入",
        ),
        say(
            f"guessed: {SIGN_SHARE:.0%} follow signs, {RADIO_SHARE:.0%} a broadcast, without either nobody leaves the "
            f"usual way; {SHIFT:.0%} of a green is shifted; when lanes are free again (median 30 min)",
            f"估计值：{SIGN_SHARE:.0%} 的驾驶人遵从标志，{RADIO_SHARE:.0%} 响应广播，否则按常走路线行驶；绿灯调整 "
            f"{SHIFT:.0%}；车道恢复时间（中位数 30 分钟）",
        ),
    ]
    if meso:
        told.append(
            say(
                "mesoscopic simulation: queues and signals without lanes; a blocked lane lowers what a street lets "
                "through",
                "中观仿真：有排队与信号，无车道；车道受阻表现为路段通行能力下降",
            )
        )
    if race.left_out:
        told.append(say(f"{len(race.left_out)} simulations left out", f"剔除 {len(race.left_out)} 次仿真"))
    return told


def plain(row: Ranked) -> dict[str, Any]:
    """A row of the ranking as JSON."""
    return {"option": row.option.name, "raced": row.raced, "effect": asdict(row.effect) if row.effect else None}
