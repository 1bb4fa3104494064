"""A city's devices: messages of 20 observations at a steady rate, to a broker that acknowledges them.

    python -m benchmarks.feeds.sending --port 1883 --rate 1000 --seconds 60 --sent FILE

Message k tells of the devices 20 (k mod RATE) to 20 (k mod RATE) + 19, in the second k / RATE of an hour in 2026; its
result time is when it was sent. FILE gets one line a message that the broker acknowledged: its k. A connection that
breaks is made again, and what was not acknowledged is sent again (MQTT 5, QoS 1).
"""

from __future__ import annotations

import argparse
import os
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from benchmarks.feeds.mosquitto import PASS_PHRASE, USER

OF_ONE = 20
TOPIC = "city/counts"
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
_ONE = (
    '{"Datastream":{"@iot.id":"%07d","observedProperty":"vehicle_count","unitOfMeasurement":"veh"},'
    '"phenomenonTime":"%s","resultTime":"%s","result":%d,"resultQuality":"good"}'
)


def payload(number: int, rate: int, now: datetime | None = None) -> bytes:
    """Message `number`: an array of 20 observations in the words of SensorThings."""
    second, first = number // rate, OF_ONE * (number % rate)
    begin, end = (BEGIN + timedelta(seconds=second + late) for late in (0, 1))
    period = f"{begin:%Y-%m-%dT%H:%M:%SZ}/{end:%Y-%m-%dT%H:%M:%SZ}"
    said = (now or datetime.now(UTC)).isoformat().replace("+00:00", "Z")
    told = ",".join(_ONE % (first + k, period, said, (number + k) % 60) for k in range(OF_ONE))
    return f"[{told}]".encode()


class Sending:
    """One connection that sends, and knows what was acknowledged.

    Attributes:
        acknowledged: How many messages were.
    """

    def __init__(self, port: int, sent: Path) -> None:
        self.acknowledged = 0
        self._under_way: dict[int, int] = {}
        self._file = sent.open("w")
        self.client = paho.Client(CallbackAPIVersion.VERSION2, f"devices-{os.getpid()}", protocol=paho.MQTTv5)
        self.client.username_pw_set(USER, PASS_PHRASE)
        self.client.max_inflight_messages_set(1000)
        self.client.reconnect_delay_set(1, 1)
        self.client.on_publish = self._told
        ends = time.monotonic() + 20.0
        while True:
            try:
                self.client.connect("127.0.0.1", port)
                break
            except OSError:
                if time.monotonic() > ends:
                    raise
                time.sleep(0.1)
        self.client.loop_start()

    def send(self, number: int, content: bytes) -> None:
        """One message; paho sends it again after a broken connection."""
        info = self.client.publish(TOPIC, content, qos=1)
        self._under_way[info.mid] = number

    def _told(self, _client: Any, _data: Any, mid: int, code: Any, _more: Any) -> None:
        number = self._under_way.pop(mid, None)
        while number is None:  # acknowledged before `publish` came back
            time.sleep(0.0005)
            number = self._under_way.pop(mid, None)
        if not code.is_failure:
            self._file.write(f"{number}\n")
            self.acknowledged += 1

    def close(self, wait_s: float = 30.0) -> int:
        """Wait for acknowledgements; how many are missing."""
        ends = time.monotonic() + wait_s
        while self._under_way and time.monotonic() < ends:
            time.sleep(0.02)
        self.client.disconnect()
        self.client.loop_stop()
        self._file.close()
        return len(self._under_way)


def main() -> None:
    """Send at the rate that was asked for, evenly, and say how it went."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--sent", type=Path, required=True)
    told = parser.parse_args()
    sending = Sending(told.port, told.sent)
    began, number, total = time.monotonic(), 0, round(told.rate * told.seconds)
    late: deque[float] = deque(maxlen=1)
    while number < total:
        due = min(total, int((time.monotonic() - began) * told.rate))
        while number < due:
            sending.send(number, payload(number, told.rate))
            number += 1
        late.append(time.monotonic() - began - number / told.rate)
        time.sleep(0.01)
    took_s = time.monotonic() - began
    missing = sending.close()
    print(f"sent {number} messages in {took_s:.2f} s, {missing} of them never acknowledged")


if __name__ == "__main__":
    main()
