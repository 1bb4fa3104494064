"""The way back from what was approved: a recommendation that brings back what was there before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from networks.digest import digest_json
from networks.errors import Refused
from networks.sentence import Sentence, say
from twin.desk.assets import assets_of, present
from twin.desk.book import Book, text_of
from twin.desk.entries import DeskEntry

VALID_FOR = timedelta(minutes=30)


def way_back(link: Connection, book: Book, entry: DeskEntry, why: str | Sequence[Sentence]) -> dict[str, Any]:
    """The document of kind `rollback` that undoes an approved recommendation.

    Args:
        link: To the book.
        book: The desk's.
        entry: What is undone.
        why: A person's reason, or the twin's reasons: an offer of the twin, of which there may be several in time.

    Raises:
        Refused: It was not approved or is undone already, does not say what was there before, or other hands changed an
            asset since: going back would overwrite their plan.
    """
    if entry.status != "approved":
        raise Refused(f"not rolled back: it is {entry.status}", place=entry.rec_id, remedy="there is nothing to undo")
    before = entry.document.get("before")
    if not isinstance(before, list) or not before:
        raise Refused(
            "not rolled back: it does not say what was there before",
            place=entry.rec_id,
            remedy="twin desk withdraw stops what has not left yet; put the old plan back by hand",
        )
    states = {asset: present(link, asset) for asset in sorted(assets_of(entry.document, entry.action))}
    known = {asset: state for asset, state in states.items() if state is not None}
    told = entry.document.get("rests_on_assets") or {}
    for asset, state in known.items():
        if state.rec_id != entry.rec_id and state.digest != told.get(asset):
            raise Refused(
                f"not rolled back: {state.who} changed {asset} at {text_of(state.at)}, and going back would undo that",
                place=entry.rec_id,
                remedy="twin desk withdraw stops what has not left yet; decide on what runs there now",
            )
    now = book.clock(link)
    title = entry.document.get("title")
    names = title if isinstance(title, dict) else {}
    return {
        "rec_id": digest_json(["rollback", entry.rec_id, *([] if isinstance(why, str) else [text_of(now)])])[:12],
        "kind": "rollback",
        "undoes": entry.rec_id,
        "created": text_of(now),
        "valid_until": text_of(now + VALID_FOR),
        "title": say(
            f"Back to the plan before: {names.get('en', entry.rec_id)}", f"恢复原方案：{names.get('zh', entry.rec_id)}"
        ),
        "action": before,
        "before": list(entry.action),
        "rests_on_assets": {asset: state.digest for asset, state in known.items()},
        "effect": None,
        "alternatives": [],
        "evidence": [entry.rec_id],
        "rests_on": [],
        "risks": [],
        "why": why if isinstance(why, str) else list(why),
    }
