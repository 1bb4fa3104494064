"""Results on disk, addressed by the hash of what they were made from: `root/kind/id/manifest.json`, tables, arrays.

A folder appears whole (written beside its place, then renamed) and holds its manifest; one without is no result.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from networks.digest import digest_arrow, digest_file, digest_json, digest_table
from networks.errors import NotThere
from networks.landing import landing_folder

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MANIFEST = "manifest.json"
ID_LENGTH = 16


def address(inputs: dict[str, Any]) -> str:
    """The id of a result: the first 16 hex digits of the SHA-256 of its inputs."""
    return digest_json(inputs)[:ID_LENGTH]


class Landing:
    """A result being written; its `manifest` may be filled until the context closes.

    Attributes:
        folder: Where files are written; not yet the place of the result.
        manifest: What will be said about it, JSON-like.
    """

    def __init__(self, folder: Path, kind: str, result_id: str) -> None:
        self.folder = folder
        self.manifest: dict[str, Any] = {"kind": kind, "id": result_id, "tables": {}, "files": {}}

    def write_table(self, name: str, table: pd.DataFrame) -> str:
        """Write `name.parquet`; returns the table's digest (columns and cells, not bytes of the file)."""
        digest = digest_table(table)
        table.to_parquet(self.folder / f"{name}.parquet", compression="zstd", index=False)
        self.manifest["tables"][name] = {"rows": len(table), "columns": list(table.columns), "digest": digest}
        return digest

    def write_arrow(self, name: str, table: pa.Table) -> str:
        """As `write_table`, with the same digest, without pandas: columns of text and numbers."""
        import pyarrow.parquet as pq

        digest = digest_arrow(table)
        pq.write_table(table, self.folder / f"{name}.parquet", compression="zstd")
        self.manifest["tables"][name] = {"rows": table.num_rows, "columns": table.column_names, "digest": digest}
        return digest

    def _finish(self) -> None:
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if path.is_file() and name.removesuffix(".parquet") not in self.manifest["tables"]:
                self.manifest["files"][name] = digest_file(path)
        text = json.dumps(self.manifest, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
        (self.folder / MANIFEST).write_text(text, encoding="utf-8")


class Store:
    """A folder of results.

    Args:
        root: The folder; made when the first result lands.
    """

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def place(self, kind: str, result_id: str) -> Path:
        """Where that result is or would be."""
        return self.root / kind / result_id

    def find(self, kind: str, result_id: str) -> Path | None:
        """The folder of a whole result, or None."""
        folder = self.place(kind, result_id)
        return folder if (folder / MANIFEST).is_file() else None

    def get(self, kind: str, result_id: str) -> Path:
        """The folder of a whole result.

        Raises:
            NotThere: There is none of that id; ids may be shortened as long as they stay unique.
        """
        found = self.find(kind, result_id)
        if found is None:
            near = [name for name in self.ids(kind) if result_id and name.startswith(result_id)]
            if len(near) != 1:
                raise NotThere(
                    f"there is no {kind} {result_id!r}" if not near else f"{kind} {result_id!r} could be any of {near}",
                    file=self.root,
                    remedy="`twin runs list` shows what is there",
                )
            found = self.place(kind, near[0])
        return found

    def ids(self, kind: str) -> list[str]:
        """The ids of all whole results of a kind, sorted."""
        folder = self.root / kind
        return sorted(path.parent.name for path in folder.glob(f"[!.]*/{MANIFEST}")) if folder.is_dir() else []

    def kinds(self) -> list[str]:
        """The kinds of results that are kept, sorted."""
        return sorted({path.parent.parent.name for path in self.root.glob(f"[!.]*/[!.]*/{MANIFEST}")})

    @contextmanager
    def landing(self, kind: str, result_id: str) -> Iterator[Landing]:
        """Write a result that appears whole or not at all; the first of two equal ones stays.

        Raises:
            StorageFailed: The disk is full or may not be written.
        """
        place = self.place(kind, result_id)
        if place.is_dir() and self.find(kind, result_id) is None:
            shutil.rmtree(place)
        try:
            with landing_folder(place) as folder:
                landing = Landing(folder, kind, result_id)
                yield landing
                landing._finish()
                if self.find(kind, result_id) is not None:
                    raise _AlreadyThere
        except _AlreadyThere:
            pass


class _AlreadyThere(Exception):
    """Another process wrote the same result meanwhile."""


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a result says about itself.

    Raises:
        NotThere: The folder has no manifest, so it is no result.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotThere(f"is no result: {error}", file=folder, remedy="run the scenario again") from error
    return manifest


def read_table(folder: Path, name: str, *, verify: bool = False) -> pd.DataFrame:
    """One table of a result.

    Raises:
        NotThere: The result has no such table, or (with `verify`) it was changed since it was written.
    """
    import pandas as pd

    tables = read_manifest(folder)["tables"]
    if name not in tables:
        raise NotThere(f"there is no table {name!r}; there are {', '.join(tables)}", file=folder)
    table = pd.read_parquet(folder / f"{name}.parquet")
    if verify and digest_table(table) != tables[name]["digest"]:
        raise NotThere(
            "the table was changed since it was written",
            file=folder / f"{name}.parquet",
            remedy="delete the folder and run again",
        )
    return table
