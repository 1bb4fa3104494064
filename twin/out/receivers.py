"""Who takes what: a file of YAML in, checked receivers and their channels out, and the line of every mistake."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError

from networks.errors import BadInput, NotThere
from networks.text_file import read_text
from networks.yaml_lines import compose, line_of, refuse_twins, told
from twin.out.message import Channel
from twin.out.ways.address import Address
from twin.out.ways.folder import FolderWay
from twin.out.ways.mqtt import MqttWay
from twin.out.ways.signals import SignalsWay
from twin.out.ways.webhook import WebhookWay
from twin.out.words.cap import CapWords
from twin.out.words.datex2 import SituationWords, VmsWords
from twin.out.words.gbt35965 import Gbt35965Words
from twin.out.words.order import BareBody, JsonOrder
from twin.out.words.robots import DingTalkWords, WeComWords
from twin.out.words.written import Text

_EXPECTED = "a file of receivers in YAML, as in docs/out.md"
Kind = Literal["signal_plan", "vms", "situation", "warning", "task", "recommendation", "rollback"]
Way = Annotated[MqttWay | WebhookWay | FolderWay | SignalsWay, Field(discriminator="kind")]
Words = Annotated[
    JsonOrder | BareBody | CapWords | Gbt35965Words | SituationWords | VmsWords | DingTalkWords | WeComWords,
    Field(discriminator="format"),
]


class Receiver(Text):
    """Somebody who takes messages.

    Attributes:
        id: Its name, as topics and lists have it.
        title: Its name for people.
        takes: Kinds of messages; "recommendation" shows it proposals before anybody approved them.
        assets: Signals, edges and lanes that are its business; empty: all.
        way: How messages travel.
        words: How they are worded.
        done_within_s: After it took an order it says within so long that it acted (s); without: it never says so.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")
    title: dict[str, str] | str = ""
    takes: tuple[Kind, ...] = Field(min_length=1)
    assets: frozenset[str] = frozenset()
    way: Way
    words: Words = JsonOrder()
    done_within_s: float | None = Field(default=None, gt=0.0, le=7 * 86400.0)


class _FileText(Text):
    receivers: tuple[Receiver, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Receivers:
    """All receivers of a file.

    Attributes:
        file: Where they are written.
        all: In its order.
    """

    file: Path
    all: tuple[Receiver, ...]

    def receiver(self, name: str) -> Receiver:
        """One of them.

        Raises:
            NotThere: It is none of them.
        """
        for one in self.all:
            if one.id == name:
                return one
        raise NotThere(f"there is no receiver {name!r}", file=self.file, expected=", ".join(one.id for one in self.all))

    def channels(self, now: Callable[[], datetime]) -> list[Channel]:
        """A channel each, not connected yet; `now` is the desk's clock.

        Raises:
            BadInput: A pass phrase or a certificate is not there.
        """
        shared: dict[Hashable, Any] = {}
        return [one.way.channel(Address(one.id, one.words, one.done_within_s, now), shared) for one in self.all]


def read_receivers(file: Path) -> Receivers:
    """Read a file of receivers; paths in it are relative to it.

    Raises:
        BadInput: It is missing, no YAML, or a field is unknown or impossible; every mistake is told with its line.
    """
    text = read_text(file, expected=_EXPECTED, remedy="check the path")
    root = compose(text, file, BadInput, "receivers", remedy="see docs/out.md")
    refuse_twins(root, file, BadInput)
    try:
        written = _FileText.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        remedy = "mend that line; docs/out.md shows a whole file"
        raise told(error, root, file, BadInput, noun="receivers", tags=_TAGS, remedy=remedy) from error
    names = [one.id for one in written.receivers]
    for k, name in enumerate(names):
        if name in names[:k]:
            place = f"line {line_of(root, ('receivers', k, 'id'))}"
            raise BadInput(f"a second receiver is called {name}", file=file, place=place, remedy="give it another id")
    base = file.absolute().parent
    return Receivers(file, tuple(_at(base, one) for one in written.receivers))


def _at(base: Path, one: Receiver) -> Receiver:
    """The receiver with relative paths made whole."""
    parts = {}
    for name in ("way", "words"):
        part = getattr(one, name)
        paths = {field: base / value for field, value in part if isinstance(value, Path)}
        parts[name] = part.model_copy(update=paths)
    return one.model_copy(update=parts)


_TAGS = (
    "mqtt",
    "webhook",
    "folder",
    "signals",
    "json",
    "body",
    "cap",
    "gbt35965",
    "datex2",
    "datex2-vms",
    "dingtalk",
    "wecom",
)
