"""`Run`: one member's result, a folder of tables and a manifest."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from networks.sentence import Sentence
from scenarios.results.store import read_manifest, read_table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Run:
    """One member of an ensemble.

    Attributes:
        run_id: Hash of inputs and versions.
        folder: Where its tables are.
        seed: Its seed.
        measures: Value by name; a measure that means nothing here (no event: no egress) is not in it.
        valid: False for a member that gridlocked or broke a ledger; `reasons` say why.
    """

    run_id: str
    folder: Path
    seed: int
    measures: dict[str, float]
    valid: bool
    reasons: tuple[Sentence, ...] = field(default=())

    @classmethod
    def open(cls, folder: Path) -> Run:
        """Read a run back.

        Raises:
            NotThere: The folder holds no whole run.
        """
        manifest = read_manifest(folder)
        return cls(
            manifest["id"],
            folder,
            manifest["seed"],
            manifest["measures"],
            manifest["validity"]["valid"],
            tuple(manifest["validity"]["reasons"]),
        )

    @property
    def manifest(self) -> dict[str, Any]:
        """Inputs' hashes, versions, seed, validity, demand, guesses, and the digest of every table."""
        return read_manifest(self.folder)

    def table(self, name: str, *, verify: bool = False) -> pd.DataFrame:
        """One of `edges`, `trips`, `walkers`, `links`, `crowding`, `calls` (see docs/reference)."""
        return read_table(self.folder, name, verify=verify)

    @property
    def digests(self) -> dict[str, str]:
        """Digest by table: equal for two runs with the same numbers."""
        return {name: entry["digest"] for name, entry in self.manifest["tables"].items()}
