"""The mutations themselves: the same for one seed, of many kinds, and caught where a reader is careless."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from fuzzing import RECEIVED, check_sound, fuzz, mutations

from calibration import Observation
from models.streams import stream
from networks.errors import BadInput
from twin.feeds import Message, Options, Understood

SAMPLE = b'{"id": "s-1", "value": 12.5}'


class Careless:
    """Trusts what it reads."""

    Options = Options

    def understand(self, message: Message) -> Understood:
        said = json.loads(message.payload)
        return Understood((observed(said["value"], said["id"]),))


class Refusing:
    """Takes only the sample itself."""

    Options = Options

    def understand(self, message: Message) -> Understood:
        if message.payload != SAMPLE:
            raise BadInput("not the sample")
        return Understood(())


def observed(value: float | None, sensor: str = "s-1", **more: object) -> Observation:
    return Observation(sensor, "speed", RECEIVED, 60.0, value, "good", RECEIVED, **more)  # type: ignore[arg-type]


def test_one_seed_gives_the_same_mutations_and_few_are_the_sample() -> None:
    once = list(mutations([SAMPLE, b"<a>1</a>"], stream(0, "fuzz"), 500))
    assert once == list(mutations([SAMPLE, b"<a>1</a>"], stream(0, "fuzz"), 500))
    assert len(set(once)) > 400


def test_a_careless_reader_is_caught() -> None:
    with pytest.raises(ValueError) as caught:
        fuzz(Careless(), [SAMPLE], n=200)
    assert not isinstance(caught.value, BadInput)
    assert any("mutation" in note for note in caught.value.__notes__)


def test_refusals_are_counted() -> None:
    understood, refused = fuzz(Refusing(), [SAMPLE], n=200)
    assert understood + refused == 200
    assert refused > 150


def test_an_empty_sample_is_mutated_too() -> None:
    assert len(list(mutations([b""], stream(0, "fuzz"), 100))) == 100


@pytest.mark.parametrize(
    "wrong",
    [
        observed(float("nan")),
        observed(float("inf")),
        observed(1.0, "s\x00"),
        observed(1.0, details={"a": {"b": float("nan")}}),
        observed(1.0, details={"a": "\x00"}),
        Observation("s", "speed", RECEIVED.replace(tzinfo=None), 0.0, 1.0, "good", RECEIVED),
        Observation("s", "speed", RECEIVED, 0.0, 1.0, "good", RECEIVED + timedelta(days=2)),
    ],
)
def test_rows_that_no_store_should_keep_are_caught(wrong: Observation) -> None:
    with pytest.raises((AssertionError, ValueError)):
        check_sound(Understood((wrong,)))
