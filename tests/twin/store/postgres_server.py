"""A real PostgreSQL server of the tests' own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4


def postgres_programs() -> Path | None:
    """The folder that holds `initdb` and `postgres`, of the newest installed version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    beside = shutil.which("postgres")
    return found[-1].parent if found else Path(beside).resolve().parent if beside else None


class Postgres:
    """A server of its own on a free loopback port; its files lie in memory where there is such a place."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        memory = Path("/dev/shm")
        self.folder = Path(mkdtemp(prefix="citytwin-pg-", dir=memory if os.access(memory, os.W_OK) else None))
        self.user = "nobody" if os.geteuid() == 0 else None  # the server refuses to run as root
        if self.user:
            shutil.chown(self.folder, self.user)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._run("initdb", "-D", str(self.folder / "data"), "-U", "twin", "--auth=trust", "--no-sync", "-E", "UTF8")
        self.start()

    def start(self) -> None:
        """Begin to listen."""
        listen = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {self.folder} -c max_connections=40"
        self._run(
            "pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-o", listen, "-w", "start"
        )

    def stop(self, mode: str = "immediate") -> None:
        """End at once, as by a power cut."""
        self._control("-m", mode, "-w", "stop")

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"t{uuid4().hex[:12]}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "twin", name)
        return f"postgresql+psycopg://twin@127.0.0.1:{self.port}/{name}"

    def remove(self) -> None:
        """Stop, and leave nothing."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        done = subprocess.run(
            command, user=self.user, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        assert done.returncode == 0, f"{program}: {done.stderr}"
