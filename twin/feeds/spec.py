"""Which feeds there are: a file of YAML in, checked feeds out, and the line of every mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from networks.errors import BadInput, NotThere
from networks.text_file import read_text
from networks.yaml_lines import Location, compose, line_of, refuse_twins, told
from twin.feeds.format import Concealing, Format
from twin.feeds.plugins import format_named, source_named
from twin.feeds.source import Source

_EXPECTED = "a file of feeds in YAML: store: and feeds:, as in docs/feeds.md"
_MEND = "mend that line; docs/feeds.md shows a whole file"
_ID = r"^[a-z0-9][a-z0-9_-]{0,62}$"


class StoreText(BaseModel):
    """Where everything is kept.

    Attributes:
        folder: Logs, Parquet parts and SQLite; relative to the file of feeds.
        database: SQLAlchemy's address; None: SQLite in the folder.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path = Path("data")
    database: str | None = None


class FeedText(BaseModel):
    """One feed as it is written; `source` and `options` are checked by their own classes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=_ID)
    title: dict[str, str] | str = ""
    source: dict[str, Any]
    format: str
    options: dict[str, Any] = Field(default_factory=dict)
    every_s: float | None = Field(default=None, gt=0.0, le=366 * 86400.0)
    owner: str = ""
    licence: str = ""
    keep_days: float | None = Field(default=None, gt=0.0, le=36600.0)


class _FileText(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    store: StoreText = StoreText()
    feeds: list[FeedText] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that can be made.

    Attributes:
        text: As it is written.
        connection: What its transport is told, checked.
        options: What its format is told, checked.
    """

    text: FeedText
    connection: Any
    options: Any

    @property
    def id(self) -> str:
        """Its name."""
        return self.text.id

    @property
    def kind(self) -> str:
        """Its transport."""
        return str(self.text.source["kind"])

    def source(self) -> Source:
        """Its transport, not connected yet."""
        return source_named(self.kind)(self.connection, self.id)

    def format(self) -> Format:
        """What understands its messages."""
        return format_named(self.text.format)(self.options)

    def concealing(self) -> Concealing | None:
        """The format where it takes out persons' names, else None."""
        made: Any = self.format() if hasattr(format_named(self.text.format), "conceal") else None
        return made


@dataclass(frozen=True, slots=True)
class FeedSet:
    """All feeds of a file.

    Attributes:
        file: Where they are written.
        folder: Of the store.
        database: SQLAlchemy's address; None: SQLite in the folder.
        feeds: In the order of the file.
    """

    file: Path
    folder: Path
    database: str | None
    feeds: tuple[Feed, ...]

    def feed(self, name: str) -> Feed:
        """One of them.

        Raises:
            NotThere: It is none of them.
        """
        for one in self.feeds:
            if one.id == name:
                return one
        raise NotThere(f"there is no feed {name!r}", file=self.file, expected=", ".join(feed.id for feed in self.feeds))


def read_feeds(file: Path) -> FeedSet:
    """Read a file of feeds; paths in it are relative to it.

    Raises:
        BadInput: It is missing, no YAML, a field is unknown or impossible, or a transport or format is not there; every
            mistake of one kind is told with its line.
    """
    text = read_text(file, expected=_EXPECTED, remedy="check the path")
    root = compose(text, file, BadInput, "feeds", remedy="see docs/feeds.md")
    content = yaml.safe_load(text)
    if not isinstance(content, dict):
        raise BadInput("is no file of feeds", file=file, place="line 1", expected=_EXPECTED)
    refuse_twins(root, file, BadInput)
    try:
        written = _FileText.model_validate(content)
        _refuse_twice(written, root, file)
        base = file.absolute().parent
        feeds = tuple(_made(one, ("feeds", k), base, root, file) for k, one in enumerate(written.feeds))
    except ValidationError as error:
        raise told(error, root, file, BadInput, noun="feeds", tags=(), remedy=_MEND) from error
    return FeedSet(file, base / written.store.folder, written.store.database, feeds)


def _made(text: FeedText, at: Location, base: Path, root: yaml.Node, file: Path) -> Feed:
    connection = dict(text.source)
    kind = connection.pop("kind", None)
    if not isinstance(kind, str):
        raise _relocated([{"type": "missing", "loc": ("kind",), "input": text.source}], (*at, "source"))
    transport = _plugin(source_named, kind, (*at, "source", "kind"), root, file)
    understood = _plugin(format_named, text.format, (*at, "format"), root, file)
    way = _checked(transport.Connection, connection, (*at, "source"), base)
    after = getattr(way, "after", "delete")
    if hasattr(understood, "conceal") and after != "delete" and not getattr(way, "once", False):
        raise BadInput(
            f"files of {text.format} name persons, and would be kept as they came",
            file=file,
            place=f"line {line_of(root, (*at, 'source'))}",
            expected="after: delete",
            remedy="add it under source: the log keeps pseudonyms alone",
        )
    return Feed(text, way, _checked(understood.Options, text.options, (*at, "options"), base))


def _plugin(find: Any, name: str, at: Location, root: yaml.Node, file: Path) -> Any:
    try:
        return find(name)
    except BadInput as error:
        place = f"line {line_of(root, at)}"
        raise BadInput(error.what, file=file, place=place, expected=error.expected, remedy=error.remedy) from error


def _checked(kind: type[BaseModel], given: Mapping[str, Any], at: Location, base: Path) -> BaseModel:
    """The model, with relative paths made whole."""
    try:
        made = kind.model_validate(given)
    except ValidationError as error:
        raise _relocated(error.errors(), at) from error
    paths = {name: base / value for name, value in made if isinstance(value, Path) and not value.is_absolute()}
    return made.model_copy(update=paths)


def _relocated(errors: Any, at: Location) -> ValidationError:
    """The same mistakes, at their place in the whole file."""
    moved: list[InitErrorDetails] = []
    for one in errors:
        kind = one["type"]
        if kind not in ("missing", "extra_forbidden"):
            kind = PydanticCustomError("value", "{told}", {"told": one["msg"].removeprefix("Value error, ")})
        moved.append({"type": kind, "loc": (*at, *one["loc"]), "input": one["input"]})
    return ValidationError.from_exception_data("feeds", moved)


def _refuse_twice(written: _FileText, root: yaml.Node, file: Path) -> None:
    seen: set[str] = set()
    for k, feed in enumerate(written.feeds):
        if feed.id in seen:
            place = f"line {line_of(root, ('feeds', k, 'id'))}"
            raise BadInput(f"a second feed is called {feed.id}", file=file, place=place, remedy="give it another id")
        seen.add(feed.id)
