"""What a case says, in both languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from networks.sentence import Sentence, say
from twin.alarms import Finding
from twin.desk import Answer, Call
from twin.plans.signals import Signal

_COLOUR = {"IV": ("blue", "蓝色"), "III": ("yellow", "黄色"), "II": ("orange", "橙色"), "I": ("red", "红色")}
_CLOCK = re.compile(r"\b([01]\d|2[0-3]):([0-5]\d)Z")
_ROMAN = {"IV": "Ⅳ", "III": "Ⅲ", "II": "Ⅱ", "I": "Ⅰ"}
_KIND = {
    "spillback": say("a queue that spills back", "排队溢流"),
    "incident": say("an incident", "突发事件"),
    "ponding": say("ponding", "积水"),
    "site": say("a site over capacity", "场所超员"),
    "coverage": say("a gap in coverage", "救援覆盖缺口"),
    "sensor": say("a sensor at fault", "传感器故障"),
}
_STATE = {
    "acknowledged": say("acknowledged", "已确认"),
    "done": say("done", "已完成"),
    "refused": say("refused", "已拒绝"),
}
_REASON = {
    "acknowledge": say("not acknowledged in time", "未按时确认"),
    "done": say("not done in time", "未按时完成"),
    "refused": say("refused", "被拒绝"),
}


def level_word(level: str) -> Sentence:
    """A level with its colour."""
    return say(f"level {level} ({_COLOUR[level][0]})", f"{_ROMAN[level]}级（{_COLOUR[level][1]}）")


def clock(moment: datetime) -> str:
    """A time of day as it is kept in texts: UTC, with a Z; `local` shows it in another zone."""
    return f"{moment.astimezone(UTC):%H:%M}Z"


def local(text: Sentence, near: datetime, zone: tzinfo) -> Sentence:
    """A text with its times (`clock`) in a zone; `near`: when it was said."""

    def shown(found: re.Match[str]) -> str:
        utc = near.astimezone(UTC).replace(hour=int(found[1]), minute=int(found[2]))
        return f"{utc.astimezone(zone):%H:%M}"

    return {language: _CLOCK.sub(shown, words) for language, words in text.items()}


def minutes(seconds: float) -> str:
    """A span in minutes."""
    return f"{seconds / 60:.0f} min" if seconds >= 60 else f"{seconds:.0f} s"


def level(before: str | None, to: str, title: Sentence) -> Sentence:
    """A case begins, or rises."""
    name = level_word(to)
    if before is None:
        return say(f"{title['en']}: {name['en']} begins", f"{title['zh']}：启动{name['zh']}响应")
    return say(
        f"{title['en']}: raised from level {before} to {name['en']}",
        f"{title['zh']}：由{_ROMAN[before]}级升至{name['zh']}响应",
    )


def signal(one: Signal) -> Sentence:
    """A warning is in force."""
    at = level_word(one.level) if one.level else say("level not told", "级别未说明")
    says = one.head()
    if one.official:
        return say(f"official signal: {says['en']}, {at['en']}", f"官方预警：{says['zh']}，{at['zh']}")
    return say(
        f"no official signal, held by the twin: {says['en']}, {at['en']}",
        f"非官方，由孪生系统判定：{says['zh']}，{at['zh']}",
    )


def found(one: Finding, now: datetime) -> Sentence:
    """Trouble is there, or coming."""
    kind, text = _KIND[one.kind], one.text
    if one.begins <= now:
        return say(f"found {kind['en']}: {text['en']}", f"发现{kind['zh']}：{text['zh']}")
    begins, sure = clock(one.begins), f"{one.probability:.0%}"
    return say(
        f"forecast {kind['en']} from {begins} on, {sure} of members: {text['en']}",
        f"预报{kind['zh']}，{begins} 起，{sure} 的成员：{text['zh']}",
    )


def quiet(hold_min: float) -> Sentence:
    """No condition holds."""
    return say(
        f"no condition holds any more; the end is asked for after {hold_min:g} min",
        f"启动条件均已解除；持续 {hold_min:g} 分钟后申请终止响应",
    )


def trouble() -> Sentence:
    """A condition holds again."""
    return say("a condition holds again", "启动条件再次成立")


def blind() -> Sentence:
    """Nobody can tell."""
    return say("nobody can tell whether its conditions hold; it goes on", "无法判断启动条件是否成立；响应继续")


def kept() -> Sentence:
    """The wish to end is withdrawn."""
    return say("the wish to end is withdrawn: trouble is there again", "撤回终止申请：险情再次出现")


def please_sign(name: str, title: Sentence) -> Sentence:
    """To who signs a level."""
    word = level_word(name)
    return say(f"sign {word['en']} of {title['en']}", f"请签发{title['zh']}{word['zh']}响应")


def please_end(title: Sentence, since: datetime) -> Sentence:
    """To who signs the end."""
    at = clock(since)
    return say(f"sign the end of {title['en']}: quiet since {at}", f"请签发终止{title['zh']}响应：自 {at} 起条件已解除")


def call(one: Call, title: Sentence) -> Sentence:
    """Somebody is called."""
    by, text = clock(one.answer_by), one.detail["text"]
    return say(f"call {title['en']}: {text['en']} (answer by {by})", f"呼叫{title['zh']}：{text['zh']}（{by} 前确认）")


def escalated(reason: str, title: Sentence, text: Sentence) -> Sentence:
    """To who is called next."""
    why = _REASON[reason]
    return say(f"{title['en']}, {why['en']}: {text['en']}", f"{title['zh']}{why['zh']}：{text['zh']}")


def unheard(reason: str, title: Sentence) -> Sentence:
    """Nobody is left to call."""
    why = _REASON[reason]
    return say(f"{title['en']}, {why['en']}: nobody is left to call", f"{title['zh']}{why['zh']}：已无可再呼叫的对象")


def closed(how: str) -> Sentence:
    """It ends."""
    return say("stood down", "响应终止") if how == "stood down" else say("closed by hand", "人工终止")


def repeated(who: Sentence) -> Sentence:
    """The same answer again."""
    return say(f"{who['en']} says the same again; nothing changes", f"{who['zh']}重复答复；无变化")


def answer(one: Answer, of: Call, late_s: float, closed: bool, who: Sentence) -> Sentence:
    """Somebody answered."""
    signature = of.task.startswith(("sign:", "end:")) and one.state == "done"
    state = say("signed", "已签发") if signature else _STATE[one.state]
    late = say(f", {minutes(late_s)} late", f"，迟 {minutes(late_s)}") if late_s > 0 else say("", "")
    after = say(", after the case was closed", "，在终止之后") if closed and late_s > 0 else say("", "")
    words = say(f" ({one.words})", f"（{one.words}）") if one.words else say("", "")
    text = of.detail["text"]
    return say(
        f"{who['en']} {state['en']}{late['en']}{after['en']}: {text['en']}{words['en']}",
        f"{who['zh']}{state['zh']}{late['zh']}{after['zh']}：{text['zh']}{words['zh']}",
    )


def waits(of: Call, title: Sentence, signature: bool) -> Sentence:
    """What is waited for."""
    by, since = clock(of.answer_by), clock(of.called_at)
    what = say("signature", "签发") if signature else say("acknowledgement", "确认")
    return say(
        f"waits for {title['en']}: {what['en']} of {of.task} since {since}, due {by}",
        f"等待{title['zh']}{what['zh']}（{of.task}），自 {since} 起，{by} 到期",
    )
