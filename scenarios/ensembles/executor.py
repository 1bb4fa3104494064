"""Where work is done: here one after another, or on Ray. The same call for both."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeVar

from models.sumo import large_pages
from networks.errors import EngineFailed, InvalidRun
from scenarios.ensembles.guard import guarded
from scenarios.ensembles.ray_queue import LEAVE_S, OnDone, OnLost, RayQueue
from scenarios.results.made_with import NUMBA_CPU

Item = TypeVar("Item")
Result = TypeVar("Result")

# Each worker computes on one thread: two on a busy machine cost far more than they gain.
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
TOKEN_NAME = "RAY_AUTH_TOKEN"
KNOCK_S = 5.0


class Executor(Protocol):
    """Calls a function on every item."""

    def map(
        self,
        fn: Callable[[Item], Result],
        items: Sequence[Item],
        on_done: OnDone | None = None,
        on_lost: OnLost | None = None,
    ) -> list[Result]:
        """Results in the order of `items`; `on_done(index, result)` as each is done. The first error stops the rest.

        An item that grew beyond the memory cap, or whose workers died ATTEMPTS times, is such an error too, unless
        `on_lost(index, error)` gives a result in its stead.
        """

    def close(self) -> None:
        """Give workers back."""


class SerialExecutor:
    """Does the work in this process, one item after another: for debugging and for one item.

    Args:
        memory_cap: Bytes that this process may hold while it works on an item.
    """

    workers = 1

    def __init__(self, *, memory_cap: int | None = None) -> None:
        self.memory_cap = memory_cap

    def map(
        self,
        fn: Callable[[Item], Result],
        items: Sequence[Item],
        on_done: OnDone | None = None,
        on_lost: OnLost | None = None,
    ) -> list[Result]:
        """See `Executor.map`."""
        results = []
        for index, item in enumerate(items):
            try:
                done = fn(item) if self.memory_cap is None else guarded(fn, None, self.memory_cap, None, item)
            except InvalidRun as error:
                if on_lost is None:
                    raise
                done = on_lost(index, error)
            results.append(done)
            if on_done:
                on_done(index, results[-1])
        return results

    def close(self) -> None:
        """Nothing to give back."""

    def __enter__(self) -> SerialExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class RayExecutor:
    """Does the work on Ray: a local one that it starts and stops, or the cluster at `address`.

    A local Ray listens on loopback only, starts no dashboard, and needs a token that is made anew for each process, so
    that nobody else on the machine or the network can hand it work.

    Args:
        address: `host:port` of a cluster's head; None starts a local Ray.
        workers: Processes at a time; None takes one for each CPU that Ray sees.
        memory_cap: Bytes that a worker and what it started may hold; a member that grows beyond is stopped.
    """

    def __init__(
        self, address: str | None = None, *, workers: int | None = None, memory_cap: int | None = None
    ) -> None:
        self.address, self._workers, self.memory_cap, self._ours = address, workers, memory_cap, False
        self._turn = threading.Condition()
        self._under_way: list[RayQueue] = []

    @property
    def workers(self) -> int:
        """Members that run at the same time."""
        ray = self._ray()
        return self._workers or max(1, int(ray.cluster_resources().get("CPU", 1)))

    def _ray(self) -> Any:
        _prepare(local=self.address is None)
        import ray

        if not ray.is_initialized():
            self._start(ray)
            self._ours = True
        return ray

    def _start(self, ray: Any) -> None:
        try:
            _knock(self.address)
            with _quiet():
                ray.init(**self._options())
        except Exception as error:
            where = f"the Ray cluster {self.address} cannot be reached" if self.address else "Ray could not be started"
            raise EngineFailed(
                f"{where}: {type(error).__name__}: {(str(error).strip() or 'no reason given').splitlines()[0]}",
                remedy=f"check the address, and that {TOKEN_NAME} holds the cluster's token; or run with --serial"
                if self.address
                else "run again, or with --serial",
            ) from error

    def _options(self) -> dict[str, Any]:
        common: dict[str, Any] = {
            "logging_level": logging.ERROR,
            "log_to_driver": False,
            "configure_logging": False,
            "runtime_env": {
                "env_vars": {**ONE_THREAD, **large_pages(), **_certified(), "RAY_USAGE_STATS_ENABLED": "0"}
            },
        }
        if self.address is not None:
            return {**common, "address": self.address}
        return {
            **common,
            "address": "local",
            "num_cpus": self._workers,
            "include_dashboard": False,
            "object_store_memory": 256 * 1024 * 1024,
        }

    def map(
        self,
        fn: Callable[[Item], Result],
        items: Sequence[Item],
        on_done: OnDone | None = None,
        on_lost: OnLost | None = None,
    ) -> list[Result]:
        """See `Executor.map`. Ctrl-C stops what runs, and Ray; what had landed stays."""
        if not items:
            return []
        ray = self._ray()
        try:
            with (
                tempfile.TemporaryDirectory(prefix="citytwin-") as scratch,
                self._counted(RayQueue(ray, fn, items, Path(scratch), self.memory_cap)) as queue,
            ):
                return queue.run(on_done, on_lost)
        except KeyboardInterrupt:
            self.close()
            raise
        except ray.exceptions.RayError as error:
            raise EngineFailed(
                f"Ray stopped: {type(error).__name__}: {str(error).splitlines()[0]}",
                remedy="run again (what was finished is kept), or with --serial",
            ) from error

    @contextmanager
    def _counted(self, queue: RayQueue) -> Iterator[RayQueue]:
        """`close` knows of it while it runs."""
        with self._turn:
            self._under_way.append(queue)
        try:
            yield queue
        finally:
            with self._turn:
                self._under_way.remove(queue)
                self._turn.notify_all()

    def close(self) -> None:
        """Stop the local Ray (or leave the cluster), if this executor started it.

        What other threads have under way is told to end first: a thread that asks Ray for anything after its shutdown
        ends the whole process.
        """
        if not self._ours:
            return
        import ray

        with self._turn:
            for queue in self._under_way:
                queue.end()
            self._turn.wait_for(lambda: not self._under_way, timeout=LEAVE_S)

        with _quiet():
            ray.shutdown()
        self._ours = False
        if os.environ.get(TOKEN_NAME) == _own_token():
            del os.environ[TOKEN_NAME]

    def __enter__(self) -> RayExecutor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _prepare(*, local: bool) -> None:
    """Set what Ray reads when it is imported or started: no usage report, a token, loopback for a local one."""
    settings = {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
        "RAY_IGNORE_UNHANDLED_ERRORS": "1",
        "RAY_AUTH_MODE": "token",
        # A call that comes after close() must fail, not start another Ray by itself.
        "RAY_ENABLE_AUTO_CONNECT": "0",
        # Ray would otherwise re-create a uv environment for its workers.
        "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    }
    if local:
        # What Ray does on macOS and Windows, asked for on Linux too: all its servers bind to 127.0.0.1. Without it
        # they listen on every interface, whatever address ray.init is given.
        settings["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    for name, value in settings.items():
        os.environ.setdefault(name, value)
    if local and TOKEN_NAME not in os.environ:
        os.environ[TOKEN_NAME] = _own_token()


@cache
def _own_token() -> str:
    """One for this process: Ray reads its token once and goes on with it, so another would shut the next Ray out."""
    return secrets.token_hex(32)


def _certified() -> dict[str, str]:
    """The processor that Numba compiles for, where somebody chose one: workers elsewhere take it too."""
    return {NUMBA_CPU: os.environ[NUMBA_CPU]} if NUMBA_CPU in os.environ else {}


def _knock(address: str | None) -> None:
    """Try the port of a `host:port` before Ray does: Ray itself waits for minutes where nobody listens.

    Raises:
        OSError: Nobody answers.
    """
    host, _, port = (address or "").removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        with socket.create_connection((host, int(port)), timeout=KNOCK_S):
            pass


class _quiet:
    """Keeps Ray's start-up and shut-down talk out of the log."""

    def __enter__(self) -> None:
        self._level = logging.getLogger("ray").level
        logging.getLogger("ray").setLevel(logging.ERROR)

    def __exit__(self, *_: object) -> None:
        logging.getLogger("ray").setLevel(self._level)
