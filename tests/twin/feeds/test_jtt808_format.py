"""JT/T 808: frames there and back, positions in closed form, and no phone number or plate in anything written."""

from datetime import UTC, datetime

import numpy as np
import pytest
from fuzzing import fuzz
from hypothesis import given
from hypothesis import strategies as st

from networks.coordinates.datums import from_wgs84
from networks.errors import BadInput
from twin.feeds import Message, Position, format_named
from twin.feeds.formats.jtt808 import Frame, Jtt808, Located, frames, read_frame, read_location, write_frame
from twin.feeds.formats.jtt808.locations import FIXED, SHIFTED, write_batch, write_location

RECEIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)
PHONE = "013800138000"
SHIFTED_FIX = FIXED | SHIFTED
AT = Located(0, FIXED, 30.25, 120.15, 12, 36.0, 90, "260601195900")


def jtt808(**options: object) -> Jtt808:
    return Jtt808(Jtt808.Options(**options))


def framed(body: bytes, message: int = 0x0200, terminal: str = PHONE, **more: object) -> bytes:
    return write_frame(Frame(message, terminal, 7, body, 2013 if len(terminal) == 12 else 2019, **more))


def understood(payload: bytes, **options: object):
    form = jtt808(**options)
    return form.understand(Message(form.conceal(payload), "tcp", RECEIVED))


TERMINALS = st.sampled_from([12, 20]).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))
LOCATED = st.builds(
    Located,
    alarm=st.integers(0, 2**32 - 1),
    status=st.integers(0, 2**32 - 1).map(lambda bits: bits & ~SHIFTED | FIXED),
    lat=st.integers(0, 89_000_000).map(lambda n: n / 1e6),
    lon=st.integers(0, 179_000_000).map(lambda n: n / 1e6),
    height_m=st.integers(0, 65535),
    speed_kmh=st.integers(0, 4000).map(lambda n: n / 10),
    bearing_deg=st.integers(0, 359),
    clock=st.datetimes(datetime(2000, 1, 2), datetime(2026, 6, 1)).map(lambda t: f"{t:%y%m%d%H%M%S}"),
    items=st.lists(st.tuples(st.integers(1, 255), st.binary(max_size=9)), max_size=3).map(tuple),
)


@given(TERMINALS, st.binary(max_size=500), st.integers(0, 65535), st.integers(0, 65535), st.booleans())
def test_any_frame_is_read_as_it_was_written(terminal, body, message, serial, split):
    more = {"edition": 2013, "version": 0} if len(terminal) == 12 else {"edition": 2019}
    frame = Frame(message, terminal, serial, body, part=(2, 3) if split else None, **more)
    raw = write_frame(frame)
    assert raw[0] == raw[-1] == 0x7E and 0x7E not in raw[1:-1]
    assert [read_frame(one) for one in frames(raw + raw)] == [frame, frame]


def test_the_standards_own_example_of_escapes():
    inner = write_frame(Frame(0x0001, "000000000000", 0, bytes.fromhex("307e087d55"), 2013, version=0))
    assert bytes.fromhex("307d02087d0155") in inner


@given(st.binary(min_size=1, max_size=60), st.integers(0, 10**6), st.integers(1, 255))
def test_one_wrong_byte_is_seen(body, where, change):
    between = bytearray(framed(body)[1:-1])
    if between[where % len(between)] ^ change in (0x7D, 0x7E) or 0x7D in between:
        return
    between[where % len(between)] ^= change
    with pytest.raises(BadInput):
        read_frame(bytes(between))


@given(LOCATED)
def test_any_location_is_read_as_it_was_written(told):
    read = read_location(write_location(told))
    assert (read.lat, read.lon) == pytest.approx((told.lat, told.lon), abs=1e-9)
    assert read.items == told.items and read.clock == told.clock and read.speed_kmh == told.speed_kmh


def test_a_location_becomes_a_position_in_closed_form():
    [row] = understood(framed(write_location(AT)), vehicles="bus").records
    expected = Position(
        row.mover, datetime(2026, 6, 1, 11, 59, tzinfo=UTC), 120.15, 30.25, RECEIVED, "bus", 10.0, 90.0,
        details={"alarm_bits": 0, "status_bits": FIXED, "height_m": 12},
    )  # fmt: skip
    assert row == expected


def test_south_and_west_are_signs_and_mileage_is_in_tenths():
    told = Located(1, FIXED, -33.9, -70.6, 0, 0, 0, "260601195900", ((1, (12345).to_bytes(4, "big")),))
    [row] = understood(framed(write_location(told))).records
    assert (row.lat, row.lon, row.details["mileage_km"]) == (-33.9, -70.6, 1234.5)


@given(st.floats(100, 125), st.floats(20, 50))
def test_gcj02_comes_back_to_wgs84_within_a_decimetre(lon, lat):
    shifted_lon, shifted_lat = (float(x) for x in from_wgs84(lon, lat, "gcj02"))
    raw = Located(0, SHIFTED_FIX, shifted_lat, shifted_lon, 0, 0, 0, "260601195900")
    [row] = understood(framed(write_location(raw))).records
    away_m = np.hypot((row.lon - lon) * 111e3, (row.lat - lat) * 111e3)
    assert away_m < 0.12  # the message's own millionth of a degree
    [forced] = understood(framed(write_location(raw)), datum="wgs84").records
    assert (forced.lon, forced.lat) == (round(shifted_lon * 1e6) / 1e6, round(shifted_lat * 1e6) / 1e6)


def test_a_batch_gives_all_its_locations_and_names_the_wrong_one():
    bad = AT.__class__(0, FIXED, 95.0, 120.0, 0, 0, 0, "260601195900")
    future = AT.__class__(0, FIXED, 30.0, 120.0, 0, 0, 0, "260603200000")
    no_day = AT.__class__(0, FIXED, 30.0, 120.0, 0, 0, 0, "260231000000")
    no_fix = AT.__class__(0, 0, 30.0, 120.0, 0, 0, 0, "260601195900")
    body = write_batch([write_location(one) for one in (AT, bad, future, no_day, no_fix)], 1)
    told = understood(framed(body, 0x0704))
    assert len(told.records) == 1 and told.left_out == {"position without a fix": 1}
    assert [fault.place for fault in told.faults] == ["location 2: position", "location 3: time", "location 4: time"]


def test_impossible_speed_and_direction_are_told_and_the_position_is_kept():
    told = understood(framed(write_location(Located(0, FIXED, 30, 120, 0, 6000.0, 360, "260601195900"))))
    assert [f.place for f in told.faults] == ["location: speed", "location: direction"]
    assert told.records[0].speed_mps is None and told.records[0].bearing_deg is None


def test_what_is_not_kept_is_counted():
    split = Frame(0x0200, PHONE, 1, b"x", 2013, part=(1, 2), version=0)
    payload = framed(b"", 0x0002) + framed(b"x" * 40, 0x0100) + framed(b"secret", 0x0702) + write_frame(split)
    payload += framed(b"x", encrypted=1)
    assert understood(payload).left_out == {
        "heartbeat": 1, "registration": 1, "message 0x0702": 1, "part of a split message 0x0200": 1,
        "encrypted message 0x0200": 1,
    }  # fmt: skip


def test_years_are_of_this_century():
    told = Located(0, FIXED, 30, 120, 0, 0, 0, "690101000000")
    with pytest.raises(BadInput, match="future"):
        understood(framed(write_location(told)))


@pytest.mark.parametrize("phone", [PHONE, "f13800138000", PHONE.rjust(20, "0")])
def test_no_phone_plate_card_or_vendor_item_is_written_down(phone):
    items = ((0x01, b"\0\0\0\1"), (0xF1, b"ICCID-89860012345678"), (0x54, b"wifi-mac"), (0x30, b"long!"))
    location = write_location(Located(0, FIXED, 30, 120, 0, 0, 0, "260601195900", items))
    plate = "浙A12345".encode("gbk")
    registration = b"\0\x21\0\x6a" + b"MAKER" + b"M" * 20 + b"TERMID1" + b"\1" + plate
    payload = (
        framed(location, terminal=phone) + framed(registration, 0x0100, phone) + framed(b"ID310101", 0x0702, phone)
    )
    payload += framed(write_batch([location]), 0x0704, phone) + b"garbage 13800138000 " + plate + b"\x7e"
    form = jtt808()
    written = form.conceal(payload)
    secrets = (
        bytes.fromhex(phone),
        phone.lstrip("f0").encode(),
        plate,
        b"TERMID1",
        b"ICCID",
        b"wifi",
        b"ID31",
        b"long!",
    )
    for secret in secrets:
        assert secret not in written and secret not in written.replace(b"\x7d\x01", b"\x7d")
    told = form.understand(Message(written, "tcp", RECEIVED))
    assert len(told.records) == 2 and told.left_out["item 0xf1"] == 2 and "could not be read" in told.faults[0].what
    assert len({row.mover for row in told.records}) == 1


def test_two_terminals_stay_two_and_a_clear_number_is_refused():
    form = jtt808()
    payload = framed(write_location(AT)) + framed(write_location(AT), terminal="013800138001")
    rows = form.understand(Message(form.conceal(payload), "tcp", RECEIVED)).records
    assert len({row.mover for row in rows}) == 2
    with pytest.raises(BadInput, match="in clear"):
        form.understand(Message(payload, "tcp", RECEIVED))


def test_a_salt_file_keeps_movers_over_a_restart(tmp_path):
    one, two = (understood(framed(write_location(AT)), salt_file=tmp_path / "salt").records[0] for _ in range(2))
    assert one.mover == two.mover != understood(framed(write_location(AT))).records[0].mover


def test_nothing_and_far_too_much_are_refused():
    for payload in (b"", b"\x7e\x7e", b"\x7e" * (1 << 21)):
        with pytest.raises(BadInput):
            understood(payload)


SAMPLES = [
    framed(write_location(AT)),
    framed(write_batch([write_location(AT)] * 3), 0x0704, PHONE.rjust(20, "0")),
    framed(
        write_location(Located(0, SHIFTED_FIX, 30, 120, 0, 0, 0, "260601195900", ((1, b"\0\0\0\1"), (0x31, b"\7"))))
    ),
]


def mended(payload: bytes) -> bytes:
    """With right check bytes: mutations reach what lies behind them."""
    found = []
    for one in frames(payload):
        plain = one.replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d")
        check = int(np.bitwise_xor.reduce(np.frombuffer(plain[:-1], np.uint8))) if len(plain) > 1 else 0
        plain = plain[:-1] + bytes([check])
        found.append(plain.replace(b"\x7d", b"\x7d\x01").replace(b"\x7e", b"\x7d\x02"))
    return b"\x7e".join([b"", *found, b""])


class Behind:
    """The format behind its check byte and behind `conceal`."""

    def __init__(self) -> None:
        self.form = jtt808()

    def understand(self, message: Message):
        return self.form.understand(Message(self.form.conceal(mended(message.payload)), "fuzz", message.received))


@pytest.mark.parametrize("n", [1000, pytest.param(100_000, marks=[pytest.mark.full, pytest.mark.timeout(3000)])])
def test_whatever_comes_in_is_understood_or_refused(n, monkeypatch):
    """The salt of names is drawn anew by each process; here it is given, so that the same mutations are tried."""
    monkeypatch.setattr("twin.feeds.pseudonyms.secrets.token_bytes", bytes)
    kept, refused = fuzz(jtt808(), [jtt808().conceal(one) for one in SAMPLES], n=n)
    assert kept > n // 50 and refused > n // 10
    understood_count, _ = fuzz(Behind(), SAMPLES, n=n)
    assert understood_count > n // 20


def test_it_is_on_the_shelf():
    assert format_named("jtt808") is Jtt808
