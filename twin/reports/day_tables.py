"""A day as figures and tables, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from networks.sentence import Sentence, say
from twin.reports.day import Day
from twin.reports.day_after import cases_table, clock, missing_table, outcomes_table, skill_table, word
from twin.reports.day_words import KINDS, LETTERS, MESSAGES, VERDICTS

if TYPE_CHECKING:
    from viz.reports.table_page import Cell, Figure, Table


def day_page(told: Day, name: str) -> str:
    """The page of a day."""
    from viz.reports.table_page import table_page

    begin, end = told.cycles[0].moment, told.cycles[-1].moment
    lead = say(
        f"{name}; cycles from {clock(told, begin)} to {clock(told, end)} ({begin.astimezone(told.zone):%Z})",
        f"{name}；周期 {clock(told, begin)} 至 {clock(told, end)}（{begin.astimezone(told.zone):%Z}）",
    )
    return table_page(f"{told.day:%Y-%m-%d}", "day", lead, figures(told), tables(told))


def figures(told: Day) -> list[Figure]:
    """What is read first."""
    from viz.reports.table_page import Figure

    seconds = sorted(sum(one.seconds.values()) for one in told.cycles)
    asked = [one for one in told.alarms if one.asked is not None]
    judged = sum(one.judgement is not None for one in asked)
    decided = [one for one in told.decisions if one.decision is not None]
    stuck = sum(one.state in ("dead", "refused", "overdue") for one in told.letters)
    done = sum(one.state == "done" for one in told.letters)
    chain = say("whole", "完整") if not told.broken else say(f"broken in {told.broken} places", f"{told.broken}处断裂")
    return [
        Figure(say("Cycles", "运行周期"), str(len(told.cycles))),
        Figure(say("Their longest, s", "最长周期（s）"), f"{seconds[-1]:.1f}"),
        Figure(say("Alarms that asked to act", "需处置告警"), str(len(asked))),
        Figure(say("of them judged by people", "其中经人工判定"), str(judged), "" if judged == len(asked) else "bad"),
        Figure(say("Recommendations", "建议"), str(len(told.decisions))),
        Figure(say("of them decided", "其中已决定"), str(len(decided))),
        Figure(say("Messages carried out", "外发已执行"), f"{done} / {len(told.letters)}", "bad" if stuck else "good"),
        Figure(say("Audit chain", "审计链"), chain, "bad" if told.broken else "good"),
    ]


def tables(told: Day) -> list[Table]:
    """All tables, in reading order."""
    return [
        _ledger(told),
        _alarms(told),
        _decisions(told),
        _letters(told),
        outcomes_table(told),
        cases_table(told),
        skill_table(told),
        missing_table(told),
    ]


def _ledger(told: Day) -> Table:
    from viz.reports.table_page import Table

    head = [
        say("kind", "类型"),
        say("alarms", "告警"),
        say("confirmed", "属实"),
        say("false", "误报"),
        say("unsure", "不确定"),
        say("came", "已发生"),
        say("stayed away", "未发生"),
        say("open", "待定"),
        say("lead, min", "提前量（min）"),
    ]
    rows: list[list[Cell]] = []
    for one in told.judged:
        lead = "–" if one.lead_min is None else f"{one.lead_min:+.0f}"
        counts = (one.alarms, one.confirmed, one.false, one.unsure, one.came, one.stayed_away, one.pending)
        rows.append([word(KINDS, one.kind), *map(str, counts), lead])
    note = say(
        "Confirmed, false, unsure: people said so. Came, stayed away, open: nobody did, and it is the twin's own word. "
        "Lead: median from asking to act to the trouble, negative where it was there before.",
        "属实、误报、不确定为人工判定；已发生、未发生、待定为系统自判。提前量为告警至险情发生的中位数，负值表示险情在先。",
    )
    title = say("How good the alarms were", "告警质量")
    empty = say("No alarm asked anybody to act.", "无需处置的告警。")
    return Table(title, head, rows, note, frozenset(range(1, 9)), empty=empty)


def _alarms(told: Day) -> Table:
    from viz.reports.table_page import Table

    head = [
        say("since", "起始"),
        say("until", "结束"),
        say("level", "级别"),
        say("what", "内容"),
        say("judged", "判定"),
    ]
    rows: list[list[Cell]] = []
    for one in told.alarms:
        said: Cell = "–"
        if one.judgement is not None:
            verdict = VERDICTS[one.judgement.verdict]
            said = say(f"{verdict['en']}, {one.judgement.who}", f"{verdict['zh']}，{one.judgement.who}")
        until = clock(told, one.cleared) if one.cleared else say("stands", "持续")
        rows.append([clock(told, one.first_seen), until, one.level, one.text, said])
    return Table(say("Alarms", "告警"), head, rows, empty=say("None.", "无。"))


def _decisions(told: Day) -> Table:
    from viz.reports.table_page import Table

    head = [
        say("made", "提出"),
        say("decided", "决定"),
        say("took, min", "用时（min）"),
        say("what", "内容"),
        say("state", "状态"),
        say("by whom, and why", "决定人与理由"),
    ]
    rows: list[list[Cell]] = []
    for one in told.decisions:
        title = one.document.get("title") or one.kind
        made = one.decision
        took = f"{(made.clock_at - one.created).total_seconds() / 60:.0f}" if made else "–"
        who = f"{made.who}: {made.why}" if made else "–"
        decided = clock(told, made.clock_at) if made else "–"
        rows.append([clock(told, one.created), decided, took, title, _status(one.status), who])
    return Table(
        say("Recommendations and decisions", "建议与决定"),
        head,
        rows,
        None,
        frozenset({2}),
        empty=say("Nothing was recommended.", "无建议。"),
    )


def _letters(told: Day) -> Table:
    from viz.reports.table_page import Table

    head = [
        say("since", "时间"),
        say("receiver", "接收方"),
        say("what", "内容"),
        say("for", "对应"),
        say("sent, times", "发送次数"),
        say("state", "状态"),
        say("its word", "回复"),
    ]
    rows: list[list[Cell]] = []
    marks = []
    for one in told.letters:
        rows.append(
            [
                clock(told, one.steps[0].at),
                one.message.channel,
                word(MESSAGES, one.message.kind),
                one.message.rec_id,
                str(one.sends),
                word(LETTERS, one.state),
                one.last.detail or "–",
            ]
        )
        marks.append("bad" if one.state in ("dead", "refused", "overdue") else "")
    return Table(
        say("What left the twin", "外发消息"), head, rows, None, frozenset({4}), marks, say("Nothing left.", "无外发。")
    )


def _status(name: str) -> Sentence:
    from viz.text import known

    return known("status", name)
