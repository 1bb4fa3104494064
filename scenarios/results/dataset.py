"""Runs as one Arrow dataset: hive-partitioned Parquet that pyarrow, pandas and DuckDB read at once, with a manifest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from networks.digest import digest_file
from networks.errors import BadInput, NotThere
from networks.landing import landing_folder
from networks.sentence import joined
from scenarios.results.store import read_manifest

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST = "manifest.json"
FORMAT = "citytwin dataset 1"


def export_runs(folders: Sequence[Path], out: Path, *, tables: Sequence[str] = (), attribution: str = "") -> int:
    """Write runs as `out/TABLE/scenario=NAME/seed=N/RUN_ID.parquet`, the table `runs` and `manifest.json`.

    Each table has one schema over all runs and the column `run_id`; `runs` has a row per member with validity and
    measures. Invalid members are in `runs`, with their reasons; their tables are left out.

    Args:
        folders: Of runs, from a store.
        out: Appears whole or not at all; replaces an older export, and nothing else.
        tables: Only these; without them all.
        attribution: Whom to name wherever this is shown.

    Returns:
        Rows in all tables.

    Raises:
        BadInput: `out` is something else, or no run has one of the tables.
        StorageFailed: The disk is full; nothing half-written is left.
    """
    if out.exists() and not _is_export(out):
        raise BadInput("is there, and no export of runs", file=out, remedy="choose another folder, or remove it")
    manifests = {folder: read_manifest(folder) for folder in dict.fromkeys(folders)}
    valid = [folder for folder, said in manifests.items() if said["validity"]["valid"]]
    names = sorted({name for folder in valid for name in manifests[folder]["tables"]})
    for name in tables:
        if name not in names:
            raise BadInput(f"no valid run has a table {name!r}", place="tables", expected=", ".join(names))
    rows = 0
    with landing_folder(out) as place:
        for name in tables or names:
            having = [folder for folder in valid if name in manifests[folder]["tables"]]
            rows += _write_table(place / name, name, having, manifests)
        _write_runs(place, list(manifests.values()))
        _write_manifest(place, manifests, attribution)
    return rows


def _is_export(out: Path) -> bool:
    try:
        return str(json.loads((out / MANIFEST).read_text(encoding="utf-8"))["format"]).startswith("citytwin dataset")
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _write_table(place: Path, name: str, folders: Sequence[Path], manifests: dict[Path, dict[str, Any]]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = [folder / f"{name}.parquet" for folder in folders]
    missing = next((file for file in files if not file.is_file()), None)
    if missing is not None:
        raise NotThere("a table of this run is gone", file=missing, remedy="run its seed again")
    heads = {file: pq.read_metadata(file) for file in files}
    told = [file for file in files if heads[file].num_rows] or files  # an empty column has no type to go by
    schema = _common([pq.read_schema(file).remove_metadata() for file in told])
    rows = 0
    for folder, file in zip(folders, files, strict=True):
        said = manifests[folder]
        table = _fitted(pq.read_table(file, partitioning=None), schema)
        run_ids = pa.array([said["id"]] * len(table), pa.string())
        inside = place / f"scenario={scenario_of(said)}" / f"seed={said['seed']}"
        inside.mkdir(parents=True, exist_ok=True)
        pq.write_table(table.append_column("run_id", run_ids), inside / f"{said['id']}.parquet", compression="zstd")
        rows += len(table)
    return rows


def _common(schemas: Sequence[pa.Schema]) -> pa.Schema:
    """One schema that every file fits: a column that is empty in one run takes its type from the others."""
    import pyarrow as pa

    fields = []
    for name in dict.fromkeys(name for schema in schemas for name in schema.names):
        ones = [pa.schema([schema.field(name)]) for schema in schemas if name in schema.names]
        try:
            kind = pa.unify_schemas(ones, promote_options="permissive").field(0).type
        except pa.ArrowTypeError:
            kind = pa.string()
        text = pa.types.is_null(kind) or pa.types.is_large_string(kind)
        fields.append(pa.field(name, pa.string() if text else kind))
    return pa.schema(fields)


def _fitted(table: pa.Table, schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    columns = [
        table[field.name].cast(field.type) if field.name in table.column_names else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def scenario_of(manifest: dict[str, Any]) -> str:
    """The name that a run goes by: its scenario's or its SUMO case's."""
    named = manifest.get("scenario") or manifest.get("case") or {}
    return str(named.get("name") or manifest["kind"]).replace("/", "_")


def _write_runs(place: Path, manifests: Sequence[dict[str, Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [
        {
            "run_id": said["id"],
            "scenario": scenario_of(said),
            "seed": said["seed"],
            "kind": said["kind"],
            "valid": said["validity"]["valid"],
            "reasons": joined(said["validity"]["reasons"])["en"],
            **said["measures"],
        }
        for said in manifests
    ]
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [row.get(name) for row in rows] for name in names}
    (place / "runs").mkdir()
    pq.write_table(pa.table(columns), place / "runs" / "runs.parquet", compression="zstd")


def _write_manifest(place: Path, manifests: dict[Path, dict[str, Any]], attribution: str) -> None:
    from scenarios.measures import MEASURES

    told = {name for said in manifests.values() for name in said["measures"]}
    keep = ("id", "kind", "seed", "inputs", "made_with", "validity", "guesses")
    document = {
        "format": FORMAT,
        "partitioning": {"flavor": "hive", "keys": ["scenario", "seed"]},
        "attribution": attribution,
        "measures": {
            name: {"unit": one.unit, "better": one.better, "definition": one.definition}
            for name, one in MEASURES.items()
            if name in told
        },
        "runs": [
            {key: said[key] for key in keep if key in said} | {"scenario": scenario_of(said)}
            for said in manifests.values()
        ],
        "files": {
            path.relative_to(place).as_posix(): digest_file(path) for path in sorted(place.rglob("*")) if path.is_file()
        },
    }
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    (place / MANIFEST).write_text(text, encoding="utf-8")
