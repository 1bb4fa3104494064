"""Where work is done: here one after another, or on Ray. The same call for both."""

from __future__ import annotations

import _thread
import logging
import os
import secrets
import socket
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeVar

from networks.errors import EngineFailed, TwinError

Item = TypeVar("Item")
Result = TypeVar("Result")
OnDone = Callable[[int, Any], None]

# Each worker computes on one thread: two on a busy machine cost far more than they gain.
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
TOKEN_NAME = "RAY_AUTH_TOKEN"
KNOCK_S = 5.0
GRACE_S = 8.0
WATCH_S, AGAIN_S = 0.1, 1.5


class Executor(Protocol):
    """Calls a function on every item."""

    def map(self, fn: Callable[[Item], Result], items: Sequence[Item], on_done: OnDone | None = None) -> list[Result]:
        """Results in the order of `items`; `on_done(index, result)` as each is done. The first error stops the rest."""

    def close(self) -> None:
        """Give workers back."""


class SerialExecutor:
    """Does the work in this process, one item after another: for debugging and for one item."""

    workers = 1

    def map(self, fn: Callable[[Item], Result], items: Sequence[Item], on_done: OnDone | None = None) -> list[Result]:
        """See `Executor.map`."""
        results = []
        for index, item in enumerate(items):
            results.append(fn(item))
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

    A local Ray listens on loopback only, starts no dashboard, and needs a token that is made anew for each session, so
    that nobody else on the machine or the network can hand it work.

    Args:
        address: `host:port` of a cluster's head; None starts a local Ray.
        workers: Processes at a time; None takes one for each CPU that Ray sees.
    """

    def __init__(self, address: str | None = None, *, workers: int | None = None) -> None:
        self.address, self._workers, self._ours = address, workers, False

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
            "runtime_env": {"env_vars": {**ONE_THREAD, "RAY_USAGE_STATS_ENABLED": "0"}},
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

    def map(self, fn: Callable[[Item], Result], items: Sequence[Item], on_done: OnDone | None = None) -> list[Result]:
        """See `Executor.map`. Ctrl-C stops what runs, and Ray; what had landed stays."""
        if not items:
            return []
        ray = self._ray()
        try:
            with tempfile.TemporaryDirectory(prefix="citytwin-") as scratch:
                stop = Path(scratch) / "stop"
                task = ray.remote(num_cpus=1, max_retries=1)(_until_stopped)
                pending = {task.remote(fn, stop, item): index for index, item in enumerate(items)}
                return self._collect(ray, pending, stop, on_done)
        except KeyboardInterrupt:
            self.close()
            raise
        except ray.exceptions.RayError as error:
            raise EngineFailed(
                f"Ray stopped: {type(error).__name__}: {str(error).splitlines()[0]}",
                remedy="run again (what was finished is kept), or with --serial",
            ) from error

    def _collect(self, ray: Any, pending: dict[Any, int], stop: Path, on_done: OnDone | None) -> list[Any]:
        results: dict[int, Any] = {}
        try:
            while pending:
                done, _ = ray.wait(list(pending), num_returns=1)
                index = pending.pop(done[0])
                try:
                    results[index] = ray.get(done[0])
                except ray.exceptions.RayTaskError as error:
                    raise _cause(error) from None
                if on_done:
                    on_done(index, results[index])
        except BaseException:
            stop.touch()
            if pending:
                ray.wait(list(pending), num_returns=len(pending), timeout=GRACE_S)
            raise
        return [results[index] for index in sorted(results)]

    def close(self) -> None:
        """Stop the local Ray (or leave the cluster), if this executor started it."""
        if not self._ours:
            return
        import ray

        with _quiet():
            ray.shutdown()
        self._ours = False
        if self.address is None:
            os.environ.pop(TOKEN_NAME, None)

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
        os.environ[TOKEN_NAME] = secrets.token_hex(32)


def _until_stopped(fn: Callable[[Any], Any], stop: Path, item: Any) -> Any:
    """Work in a worker, ended by Ctrl-C of its own once the file `stop` is there: what it was writing is taken away.

    Ray's own `cancel` by force kills the worker in the middle of a file, and the one without brings the driver down
    when a task ends at the same moment (Check failed: submissible_tasks, task_manager.cc, Ray 2.60).
    """
    done = threading.Event()

    def watch() -> None:
        while not done.wait(WATCH_S):
            if stop.exists():
                _thread.interrupt_main()
                done.wait(AGAIN_S)  # an interrupt is lost when it falls into a finalizer or a callback

    if stop.exists():
        raise EngineFailed("stopped before it began")
    threading.Thread(target=watch, daemon=True).start()
    try:
        return fn(item)
    except KeyboardInterrupt:
        raise EngineFailed("stopped") from None
    finally:
        done.set()


def _cause(error: Any) -> BaseException:
    cause = getattr(error, "cause", None)
    if isinstance(cause, TwinError):
        return cause
    text = str(cause or error).strip().splitlines()
    return EngineFailed(
        f"a member stopped: {type(cause or error).__name__}: {text[-1] if text else ''}",
        remedy="run one seed with --serial to see where",
    )


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
