"""Writes a city's manifest: the hash of every file, and the digest of all that the city is."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from networks.city import MANIFEST, described
from networks.digest import digest_file, digest_json

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
