"""`twin validation`: made of tables that validations wrote; what was missed or not run is there."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.kept_table import files_of, keep_table, row_of_draws, row_of_share
from models.sumo import SumoCase
from networks.errors import BadInput
from networks.sentence import say
from twin.cli import run
from twin.validation import KNOWN, Record, Row, read_records, record_of, validation_page, write_record

FIXED = say("All was fixed.", "均已固定。")
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def _record(*rows: Row, name: str = "flood") -> Record:
    return record_of(name, "twin flood validate", rows, fixed=FIXED, left_out=["flood/merewether: no data"], now=NOON)


numbers = st.floats(allow_nan=True, allow_infinity=True, width=32)


@settings(max_examples=20)
@given(st.lists(st.builds(Row, st.text(), st.just("real"), st.text(), numbers, st.none() | st.floats(-1e6, 1e6),
                          st.sampled_from(["most", "least"])), max_size=5))  # fmt: skip
def test_a_record_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, rows: list[Row]) -> None:
    folder = tmp_path_factory.mktemp("tables")
    kept = _record(*rows)
    write_record(folder, kept)
    (found,) = read_records(folder)
    assert (found.gates, len(found.rows)) == (kept.gates, len(rows))
    for before, after in zip(rows, found.rows, strict=True):
        finite = abs(before.value) < float("inf")
        assert (after.value == before.value) if finite else after.passed in (False, None)


def test_a_gate_is_a_least_or_a_most() -> None:
    assert Row("c", "real", "m", 1.0, 1.0).passed and not Row("c", "real", "m", 1.1, 1.0).passed
    assert Row("c", "real", "m", 1.0, 1.0, "least").passed and not Row("c", "real", "m", 0.9, 1.0, "least").passed
    assert Row("c", "real", "m", float("nan"), 1.0).passed is False and Row("c", "real", "m", 3.0).passed is None


def test_failures_come_first_and_what_was_not_run_is_named() -> None:
    rows = Row("easy case", "analytic", "error (m)", 0.01, 0.05), Row("hard case", "real", "RMSE (m)", 0.1527, 0.15)
    page = validation_page([_record(*rows)])
    assert page.index("hard case") < page.index("easy case") and "missed" in page and "未达标" in page
    for told in ("0.153", "≤ 0.15", "All was fixed.", "flood/merewether: no data", "2026-11-02", "not run here"):
        assert told in page, told
    for known in KNOWN:
        assert known.command in page.replace("&#39;", "'")
    assert "1 / 2, part left out" in page
    bare = validation_page([_record(Row("c", "real", "m", 1.0), name="crowd")])
    assert "no gate, part left out" in bare and "0 / 0, part" not in bare


def test_no_figure_stands_on_the_page_that_no_table_holds() -> None:
    """The template, the code and the catalogue bring no result: without tables the page has no decimal figure."""
    page = validation_page([])
    body = re.sub(r"<style>.*?</style>|<script>.*?</script>|<[^>]*>|citytwin [\d.]+", " ", page, flags=re.DOTALL)
    assert re.findall(r"\d+\.\d+", body) == [] and "0 / 0" in body


def test_every_known_command_is_there() -> None:
    from importlib.util import find_spec

    from twin.cli import COMMANDS

    assert len({known.name for known in KNOWN}) == len(KNOWN)
    for known in KNOWN:
        words = known.command.split()
        if words[0] == "twin":
            assert words[1] in COMMANDS and words[2] == "validate"
        else:
            assert find_spec(words[2]) is not None, known.command
            file = Path(str(find_spec(words[2]).origin))  # type: ignore[union-attr]
            file = file.with_name("__main__.py") if file.name == "__init__.py" else file
            said = file.read_text(encoding="utf-8")
            assert re.search(rf'keep_table\(\w+\.table, "{known.name}"', said), known.command


def test_a_table_tells_its_command_and_no_place_of_a_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    words = ["cologne8", "--draws", "2", "--folder", "/srv/kept", "--peer=/opt/python", "../data/run.sumocfg", "--sum"]
    monkeypatch.setattr("sys.argv", ["x", *words, "--table", str(tmp_path)])
    keep_table(tmp_path, "health", [Row("c", "real", "m", 1.0)], fixed=FIXED)
    (record,) = read_records(tmp_path)
    told = "python -m benchmarks.calibration.health cologne8 --draws 2 run.sumocfg --table docs/validation"
    assert record.command == told
    assert keep_table(None, "health", [], fixed=FIXED) is None


def test_a_table_names_what_a_case_of_sumo_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("city.net.xml", "cars.rou.xml", "plans.add.xml"):
        (tmp_path / name).write_text(f"<{name[:4]}/>", encoding="utf-8")
    case = SumoCase(
        tmp_path / "run.sumocfg", tmp_path / "city.net.xml", (tmp_path / "cars.rou.xml",), (tmp_path / "plans.add.xml",)
    )
    monkeypatch.setattr("sys.argv", ["x"])
    keep_table(tmp_path, "legal", [Row("c", "real", "m", 1.0)], fixed=FIXED, data=files_of(case, case))
    (record,) = read_records(tmp_path)
    assert [name for name, _ in record.data] == ["city.net.xml", "cars.rou.xml", "plans.add.xml"]
    assert len({digest for _, digest in record.data}) == 3
    assert "city.net.xml" in validation_page([record]) and "names no data" not in validation_page([record])


def test_shares_and_draws_tell_their_intervals() -> None:
    """Wilson's interval holds its own definition: at its ends the share is 1.645 standard errors away."""
    row = row_of_share("c", "real", "m", 12, 18, 0.7)
    assert row.low is not None and row.high is not None and row.passed is False and row.n == 18
    for end in (row.low, row.high):
        assert abs(row.value - end) == pytest.approx(1.644854 * (end * (1 - end) / 18) ** 0.5, rel=1e-6)
    assert row_of_share("c", "real", "m", 0, 0, 0.7).passed is False
    drawn = row_of_draws("c", "real", "m", [1.0, 2.0, 6.0])
    assert (drawn.value, drawn.low, drawn.high, drawn.n) == (3.0, 1.0, 6.0, 3)
    assert row_of_draws("c", "real", "m", [2.0]).low is None


def test_the_shipped_tables_are_read_and_hold_no_place_of_a_machine() -> None:
    folder = Path(__file__).parents[2] / "docs" / "validation"
    records = read_records(folder)
    assert {record.name for record in records} <= {known.name for known in KNOWN}
    for record in records:
        assert record.rows and "/work" not in json.dumps(record.command) and "/home" not in record.command


def test_bad_tables_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "page.html"
    assert run(["validation", str(tmp_path / "no"), "-o", str(out)]) == 2
    told = capsys.readouterr().err
    assert "no such folder" in told and "docs/validation" in told
    write_record(tmp_path, _record(Row("c", "real", "m", 2.0, 1.0)))
    assert run(["validation", str(tmp_path), "-o", str(out)]) == 0 and out.is_file()
    assert run(["validation", str(tmp_path), "-o", str(out), "--check"]) == 3
    (tmp_path / "flood.json").rename(tmp_path / "crowd.json")
    with pytest.raises(BadInput, match="it says that it is flood"):
        read_records(tmp_path)
    (tmp_path / "crowd.json").write_text("{", encoding="utf-8")
    assert run(["validation", str(tmp_path), "-o", str(out)]) == 2
    assert "nothing is typed in" in capsys.readouterr().err


def test_a_validate_command_writes_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import scenarios.emergency.validation as validation
    from models.check import Check

    checks = [Check("routes", "analytic", "off Dijkstra (s)", 0.0, 0.0), Check("sites", "real", "regret", 0.4, 0.3)]
    monkeypatch.setattr(validation, "validate", lambda tell: [tell(one) or one for one in checks])
    assert run(["emergency", "validate", "--table", str(tmp_path)]) == 3
    (record,) = read_records(tmp_path)
    assert record.name == "emergency" and (record.gates, record.missed) == (2, 1)
    assert record.command.startswith("twin emergency validate --table") and "osm/monaco.osm.pbf" in record.left_out
