"""A SUMO simulation as the street: its loops speak as sensors do, at any speed, all of it marked synthetic."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, model_validator

import models
from calibration import Observation
from models.sumo import large_pages
from twin.feeds import source
from twin.feeds.formats.sensorthings import to_wire
from twin.feeds.message import Message
from twin.feeds.source import Delivery

_LONGEST_LINE = 64 << 20
_MOST_OBSERVATIONS = 1000


class SumoConnection(source.Connection):
    """Which street, and how fast its time goes.

    Attributes:
        sumocfg: The case.
        loops: The case's own induction loops, or one in the middle of every lane (a sensor is named like its lane).
        period_s: A loop speaks once a period (s).
        speed: Simulated seconds in one of ours; 0: as fast as messages are taken.
        begin: What the clock shows at the case's begin; needed unless `speed` is 1, which begins now.
        end_s: End instead of the case's (s, on its own clock).
        seed: SUMO's.
    """

    sumocfg: Path
    loops: Literal["own", "every lane"] = "own"
    period_s: Annotated[float, Field(gt=0.0, le=3600.0)] = 60.0
    speed: Annotated[float, Field(ge=0.0, allow_inf_nan=False)] = 1.0
    begin: AwareDatetime | None = None
    end_s: Annotated[float, Field(gt=0.0, allow_inf_nan=False)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 1

    @model_validator(mode="after")
    def _timed(self) -> SumoConnection:
        if self.begin is None and self.speed != 1.0:
            raise ValueError("a street whose time goes faster than ours needs a begin, in the past")
        return self


class Sumo:
    """Delivers what the loops say as SensorThings observations: vehicles, speed where any passed, occupancy.

    The simulation runs in a process of its own and waits when nobody asks. The same case, seed and begin tell the same.
    """

    Connection = SumoConnection

    def __init__(self, connection: SumoConnection, feed_id: str) -> None:
        self._of, self._feed = connection, feed_id

    async def deliveries(self) -> AsyncIterator[Delivery]:
        """A message or several a period, until the simulation ends.

        Raises:
            ConnectionError: SUMO does not run the case; says why.
        """
        begin = self._of.begin or datetime.now(UTC).replace(microsecond=0)
        began_s, first_s = 0.0, None
        async with self._street() as lines:
            async for line in lines:
                told = json.loads(line)
                if first_s is None:
                    began_s, first_s = time.monotonic(), told["begin_s"]
                if self._of.speed:
                    due_s = began_s + (told["end_s"] - first_s) / self._of.speed
                    await asyncio.sleep(max(0.0, due_s - time.monotonic()))
                for payload in _payloads(told, begin - timedelta(seconds=first_s)):
                    headers = {"content-type": "application/json"}
                    yield Delivery(Message(payload, f"sumo/{self._of.sumocfg.name}", datetime.now(UTC), headers))

    @asynccontextmanager
    async def _street(self) -> AsyncIterator[AsyncIterator[bytes]]:
        of = self._of
        words = [str(of.sumocfg.absolute()), f"{of.period_s}", f"{of.seed}", str(of.loops == "every lane").lower()]
        words += [] if of.end_s is None else [f"{of.end_s}"]
        root = str(Path(models.__file__).parents[1])
        path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
        with tempfile.TemporaryDirectory(prefix="citytwin-street-") as folder, tempfile.TemporaryFile() as said:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "models.sumo.street", *words, cwd=folder, stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE, stderr=said, limit=_LONGEST_LINE,
                env={**os.environ, **large_pages(), "PYTHONPATH": path},
            )  # fmt: skip
            assert process.stdout is not None
            try:
                yield aiter(process.stdout)
                if await process.wait():
                    said.seek(0)
                    words = said.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
                    raise ConnectionError(f"the street of {self._feed} stopped: {' '.join(words[-4:]) or 'no word'}")
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()


def _payloads(told: dict[str, Any], zero: datetime) -> Iterator[bytes]:
    """Messages of one period; `zero` is when the simulation's clock stood at 0."""
    said = [to_wire(one) for one in _observations(told, zero)]
    for first in range(0, len(said), _MOST_OBSERVATIONS):
        yield b"[" + b",".join(said[first : first + _MOST_OBSERVATIONS]) + b"]"


def _observations(told: dict[str, Any], zero: datetime) -> Iterator[Observation]:
    begin, end = (zero + timedelta(seconds=told[name]) for name in ("begin_s", "end_s"))
    period_s = told["end_s"] - told["begin_s"]
    for loop, values in told["loops"].items():
        for measure, value in zip(("vehicle_count", "speed", "occupancy"), values, strict=True):
            if value is not None:
                yield Observation(loop, measure, begin, period_s, value, "good", end, synthetic=True)
