"""Who may sit at the desk: tokens, roles, names that look alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from networks.errors import BadInput, NotThere, Refused
from twin.desk import ACTS, ROLES, Book, People, may, same_person


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People(Book.open(tmp_path / "desk.sqlite"))


def test_a_token_tells_who_it_is_and_is_kept_nowhere(people: People, tmp_path: Path) -> None:
    people.add("Root", "administrator")
    token = people.add("Li Wei", "operator", by="Root")
    assert people.who(token).name == "Li Wei" and people.who(token).role == "operator"
    people.book.close()
    for file in tmp_path.iterdir():
        assert token.encode() not in file.read_bytes()
    with pytest.raises(Refused, match="nobody"):
        people.who(token + "x")
    newer = people.renew("li  WEI")
    with pytest.raises(Refused):
        people.who(token)
    assert people.who(newer).name == "Li Wei"
    people.remove("Li Wei")
    with pytest.raises(Refused):
        people.who(newer)
    assert [entry.action for entry in people.book.audit()][-2:] == ["renew token", "remove person"]
    assert people.book.broken() == []


def test_one_person_under_two_spellings_is_one(people: People) -> None:
    people.add("Ann O'Hara", "administrator")
    for again in ("ann o'hara", "  ANN   O'Hara ", "Ａnn O'Hara"):
        assert same_person(again) == same_person("Ann O'Hara")
        with pytest.raises(Refused, match="already"):
            people.add(again, "operator")


def test_somebody_must_be_able_to_let_others_in(people: People) -> None:
    with pytest.raises(Refused, match="first person must be an administrator"):
        people.add("Li Wei", "operator")
    people.add("Root", "administrator")
    with pytest.raises(Refused, match="last administrator"):
        people.remove("root")
    with pytest.raises(NotThere, match="nobody at this desk is called Bo"):
        people.renew("Bo")
    for name, role, word in [("Bo", "king", "viewer, operator"), (" ", "viewer", "1 to 100"), ("B\x07", "viewer", "1")]:
        with pytest.raises(BadInput) as told:
            people.add(name, role)
        assert word in str(told.value)


def test_who_may_let_others_in_decides_nothing_and_a_viewer_only_looks() -> None:
    decisive = {"approve", "change", "reject", "rollback", "mode", "autonomy"}
    assert {act for act in ACTS if may("viewer", act)} == {"see"}
    assert not {act for act in decisive if may("administrator", act)}
    assert all(may(role, "see") for role in ROLES)
    assert {role for role in ROLES if may(role, "approve")} == {"operator", "engineer"}
