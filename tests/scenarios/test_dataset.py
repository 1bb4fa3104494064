"""Exported runs are one dataset for those who read Parquet, with a manifest that fits."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.dataset as ds
import pytest

from networks import say
from networks.digest import digest_file
from networks.errors import BadInput
from scenarios import Store
from scenarios.results.dataset import export_runs


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    store = Store(tmp_path / "runs")
    for scenario, seed, valid in (("calm", 1, True), ("calm", 2, True), ("busy", 1, True), ("busy", 2, False)):
        with store.landing("run", f"{scenario}{seed}") as landing:
            landing.write_table(
                "trips", pd.DataFrame({"vehicle_id": [f"v{i}" for i in range(seed + 1)], "delay_s": 1.5})
            )
            calls = {"call_id": ["c1"], "reason": ["late"]} if scenario == "busy" else {"call_id": [], "reason": []}
            landing.write_table("calls", pd.DataFrame(calls))
            landing.write_table("mixed", pd.DataFrame({"why": ["x" if scenario == "busy" else float("nan")]}))
            landing.manifest |= {"scenario": {"name": scenario}, "seed": seed, "inputs": {}, "made_with": {}}
            landing.manifest["measures"] = {"mean_delay_s": 10.0 * seed}
            landing.manifest["validity"] = {"valid": valid, "reasons": [] if valid else [say("gridlock", "交通瘫痪")]}
    return [store.get("run", run_id) for run_id in store.ids("run")]


def test_it_is_read_at_once(folders: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert export_runs(folders, out, attribution="(c) somebody") == 2 + 3 + 2 + 1 + 3
    trips = ds.dataset(out / "trips", partitioning="hive").to_table().to_pandas()
    assert len(trips) == 7 and set(trips.columns) == {"vehicle_id", "delay_s", "run_id", "scenario", "seed"}
    assert trips.groupby(["scenario", "seed"]).size().to_dict() == {("busy", 1): 2, ("calm", 1): 2, ("calm", 2): 3}
    assert trips["seed"].dtype.kind == "i"
    calm = ds.dataset(out / "trips", partitioning="hive").to_table(filter=(ds.field("scenario") == "calm"))
    assert len(calm) == 5
    calls = pd.read_parquet(out / "calls")  # empty in `calm`: its columns take their types from the others
    assert calls[["call_id", "reason", "run_id"]].to_numpy().tolist() == [["c1", "late", "busy1"]]
    assert pd.read_parquet(out / "mixed")["why"].notna().tolist() == [True, False, False]
    runs = pd.read_parquet(out / "runs")
    assert runs.set_index("run_id")["valid"].to_dict() == {"busy1": True, "busy2": False, "calm1": True, "calm2": True}
    assert runs.set_index("run_id").loc["busy2", "reasons"] == "gridlock"
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["measures"]["mean_delay_s"]["unit"] == "s" and manifest["attribution"] == "(c) somebody"
    assert len(manifest["runs"]) == 4
    assert {name: digest_file(out / name) for name in manifest["files"]} == manifest["files"]


def test_the_same_runs_give_the_same_bytes_and_replace_an_older_export(folders: list[Path], tmp_path: Path) -> None:
    export_runs(folders, tmp_path / "a", tables=["trips"])
    export_runs(folders, tmp_path / "b", tables=["trips"])
    export_runs(folders[:1], tmp_path / "b")
    assert not (tmp_path / "b" / "trips" / "scenario=calm").exists()
    export_runs(folders, tmp_path / "b", tables=["trips"])
    assert (tmp_path / "a" / "manifest.json").read_bytes() == (tmp_path / "b" / "manifest.json").read_bytes()
    assert not (tmp_path / "a" / "calls").exists()


def test_nothing_else_is_overwritten(folders: list[Path], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with pytest.raises(BadInput, match="no export of runs"):
        export_runs(folders, tmp_path / "mine")
    with pytest.raises(BadInput, match="no valid run has a table 'nosuch'"):
        export_runs(folders, tmp_path / "new", tables=["nosuch"])
    assert not (tmp_path / "new").exists() and (tmp_path / "mine" / "thesis.txt").exists()
