"""Kafka feeds: places move on in order, and only past what is safe. A stand-in plays the brokers."""

from __future__ import annotations

import asyncio
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.errors import BadInput
from twin.feeds.sources.kafka import Kafka, KafkaConnection, _Place

CONNECTION = KafkaConnection(brokers=("b:9092",), topics=("counts",))


class Consumer:
    """What aiokafka's would do with partitions of some values each."""

    made: Consumer

    def __init__(self, *topics: str, **told: Any) -> None:
        self.topics, self.told, self.committed = topics, told, dict[str, int]()
        self.batches = [{"p0": [b"a", b"b"], "p1": [b"c"]}, {"p0": [b"d", None]}]
        self.mine, self.stopped, self.offset = {"p0", "p1"}, False, {"p0": 10, "p1": 20}
        Consumer.made = self

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        self.stopped = True

    def assignment(self) -> set[str]:
        return self.mine

    async def commit(self, places: dict[str, int]) -> None:
        self.committed |= places

    async def getmany(self, *, timeout_ms: int, max_records: int) -> dict[str, list[Any]]:
        del timeout_ms, max_records
        if not self.batches:
            raise sys.modules["aiokafka.errors"].KafkaError("the brokers are away")
        return {p: [self._record(p, value) for value in values] for p, values in self.batches.pop(0).items()}

    def _record(self, partition: str, value: bytes | None) -> Any:
        self.offset[partition] += 1
        headers = [("unit", b"veh")]
        return SimpleNamespace(
            offset=self.offset[partition] - 1, value=value, topic="counts", key=b"k", headers=headers
        )


@pytest.fixture(autouse=True)
def _stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    package, errors = ModuleType("aiokafka"), ModuleType("aiokafka.errors")
    package.AIOKafkaConsumer, errors.KafkaError = Consumer, type("KafkaError", (Exception,), {})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "aiokafka", package)
    monkeypatch.setitem(sys.modules, "aiokafka.errors", errors)


def test_a_place_moves_on_past_what_is_safe_and_no_further() -> None:
    async def story() -> None:
        deliveries = Kafka(CONNECTION, "counts").deliveries()
        taken = [await anext(deliveries) for _ in range(3)]
        assert [one.message.payload for one in taken] == [b"a", b"b", b"c"]
        assert taken[0].message.headers == {"key": "k", "unit": "veh"}
        await taken[1].done()
        await taken[2].done()
        after = [await anext(deliveries) for _ in range(2)]
        assert after[1].message.headers["deleted"] == "true"
        assert Consumer.made.committed == {"p1": 21}  # the first of p0 is not safe yet
        await taken[0].done()
        with pytest.raises(ConnectionError, match="Kafka at b:9092 cannot be read: KafkaError: the brokers are away"):
            await anext(deliveries)
        assert Consumer.made.committed == {"p0": 12, "p1": 21}
        assert Consumer.made.stopped

    asyncio.run(story())


def test_a_partition_that_went_to_another_member_is_left_to_it() -> None:
    async def story() -> None:
        deliveries = Kafka(CONNECTION, "counts").deliveries()
        for _ in range(3):
            await (await anext(deliveries)).done()
        Consumer.made.mine = {"p1"}
        await anext(deliveries)
        await deliveries.aclose()
        assert Consumer.made.committed == {"p1": 21}

    asyncio.run(story())


def test_brokers_are_asked_for_nothing_in_our_name_without_us() -> None:
    Kafka(CONNECTION, "counts")._consumer()
    told = Consumer.made.told
    assert not told["enable_auto_commit"]
    assert (told["group_id"], told["security_protocol"]) == ("citytwin-counts", "PLAINTEXT")


def test_who_logs_in_stands_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"mechanism": "PLAIN", "tls": True, "user_env": "WHO", "password_env": "PHRASE"}
    feed = Kafka(CONNECTION.model_copy(update=said), "counts")
    monkeypatch.setenv("WHO", "somebody")
    with pytest.raises(BadInput, match=r"source.password_env: the environment variable PHRASE is not set"):
        feed._consumer()
    monkeypatch.setenv("PHRASE", "secret")
    feed._consumer()
    assert (Consumer.made.told["security_protocol"], Consumer.made.told["sasl_plain_password"]) == (
        "SASL_SSL",
        "secret",
    )


def test_without_the_extra_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aiokafka.errors", None)
    with pytest.raises(BadInput, match=r"citytwin\[kafka\]"):
        asyncio.run(anext(Kafka(CONNECTION, "counts").deliveries()))


@given(st.permutations(range(6)), st.integers(0, 6))
def test_whatever_the_order_nothing_unsafe_is_passed(order: list[int], count: int) -> None:
    place = _Place()
    place.waiting.extend(range(6))
    place.done.update(order[:count])
    first_unsafe = next((offset for offset in range(6) if offset not in order[:count]), 6)
    assert place.safe_to() == (first_unsafe or None)
    assert place.safe_to() is None
