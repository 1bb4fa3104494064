"""The page of a case's review: one HTML file, both languages; what it shows comes from the audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from markupsafe import Markup

from networks.sentence import Sentence, say
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import both, known, text

_TICKS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440)


@dataclass(frozen=True, slots=True)
class Told:
    """Something that happened: when, of which sort, and in words."""

    at: datetime
    sort: str
    text: Sentence


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given: when, by whom, "acknowledged", "done" or "refused", in which words, and whether the
    case was closed by then.
    """

    at: datetime
    who: Sentence
    state: str
    words: str
    late_s: float
    closed: bool


@dataclass(frozen=True, slots=True)
class ReviewTask:
    """A task, or a signature, or the notice of the end.

    Attributes:
        task: Its name.
        sort: "task", "sign", "end" or "over".
        who: Who was called.
        text: For what.
        level: Of the plan; "" for the end.
        called_at: When.
        answer_by: Until when they were to say that they heard.
        heard_at: When they did; None: never.
        heard_late_s: How late; 0 in time.
        done_by: Until when it was to be done; None: nobody waited for that.
        done_at: When it was; None: never told.
        done_late_s: How late; 0 in time.
        answers: All of them.
        escalated: When whom else was called, and why.
        allowed_by: What allowed the call.
    """

    task: str
    sort: str
    who: Sentence
    text: Sentence
    level: str
    called_at: datetime
    answer_by: datetime
    heard_at: datetime | None
    heard_late_s: float | None
    done_by: datetime | None
    done_at: datetime | None
    done_late_s: float | None
    answers: tuple[Given, ...]
    escalated: tuple[tuple[datetime, Sentence, str], ...]
    allowed_by: str


@dataclass(frozen=True, slots=True)
class Lead:
    """When it was signalled, forecast, first called and heard, and when trouble was there; None: never."""

    signalled_at: datetime | None
    forecast_at: datetime | None
    called_at: datetime | None
    heard_at: datetime | None
    there_at: datetime | None


@dataclass(frozen=True, slots=True)
class Went:
    """How tasks went, in numbers: those called, heard in time, heard late, never; those due, done in time, late, never
    told; others called for them, refusals, and the median time until they were heard (s).
    """

    called: int
    heard: int
    heard_late: int
    unheard: int
    due: int
    done: int
    done_late: int
    undone: int
    escalations: int
    refused: int
    heard_median_s: float | None


@dataclass(frozen=True, slots=True)
class Review:
    """A case, as its audit tells it.

    Attributes:
        case_id: Its id.
        title: Of its plan.
        plan: Name, version and digest of the plan.
        source: Where the plan's figures come from.
        subject: What it was about; "" for the whole city.
        exercise: Nothing of it was real.
        opened_at: When it began.
        closed_at: When it ended; None: it goes on.
        how: How it ended.
        why: Who ended it, and the reason.
        levels: When which level began.
        grounds: Official signals and findings.
        tasks: What agencies were called for.
        signatures: Who was asked to sign.
        notices: Who was told of the end.
        lead: Lead time.
        went: How tasks went.
        story: Everything in its order.
        refused: What was tried and not allowed.
        entries: Entries of the audit that it rests on.
        broken: Places where the audit's chain does not hold.
        zone: In which times are shown.
    """

    case_id: str
    title: Sentence
    plan: str
    source: Sentence
    subject: str
    exercise: bool
    opened_at: datetime
    closed_at: datetime | None
    how: Sentence | None
    why: Sentence
    levels: tuple[tuple[datetime, str], ...]
    grounds: tuple[Told, ...]
    tasks: tuple[ReviewTask, ...]
    signatures: tuple[ReviewTask, ...]
    notices: tuple[ReviewTask, ...]
    lead: Lead
    went: Went
    story: tuple[Told, ...]
    refused: tuple[str, ...]
    entries: int
    broken: int
    zone: tzinfo


def review_page(review: Review) -> str:
    """The page; it needs no network, and the same review gives the same text."""
    clock = Clock(review)
    shown = {
        "css": page_file("plan_review.css"),
        "review": review,
        "clock": clock,
        "lead": lead_time(review.lead),
        "span": span,
        "late": _late,
        "faults": list(_faults(review)),
        "ticks": clock.ticks(),
        "rows": [(one, clock.bars(one)) for one in review.tasks],
        "bands": clock.bands(),
        "level": lambda name: known("review.level", name),
        "state": lambda task, one: known("review.state", "signed" if _signed(task, one) else one.state),
    }
    part = Markup(templates().get_template("plan_review.html.j2").render(shown))
    title = {language: f"{_MARK[language]}{text}" for language, text in review.title.items()}
    kind = both("review.kind_exercise" if review.exercise else "review.kind")
    lead = both(
        "review.lead" if review.closed_at else "review.lead_open",
        case=review.case_id,
        begin=clock.day(review.opened_at),
        end=clock(review.closed_at) if review.closed_at else "",
        zone=clock.zone,
    )
    return page(title if review.exercise else review.title, [part], kind=kind, lead=lead)


_MARK = {"en": "EXERCISE: ", "zh": "【演练】"}


def span(seconds: float | None) -> Sentence:
    """A span of time in words."""
    if seconds is None:
        return say("never", "无")
    if seconds < 60:
        return say(f"{seconds:.0f} s", f"{seconds:.0f} 秒")
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours:
        return say(f"{hours} h {minutes} min", f"{hours} 小时 {minutes} 分钟")
    return say(f"{minutes} min", f"{minutes} 分钟")


def _late(seconds: float) -> Sentence:
    return {language: text("review.late", language, late=told) for language, told in span(seconds).items()}


def lead_time(lead: Lead) -> Sentence:
    """How long before trouble was there the first task was heard; or that it came after."""
    if lead.there_at is None:
        return say("no trouble was seen", "未见险情发生")
    if lead.heard_at is None:
        return say("nobody answered", "无人应答")
    seconds = (lead.there_at - lead.heard_at).total_seconds()
    told = span(abs(seconds))
    if seconds >= 0:
        return say(f"{told['en']} before", f"提前 {told['zh']}")
    return say(f"{told['en']} after", f"滞后 {told['zh']}")


def _signed(task: ReviewTask, given: Given) -> bool:
    return task.sort in ("sign", "end") and given.state == "done"


def _faults(review: Review) -> Iterator[Sentence]:
    """What did not go as planned."""
    for one in (*review.signatures, *review.tasks):
        who, text = one.who, one.text
        refused = [given for given in one.answers if given.state == "refused"]
        for given in refused:
            words = f": {given.words}" if given.words else ""
            yield say(f'{who["en"]} refused "{text["en"]}"{words}', f"{who['zh']}拒绝“{text['zh']}”{words}")
        if one.sort != "task":
            done = next((given for given in one.answers if given.state == "done"), None)
            late = None if done is None else max(0.0, (done.at - one.answer_by).total_seconds())
            if done is None and not refused and one.escalated:
                yield say(f'{who["en"]} never signed "{text["en"]}"', f"{who['zh']}始终未签发“{text['zh']}”")
            elif late:
                by, told = done.who if done else who, span(late)
                yield say(
                    f'"{text["en"]}" was signed {told["en"]} late by {by["en"]}',
                    f"“{text['zh']}”由{by['zh']}签发，迟 {told['zh']}",
                )
            continue
        if one.heard_at is None and not refused:
            yield say(f'{who["en"]} never acknowledged "{text["en"]}"', f"{who['zh']}始终未确认“{text['zh']}”")
        elif one.heard_late_s:
            late_s, by = span(one.heard_late_s), next(given.who for given in one.answers if given.at == one.heard_at)
            yield say(
                f'"{text["en"]}" ({who["en"]}) was acknowledged {late_s["en"]} late by {by["en"]}',
                f"“{text['zh']}”（{who['zh']}）由{by['zh']}确认，迟 {late_s['zh']}",
            )
        if one.done_late_s:
            late_s = span(one.done_late_s)
            yield say(f'"{text["en"]}" was done {late_s["en"]} late', f"“{text['zh']}”完成迟 {late_s['zh']}")
        elif one.done_by is not None and one.done_at is None and one.heard_at is not None:
            yield say(f'nobody said that "{text["en"]}" was done', f"“{text['zh']}”未报告完成")


class Clock:
    """Times of a review, as texts and as places on its axis (%)."""

    def __init__(self, review: Review) -> None:
        self._zone, self._review = review.zone, review
        moments = [review.opened_at, *(one.at for one in review.story)]
        moments += [one.done_by or one.answer_by for one in review.tasks]
        self._begin, self._end = min(moments), max(max(moments), min(moments) + timedelta(minutes=1))
        self._days = self._begin.astimezone(self._zone).date() != self._end.astimezone(self._zone).date()
        self.zone = str(review.opened_at.astimezone(self._zone).tzname())

    def __call__(self, moment: datetime | None) -> str:
        """A time of day, with its day where the case has several."""
        if moment is None:
            return "–"
        form = "%m-%d %H:%M" if self._days else "%H:%M"
        return moment.astimezone(self._zone).strftime(form)

    def day(self, moment: datetime) -> str:
        """A day and a time."""
        return moment.astimezone(self._zone).strftime("%Y-%m-%d %H:%M")

    def place(self, moment: datetime) -> float:
        """Where on the axis, %."""
        return round(100 * (moment - self._begin) / (self._end - self._begin), 2)

    def ticks(self) -> list[tuple[float, str]]:
        """Six steps of whole minutes at most."""
        whole = (self._end - self._begin).total_seconds() / 60
        step = next((one for one in _TICKS_MIN if whole / one <= 5), _TICKS_MIN[-1])
        local = self._begin.astimezone(self._zone)
        first = local.replace(hour=0, minute=0, second=0, microsecond=0)
        first += timedelta(minutes=step * (((local - first).total_seconds() / 60) // step + 1))
        found: list[tuple[float, str]] = []
        while first < self._end and len(found) < 12:
            found.append((self.place(first), first.strftime("%H:%M")))
            first += timedelta(minutes=step)
        return found

    def bars(self, one: ReviewTask) -> list[dict[str, Any]]:
        """From the call to the acknowledgement, and from there to the end of the work."""
        end = self._review.closed_at or self._end
        heard = one.heard_at or end
        bars = [("wait" if one.heard_at else "never", one.called_at, heard)]
        if one.heard_at is not None and one.done_by is not None:
            bars.append(("work" if one.done_at else "undone", one.heard_at, one.done_at or max(end, one.heard_at)))
        return [
            {"sort": sort, "left": self.place(begin), "width": max(0.0, self.place(until) - self.place(begin))}
            for sort, begin, until in bars
        ]

    def bands(self) -> list[dict[str, Any]]:
        """The levels one after another."""
        ends = [at for at, _ in self._review.levels[1:]] + [self._review.closed_at or self._end]
        return [
            {"level": name, "left": self.place(at), "width": self.place(until) - self.place(at)}
            for (at, name), until in zip(self._review.levels, ends, strict=True)
        ]
