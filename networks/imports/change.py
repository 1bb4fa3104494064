"""A change to a city that exists: whole or not at all, with hashes, provenance and digest brought up to date."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from networks.city import City
from networks.datasets import Dataset, source_dataset
from networks.digest import digest_file, digest_json
from networks.landing import landing_folder
from networks.layers import TABLES, make_layer, make_table, write_layer
from networks.manifest import write_manifest
from networks.sentence import Sentence

if TYPE_CHECKING:
    import pandas as pd


class Change:
    """What is being changed; nothing of it is seen until the context of `changing_city` ends well.

    Attributes:
        city: The city as it is.
        folder: Where the changed city is being written.
        about: What its manifest will say.
    """

    def __init__(self, city: City, folder: Path) -> None:
        self.city, self.folder = city, folder
        self.about: dict[str, Any] = deepcopy(city.manifest)

    def put_layer(
        self, name: str, rows: Sequence[Mapping[str, Any]], origin: str, origins: Mapping[str, str] | None = None
    ) -> None:
        """Replace a layer.

        Args:
            name: A layer of LAYERS.
            rows: All its rows.
            origin: Where its columns come from.
            origins: Where single columns come from instead.
        """
        table = make_layer(name, rows, self.city.crs)
        write_layer(table, self.folder / "layers" / f"{name}.parquet")
        self.about["counts"][name] = len(table)
        self.about["provenance"][name] = dict.fromkeys(map(str, table.columns), origin) | dict(origins or {})

    def put_table(self, name: str, table: pd.DataFrame, facts: Mapping[str, Any]) -> None:
        """Replace a table of TABLES; `facts` (JSON-like) are what the manifest says of it beside its rows."""
        folder = self.folder / "tables"
        folder.mkdir(exist_ok=True)
        whole = make_table(name, table)
        whole.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
        stated = self.about.setdefault("tables", {})
        stated[name] = {"rows": len(whole), "columns": list(TABLES[name]), **facts}

    def drop_table(self, name: str) -> None:
        """Take a table out, with what was said of it and where it came from."""
        del self.about["tables"][name]
        (self.folder / "tables" / f"{name}.parquet").unlink()
        self.about["datasets"] = [one for one in self.about.get("datasets", []) if one["name"] != name]
        self.tell(name, [])

    def tell(self, subject: str, guesses: Sequence[Sentence]) -> None:
        """Say what is guessed in what was imported as `subject`, in place of what was said of it before."""
        told = self.about.setdefault("told", {})
        before = told.get(subject, [])
        self.about["guesses"] = [one for one in self.about["guesses"] if one not in before] + list(guesses)
        told[subject] = list(guesses)

    def put_dataset(self, name: str, file: Path, **about: str) -> None:
        """Note in the catalogue where it came from (a file or a folder), in place of what was noted before."""
        if file.is_dir():
            files = [one for one in sorted(file.iterdir()) if one.is_file()]
            whole = digest_json({one.name: digest_file(one) for one in files})
            size = sum(one.stat().st_size for one in files)
            entry = Dataset(name, "source", file.name, sha256=whole, size_bytes=size, **about).as_json()  # type: ignore[arg-type]
        else:
            entry = source_dataset(name, file, **about)
        others = [one for one in self.about.get("datasets", []) if one["name"] != name]
        self.about["datasets"] = [*others, entry]


@contextmanager
def changing_city(folder: Path) -> Iterator[Change]:
    """Open a city, let it be changed in a copy, and put the copy in its place when all went well.

    Raises:
        BadCity: It is no city, or was changed by hand since it was built.
        StorageFailed: The disk is full or may not be written; the city is as it was.
    """
    folder = Path(folder).absolute()
    city = City.open(folder, verify=True)
    with landing_folder(folder) as beside:
        shutil.copytree(folder, beside, dirs_exist_ok=True)
        change = Change(city, beside)
        yield change
        write_manifest(beside, change.about)
