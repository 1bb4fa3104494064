"""The table as Markdown: docs/traceability.md is this page."""

from __future__ import annotations

from collections.abc import Iterable

from twin.conformance.capability import Capability

_HEAD = """# Traceability to the City Brain plans

What the twin does about the two plans it descends from (Zhejiang 2019, Linyi 2022), each row with a command to see it
by and with what proves it.

    twin conformance                        # runs every proof; says what passed, failed or could not be run, and why
    twin conformance --only 信号灯配时      # rows whose words, or whose English, hold this
    twin conformance --list                 # the rows alone

Most proofs are tests, so it wants a clone, set up by `python3 start.py test`. Tests that need real data look for
`CITYTWIN_DATA`; without it they are not run, and the row says so. No row can claim what nothing proves: the table
(`twin/conformance/capabilities.yaml`) would not be read. This page is what `twin conformance --markdown` prints.

| the plans' words | what there is | not there | see it | proved by |
|---|---|---|---|---|
"""


def page(rows: Iterable[Capability]) -> str:
    """The whole page in Markdown."""
    return _HEAD + "".join(_line(row) for row in rows)


def _line(row: Capability) -> str:
    there = "*later: not asked for yet*" if row.later else row.there or "*nothing yet*"
    proofs = ", ".join(f"`{proof.removeprefix('tests/')}`" for proof in row.proof)
    see = f"`{row.see}`" if row.see else ""
    return f"| {row.words} | {there} | {row.lacks} | {see} | {proofs} |\n"
