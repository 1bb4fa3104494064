"""The one SUMO simulation of this process, through libsumo: opened, stepped, and given back whatever happens."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from typing import IO, Any

from networks.errors import EngineFailed

_PROJ = ("PROJ_LIB", "PROJ_DATA")
_holder: object | None = None


def load_libsumo() -> Any:
    """The libsumo module, imported without its notices, leaving PROJ's environment as it was."""
    before = {name: os.environ.get(name) for name in _PROJ}
    silence = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence):
        warnings.simplefilter("ignore")
        import libsumo
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    return libsumo


class Session:
    """A running SUMO.

    Args:
        arguments: SUMO's options, without the program's name.

    Raises:
        EngineFailed: SUMO refused to start (its own words), or this process already runs a simulation: libsumo holds
            one at a time and would replace it without a word.
    """

    def __init__(self, arguments: list[str]) -> None:
        global _holder
        if _holder is not None:
            raise EngineFailed(
                "this process already runs a SUMO simulation",
                expected="one at a time",
                remedy="close the other one first, or run this one in another process",
            )
        self.sumo = load_libsumo()
        _holder = self
        with _caught_stderr() as said:
            try:
                self.sumo.start(["sumo", *arguments])
            except self.failures as error:
                self.close()
                raise _told("SUMO did not start", error, said) from error

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """What libsumo raises."""
        return (self.sumo.TraCIException, self.sumo.FatalTraCIError)

    def step(self) -> None:
        """One simulation step.

        Raises:
            EngineFailed: SUMO stopped.
        """
        try:
            self.sumo.simulationStep()
        except self.failures as error:
            raise EngineFailed(f"SUMO stopped at {self.time_s:.0f} s: {error}") from error

    @property
    def time_s(self) -> float:
        """Seconds since the run's start."""
        return float(self.sumo.simulation.getTime())

    @property
    def is_open(self) -> bool:
        """This session still holds the engine."""
        return _holder is self

    def close(self) -> None:
        """Write what is left of the outputs and give the engine back; a second call does nothing."""
        global _holder
        if _holder is not self:
            return
        _holder = None
        with _caught_stderr(), contextlib.suppress(*self.failures):
            self.sumo.close()


def _told(what: str, error: Exception, said: IO[bytes]) -> EngineFailed:
    said.seek(0)
    lines = [line.strip() for line in said.read().decode(errors="replace").splitlines()]
    words = [line.removeprefix("Error: ") for line in lines if line.startswith("Error")]
    return EngineFailed(f"{what}: {' '.join(words) or error}")


@contextlib.contextmanager
def _caught_stderr() -> Iterator[IO[bytes]]:
    """SUMO writes to the file descriptor, past Python's sys.stderr."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield said
        finally:
            os.dup2(kept, 2)
            os.close(kept)
