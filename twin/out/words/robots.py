"""Texts for people in groups of DingTalk and WeCom (custom robots), as Markdown.

Sources: DingTalk open platform, custom robots (errcode 0; 130101 too many in a minute; -1 busy); WeCom developer
centre, group robots (errcode 0; 45009 too many in a minute; Markdown of 4,096 bytes at most).
"""

from __future__ import annotations

import json
from typing import Any, Literal

from networks.sentence import Sentence
from twin.out.message import Acknowledged, OutMessage
from twin.out.words.notice import interventions_told, sentence
from twin.out.words.written import Text, Written

_BUSY = (-1, 130101, 45009)
_KINDS: dict[str, Sentence] = {
    "signal_plan": {"en": "Signal plan", "zh": "信号方案"},
    "vms": {"en": "Signs", "zh": "情报板"},
    "situation": {"en": "Measure on roads", "zh": "道路管制"},
    "warning": {"en": "Warning", "zh": "预警"},
    "task": {"en": "Task", "zh": "任务"},
    "recommendation": {"en": "Proposal, not approved yet", "zh": "建议，尚未批准"},
    "rollback": {"en": "Back to the plan before", "zh": "恢复原方案"},
}


class _Robot(Text):
    """What both have in common.

    Attributes:
        language: Of the text.
        longest_bytes: Of the text, in UTF-8; what is longer is cut, and says so.
    """

    language: Literal["zh", "en"] = "zh"
    longest_bytes: int = 4096

    def judged(self, answer: Any) -> Acknowledged | None:
        """What the robot's answer means; None: it is none."""
        if not isinstance(answer, dict) or not isinstance(answer.get("errcode"), int):
            return None
        code, said = answer["errcode"], str(answer.get("errmsg", ""))[:200]
        if code == 0:
            return Acknowledged("taken", "shown in the group")
        return Acknowledged("unknown" if code in _BUSY else "refused", f"{code}: {said}")

    def _text(self, message: OutMessage) -> tuple[str, str]:
        """Title and text; the key stands in it, so that who sees it twice knows that it is one message."""
        body, zh = message.body, self.language == "zh"
        drill = ("【演练】" if zh else "[EXERCISE] ") if body.get("exercise") is True else ""
        name = f"{drill}{_KINDS[message.kind][self.language]}"
        title = sentence(body["title"])[self.language] if body.get("title") else ""
        own = body.get("text")
        words = sentence(own) if own else interventions_told(body.get("interventions") or body.get("action") or ())
        until = f"{message.not_after:%Y-%m-%d %H:%M}{message.not_after:%z}"
        last = f"{'有效至' if zh else 'until'} {until}\n\n> {message.rec_id} · {message.key}"
        room = self.longest_bytes - len(last.encode()) - 8
        text = f"### {name}\n\n**{title}**\n\n{words[self.language]}".encode()
        cut = text[:room].decode(errors="ignore") + (" …" if len(text) > room else "")
        return f"{name} {title}".strip()[:100], f"{cut}\n\n{last}"


class DingTalkWords(_Robot):
    """Markdown of a DingTalk robot."""

    format: Literal["dingtalk"]
    longest_bytes: int = 20_000

    def written(self, message: OutMessage) -> Written:
        """The message as bytes."""
        title, text = self._text(message)
        return _json({"msgtype": "markdown", "markdown": {"title": title, "text": text}})


class WeComWords(_Robot):
    """Markdown of a WeCom robot."""

    format: Literal["wecom"]

    def written(self, message: OutMessage) -> Written:
        """The message as bytes."""
        return _json({"msgtype": "markdown", "markdown": {"content": self._text(message)[1]}})


def _json(document: dict[str, Any]) -> Written:
    return Written(json.dumps(document, ensure_ascii=False).encode(), "application/json", ".json")
