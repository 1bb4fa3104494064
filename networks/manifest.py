"""Writes a city's manifest: the hash of every file, and the digest of all that the city is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from networks.city import MANIFEST, City, described
from networks.digest import digest_file, digest_json
from networks.errors import BadInput, NotThere
from networks.landing import landing_file

_PROGRAMS = ("citytwin", "eclipse-sumo", "osmium", "shapely", "pyarrow")


def write_manifest(folder: Path, about: dict[str, Any]) -> dict[str, Any]:
    """Write `city.json` from what is to be said of the city; files, digest and programs are found here.

    Args:
        folder: The city's folder with every file in its place; an older manifest in it is replaced.
        about: Everything but `files`, `digest` and `made_with`.
    """
    about = {key: value for key, value in about.items() if key not in ("files", "digest", "made_with")}
    about["files"] = {
        str(file.relative_to(folder).as_posix()): {"sha256": digest_file(file), "bytes": file.stat().st_size}
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file != folder / MANIFEST
    }
    about["digest"] = digest_json(described(about))
    about["made_with"] = {name: version(name) for name in _PROGRAMS}
    text = json.dumps(about, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return about


def describe_dataset(city: City, name: str, told: Mapping[str, str]) -> None:
    """Note in `city.json` what is known of a source; the city's digest and its runs do not change.

    Args:
        city: The city.
        name: The source's name.
        told: Any of address, licence, owner, date, note.

    Raises:
        NotThere: The city has no such source.
        BadInput: The date is none.
        StorageFailed: The disk is full or may not be written.
    """
    manifest = dict(city.manifest)
    sources = [dict(one) for one in manifest.get("datasets", [])]
    chosen = next((one for one in sources if one["name"] == name), None)
    if chosen is None:
        names = ", ".join(str(one["name"]) for one in sources)
        raise NotThere(f"the city has no dataset {name!r} from outside", file=city.folder, expected=names)
    if told.get("date"):
        _check_date(told["date"])
    chosen.update(told)
    manifest["datasets"] = sources
    with landing_file(city.folder / MANIFEST) as beside:
        beside.write_text(json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def _check_date(text: str) -> None:
    try:
        datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise BadInput(f"{text!r} is no date", expected="a day or moment, e.g. 2026-07-03") from None
