"""Pseudonyms: one a day for a name, none for two names, kept over a restart, and gone with the day."""

import stat

from hypothesis import given
from hypothesis import strategies as st

from twin.feeds.pseudonyms import NIGHT_S, Pseudonyms

NOW = 1_780_000_000.0
DAY = 86400.0


class Clock:
    def __init__(self, now_s: float) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s


@given(st.text(max_size=20), st.text(max_size=20))
def test_equal_names_have_equal_pseudonyms_and_others_others(one, two):
    names = Pseudonyms(clock=Clock(NOW))
    assert names.of(one) == names.of(one) and (names.of(one) == names.of(two)) == (one == two)
    assert one not in names.of(one) or len(one) < 6


def test_tomorrow_and_another_system_have_others():
    clock = Clock(NOW)
    names = Pseudonyms(clock=clock)
    today = names.of("013800138000")
    assert Pseudonyms(clock=clock).of("013800138000") != today
    clock.now_s += DAY
    assert names.of("013800138000") != today


def test_the_day_ends_at_three_in_the_local_night():
    night_s = (NOW // DAY) * DAY + NIGHT_S - 8 * 3600 + DAY
    clock = Clock(night_s - 1)
    names = Pseudonyms(utc_offset_s=8 * 3600.0, clock=clock)
    before = names.of("a")
    clock.now_s = night_s
    assert names.of("a") != before


def test_a_clock_set_back_goes_on_with_the_days_salt():
    clock = Clock(NOW)
    names = Pseudonyms(clock=clock)
    before = names.of("a")
    clock.now_s -= 3 * DAY
    assert names.of("a") == before


def test_a_restart_within_the_day_keeps_pseudonyms_and_the_next_day_destroys_the_salt(tmp_path):
    file, clock = tmp_path / "salt" / "today.json", Clock(NOW)
    before = Pseudonyms(file, clock=clock).of("a")
    text = file.read_text()
    assert Pseudonyms(file, clock=clock).of("a") == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    same = file.open("rb")  # who still holds yesterday's file open reads zeros
    clock.now_s += DAY
    assert Pseudonyms(file, clock=clock).of("a") != before
    assert file.read_text() != text and set(same.read()) == {0}
    assert [p.name for p in file.parent.iterdir()] == ["today.json"]


def test_a_damaged_salt_file_is_another_day(tmp_path):
    file = tmp_path / "salt"
    file.write_bytes(b"\xff not json")
    assert Pseudonyms(file, clock=Clock(NOW)).of("a") == Pseudonyms(file, clock=Clock(NOW)).of("a")


def test_what_cannot_be_read_is_told_by_length_and_a_hash_that_is_not_the_plain_one():
    import hashlib

    names = Pseudonyms(clock=Clock(NOW))
    sealed = names.sealed(b"13800138000")
    assert sealed.startswith(b"unreadable: 11 bytes") and sealed == names.sealed(b"13800138000")
    assert hashlib.sha256(b"13800138000").hexdigest()[:16].encode() not in sealed and b"138" not in sealed[20:]
