"""The table of capabilities claims nothing that is not there, and proofs say truly what came of them."""

from __future__ import annotations

import ast
import json
import shlex
from pathlib import Path
from typing import cast

import click
import pytest
from click.testing import CliRunner

from networks.errors import BadInput, QualityFailed
from twin.cli import twin
from twin.commands import conformance as command
from twin.conformance import Capability, capabilities, page, prove

ROOT = Path(__file__).resolve().parents[2]
ROWS = capabilities()


def row(*proof: str) -> Capability:
    return Capability(words="某事", there="something", proof=proof)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small repository with a test that passes, one that fails and one that cannot run; its pytest loads nothing."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_small.py").write_text(
        "import pytest\n"
        "def test_good(): pass\n"
        "def test_bad(): assert 1 == 2\n"
        "@pytest.mark.skip(reason='no data here')\ndef test_left_out(): pass\n",
        encoding="utf-8",
    )
    return tmp_path


def test_every_row_of_the_plans_is_there_once() -> None:
    assert len(ROWS) == len({one.words for one in ROWS}) == 67


def test_every_test_that_is_named_exists() -> None:
    names: dict[str, set[str]] = {}
    for proof in (proof for one in ROWS for proof in one.proof if proof.startswith("tests/")):
        file, _, test = proof.partition("::")
        body = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
        names[file] = {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
        assert not test or test in names[file], proof


@pytest.mark.parametrize("row", [one for one in ROWS if one.there], ids=lambda row: row.words)
def test_what_a_row_is_seen_by_is_whole(row: Capability) -> None:
    """A file that is there, or a command (no group of commands) that lacks no word."""
    assert row.see
    words = shlex.split(row.see)
    if words[0] != "twin":
        assert words[0] == "python3" or (ROOT / row.see).is_file(), row.see
        return
    command, context = cast("click.Command", twin), click.Context(twin)
    while isinstance(command, click.Group):
        found = command.get_command(context, words.pop(1))
        assert found is not None, row.see
        command = found
        context = click.Context(command, parent=context)
    if "--help" in words:
        return
    try:
        command.make_context(command.name, words[1:])
    except click.MissingParameter as error:
        pytest.fail(f"{row.see}: {error.format_message()}")
    except click.UsageError as error:  # a made-up name of a file or a city
        assert isinstance(error, click.BadParameter), row.see


def test_the_page_in_the_docs_is_the_table() -> None:
    assert (ROOT / "docs" / "traceability.md").read_text(encoding="utf-8") == page(ROWS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {words: a, there: much}", "claims what nothing proves"),
        ("- {words: a, there: much, proof: [rm -rf]}", "no test and no command"),
        ("- {words: a, later: true, there: much, proof: [tests/x.py]}", "later, and there"),
        ("- {words: a}\n- {words: a}", "same words"),
        ("- {words: a, thre: much}", "not permitted"),
        ("nothing", "nothing"),
        ("- [", "flow"),
    ],
)
def test_a_table_that_claims_too_much_is_refused(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "table.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        capabilities(file)
    assert told in str(refused.value) or str(file) in str(refused.value)
    assert str(file) in str(refused.value)


def test_what_passes_what_fails_and_what_is_left_out(clone: Path) -> None:
    small = "tests/test_small.py"
    assert prove(row(f"{small}::test_good"), root=clone).state == "passed"
    bad = prove(row(small), root=clone)
    assert (bad.state, "test_bad" in bad.why["en"]) == ("failed", True)
    skipped = prove(row(f"{small}::test_left_out"), root=clone)
    assert (skipped.state, "no data here" in skipped.why["zh"]) == ("not run", True)
    some = prove(row(f"{small}::test_left_out", f"{small}::test_good"), root=clone)
    assert (some.state, "1 of 2" in some.why["en"]) == ("passed", True)
    assert prove(row(f"{small}::test_of_nothing"), root=clone).state == "failed"


def test_without_a_clone_tests_are_not_run_and_nothing_is_claimed(tmp_path: Path) -> None:
    told = prove(row("tests/test_small.py"), root=tmp_path)
    assert (told.state, "installed package" in told.why["en"]) == ("not run", True)


def test_a_command_that_fails_or_takes_too_long() -> None:
    failed = prove(row("twin plans show no-such-plan"))
    assert (failed.state, "ended with" in failed.why["en"]) == ("failed", True)
    assert prove(row("twin plans list"), limit_s=0.01).state == "not run"


def test_what_is_later_or_absent_is_said() -> None:
    assert prove(Capability(words="以后", later=True)).state == "later"
    assert prove(Capability(words="没有")).state == "absent"


def test_the_command_tells_each_row_keeps_it_and_ends_with_6(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row("tests/test_small.py::test_bad"), Capability(words="以后", later=True)]
    monkeypatch.setattr("twin.conformance.capabilities", lambda: rows)
    monkeypatch.setattr("twin.conformance.prove", lambda one, limit_s: prove(one, root=clone, limit_s=limit_s))
    out = tmp_path / "told" / "rows.json"
    ended = CliRunner().invoke(command.conformance_command, ["--out", str(out), "--lang", "zh"])
    assert isinstance(ended.exception, QualityFailed)
    assert "失败 1; 以后 1" in ended.output
    assert [one["state"] for one in json.loads(out.read_text(encoding="utf-8"))["rows"]] == ["failed", "later"]


def test_rows_are_chosen_by_their_words() -> None:
    told = CliRunner().invoke(command.conformance_command, ["--list", "--only", "平战"])
    assert told.output.count("\n") == 2
    assert CliRunner().invoke(command.conformance_command, ["--list", "--only", "no such words"]).exit_code != 0
