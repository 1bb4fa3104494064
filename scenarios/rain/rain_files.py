"""Rain that a scenario names by file: gauges and storms are written into it, radar stays where it is, by its digest."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from networks.errors import BadInput

_FIELDS = ("path", "law", "member")


def rain_text(named: Any, folder: Path, begin: Any) -> dict[str, Any]:
    """The fields of a `rainfall` that its `file` stands for.

    Args:
        named: The file's path, or `path` and, for a folder, `law` and `member`.
        folder: Of the scenario; the path is relative to it.
        begin: The period's begin, at which a storm begins that does not say when.

    Returns:
        `source` and one of `hyetograph`, `chicago`, `radar`.

    Raises:
        BadInput: It cannot be read, or holds no rain; says where.
    """
    from models.flood.rain.sources import EXPECTED

    said = {"path": named} if isinstance(named, str) else named
    if not isinstance(said, dict) or not isinstance(said.get("path"), str) or set(said) - set(_FIELDS):
        raise BadInput(f"it is {named!r}", place="file", expected=f"a path, or {', '.join(_FIELDS)}")
    path = folder / said["path"]
    if path.is_dir():
        return _radar(path, said)
    if len(said) > 1:
        raise BadInput("law and member are a folder's", file=path, expected="a folder of radar frames or of a nowcast")
    if path.suffix.lower() == ".csv":
        return _gauges(path)
    if path.suffix.lower() in (".yaml", ".yml"):
        return _storm(path, begin)
    raise BadInput("it holds no rain" if path.exists() else "there is no such file", file=path, expected=EXPECTED)


def _radar(path: Path, said: dict[str, Any]) -> dict[str, Any]:
    from models.flood.rain import law_named, load_nowcast, rain_digest
    from models.flood.rain.sources import is_nowcast

    law_named(str(said.get("law", "finland")))
    found: dict[str, Any] = {"folder": str(path.resolve()), "digest": rain_digest(path)}
    found |= {key: said[key] for key in ("law", "member") if key in said}
    if not is_nowcast(path):
        return {"radar": found, "source": f"radar frames in {path.name}"}
    cast, _ = load_nowcast(path)
    return {"radar": found | {"members": len(cast.members_mm_h)}, "source": cast.source}


def _gauges(path: Path) -> dict[str, Any]:
    from models.flood.rain import gauge_rain, read_gauges

    rain, begin = gauge_rain(read_gauges(path))
    steps = {"begin": begin.isoformat(), "step_s": float(rain.times_s[1] - rain.times_s[0])}
    return {"hyetograph": steps | {"intensity_mm_h": rain.intensity_mm_h.tolist()}, "source": rain.source}


def _storm(path: Path, begin: Any) -> dict[str, Any]:
    from models.flood.rain.storms.storm_file import storm_words

    said, own = storm_words(path, _moment(begin))
    kind = "chicago" if "chicago" in said else "hyetograph"
    return {kind: said[kind] | {"begin": own.isoformat()}, "source": said["source"].strip()}


def _moment(begin: Any) -> datetime | None:
    """The period's begin as YAML gave it; None where it is no time with its zone, which the scenario is told of."""
    try:
        moment = begin if isinstance(begin, datetime) else datetime.fromisoformat(str(begin))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
