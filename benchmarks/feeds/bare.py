"""The least that is safe: paho reads, a file is appended to, the disk is asked, then it is acknowledged."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from benchmarks.feeds.mosquitto import PASS_PHRASE, USER, Mosquitto

GROUP_S = 0.02


class Bare:
    """That program, in a process of its own."""

    def __init__(self, broker: Mosquitto, file: Path) -> None:
        self._broker, self._file = broker, file
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Bare:
        command = [sys.executable, "-m", "benchmarks.feeds.bare", str(self._broker.port), str(self._file)]
        self.process = subprocess.Popen(command)
        while not self._broker.subscribed():
            time.sleep(0.05)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10.0)

    def took(self) -> int:
        """Messages in the file so far."""
        return self._file.read_bytes().count(b"\n")


def main() -> None:
    """Take messages until the end."""
    port, file = int(sys.argv[1]), Path(sys.argv[2])
    came: list[paho.MQTTMessage] = []
    client = paho.Client(CallbackAPIVersion.VERSION2, "bare", protocol=paho.MQTTv5, manual_ack=True)
    client.username_pw_set(USER, PASS_PHRASE)
    client.on_message = lambda _client, _data, message: came.append(message)
    client.on_connect = lambda connected, *_: connected.subscribe("city/#", qos=1)
    wishes = Properties(PacketTypes.CONNECT)
    wishes.ReceiveMaximum = 1000
    client.connect("127.0.0.1", port, properties=wishes)
    client.loop_start()
    with file.open("ab", buffering=0) as told:
        while True:
            time.sleep(GROUP_S)
            group = came[:]
            del came[: len(group)]
            if group:
                told.write(b"".join(message.payload + b"\n" for message in group))
                os.fdatasync(told.fileno())
                for message in group:
                    client.ack(message.mid, message.qos)


if __name__ == "__main__":
    main()
