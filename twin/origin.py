"""Where a folder comes from: the words of the command that wrote it, and what went in, so that it can be repeated."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from twin.lazy_group import WORDS

FILE = "origin.json"
FORMAT = "citytwin-origin-1"
_PACKAGES = ("citytwin", "eclipse-sumo", "libsumo", "numba", "numpy", "pyarrow", "ray")
_RESULTS = ("out", "report", "html", "runs")
_LARGEST_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Put:
    """Something that went in: its place as it was named, its bytes, and the digest of what it held.

    A City folder is told by its own digest (`city` true); of anything larger than 2 GB the digest is "".
    """

    path: str
    size_bytes: int
    digest: str
    city: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a folder comes from: the command, package -> version, what went in."""

    command: str
    versions: dict[str, str]
    inputs: tuple[Put, ...]

    @property
    def city(self) -> Path | None:
        """The City folder that went in, if one did."""
        return next((Path(one.path) for one in self.inputs if one.city), None)


def keep_origin(folder: Path) -> None:
    """Write `origin.json` into what the command that runs now has written; nothing outside of a command.

    It holds no wall clock, so that the same command writes the same bytes.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    from networks import landing_file

    context = click.get_current_context(silent=True)
    if context is None:
        return
    with landing_file(folder / FILE) as beside:
        text = json.dumps({"format": FORMAT, **asdict(_origin(context))}, ensure_ascii=False, indent=1)
        beside.write_text(text + "\n", encoding="utf-8")


def origin_of(folder: Path) -> Origin | None:
    """What `keep_origin` wrote; None where nothing did.

    Raises:
        BadInput: The file is there and cannot be read.
    """
    from networks.errors import BadInput

    file = folder / FILE
    if not file.is_file():
        return None
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        if told.pop("format") != FORMAT:
            raise ValueError("another format")
        return Origin(told["command"], told["versions"], tuple(Put(**one) for one in told["inputs"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        remedy = "write the folder again with the command that made it"
        raise BadInput(f"not readable: {error}", file=file, expected=FORMAT, remedy=remedy) from error


def _origin(context: click.Context) -> Origin:
    words: Sequence[str] = context.meta.get(WORDS, ())
    versions = {name: _version(name) for name in _PACKAGES}
    command = shlex.join(["twin", *words])
    return Origin(command, {name: told for name, told in versions.items() if told}, tuple(_inputs(context)))


def _inputs(context: click.Context) -> Iterator[Put]:
    """Every file and folder that an option or argument names, once."""
    seen: set[Path] = set()
    for name, value in context.params.items():
        for one in value if isinstance(value, tuple) else (value,):
            if name not in _RESULTS and isinstance(one, Path) and one.exists() and one not in seen:
                seen.add(one)
                yield _put(one)


def _put(place: Path) -> Put:
    from networks import City

    if (place / "city.json").is_file():
        return Put(str(place), _size([place / "city.json"]), City.open(place).digest, city=True)
    files = sorted(file for file in place.rglob("*") if file.is_file()) if place.is_dir() else [place]
    size = _size(files)
    return Put(str(place), size, _digest(place, files) if size <= _LARGEST_BYTES else "")


def _digest(place: Path, files: Sequence[Path]) -> str:
    from networks import digest_file, digest_json

    if place.is_file():
        return digest_file(place)
    named: dict[str, Any] = {file.relative_to(place).as_posix(): digest_file(file) for file in files}
    return digest_json(named)


def _size(files: Sequence[Path]) -> int:
    return sum(file.stat().st_size for file in files)


def _version(package: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
