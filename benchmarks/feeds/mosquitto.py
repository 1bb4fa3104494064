"""A Mosquitto of one's own: a real broker on a free port of 127.0.0.1, its memory in a folder."""

from __future__ import annotations

import base64
import hashlib
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

USER, PASS_PHRASE = "citytwin", "a pass phrase of tests"
PROGRAM = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin")
INSTALL = "apt-get install mosquitto"
DAEMON = """
listener {port} 127.0.0.1
allow_anonymous false
password_file {folder}/users
persistence true
persistence_location {folder}/
autosave_interval 1
max_queued_messages 0
max_queued_bytes 0
max_inflight_messages {window}
log_type error
log_type warning
log_type subscribe
"""


class Mosquitto:
    """A broker for as long as the `with` lasts; it may be killed and started again meanwhile.

    Args:
        folder: Its memory and its log.
        window: Messages that it sends ahead to one client, unless that one says how many (MQTT 5).
        more: Further lines of its configuration.

    Attributes:
        port: Where it listens.
        process: The running broker.
    """

    host = "127.0.0.1"

    def __init__(self, folder: Path, *, window: int = 1000, more: str = "") -> None:
        if PROGRAM is None:
            raise FileNotFoundError(f"there is no mosquitto: {INSTALL}")
        self.folder = folder.absolute()
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._config = self.folder / "mosquitto.conf"
        owner = f"user {self.folder.owner()}\n"
        self._config.write_text(owner + DAEMON.format(port=self.port, folder=self.folder, window=window) + more)
        (self.folder / "users").write_text(f"{USER}:{_hashed(PASS_PHRASE)}\n")
        (self.folder / "users").chmod(0o600)

    def __enter__(self) -> Mosquitto:
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it (again), and wait until it answers."""
        with (self.folder / "mosquitto.log").open("ab") as told:
            self.process = subprocess.Popen([str(PROGRAM), "-c", str(self._config)], stdout=told, stderr=told)
        ends = time.monotonic() + 20.0
        while time.monotonic() < ends and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex((self.host, self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError(f"mosquitto did not start: {(self.folder / 'mosquitto.log').read_text()[-500:]}")

    def subscribed(self) -> bool:
        """Whether anybody subscribed to `city/#` since its folder was made."""
        return b" 1 city/#" in (self.folder / "mosquitto.log").read_bytes()

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End it: properly, so that it writes its memory down, or by `signal.SIGKILL`."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(20.0)
            self.process = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _hashed(pass_phrase: str, salt: bytes = b"twelve bytes") -> str:
    """As `mosquitto_passwd` writes it (PBKDF2, SHA-512, 101 rounds)."""
    digest = hashlib.pbkdf2_hmac("sha512", pass_phrase.encode(), salt, 101)
    return f"$7$101${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"
