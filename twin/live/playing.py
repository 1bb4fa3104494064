"""Plays a recording through MQTT on the live clock, at any speed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import aiomqtt

from twin.cycle.clock import LiveClock
from twin.feeds import to_wire, topic_of
from twin.live.recording import Recording

log = logging.getLogger(__name__)

Publish = Callable[[str, bytes], Awaitable[None]]


async def play(recording: Recording, clock: LiveClock, publish: Publish, *, first: int = 0) -> int:
    """Publish every observation when the clock comes to its result time.

    Args:
        recording: By result time.
        clock: Says when.
        publish: Takes topic and payload; when it fails, the error passes through.
        first: Index of the first observation to publish.

    Returns:
        How many were published.
    """
    for number, observation in enumerate(recording.observations[first:]):
        if observation.result_time > clock.now():
            await clock.sleep_until(observation.result_time)
        await publish(topic_of(observation.sensor_id), to_wire(observation))
        if number % 50 == 49:
            await asyncio.sleep(0)
    return len(recording.observations) - first


async def play_through(
    recording: Recording, clock: LiveClock, host: str, port: int, *, user: str, pass_phrase: str, pause_s: float = 0.5
) -> int:
    """Play through a broker (QoS 1); a lost connection is made again and goes on with what was not acknowledged."""
    done = 0

    async def publish(topic: str, payload: bytes) -> None:
        nonlocal done
        await client.publish(topic, payload, qos=1)
        done += 1

    while done < len(recording.observations):
        try:
            async with aiomqtt.Client(host, port, username=user, password=pass_phrase) as client:
                await play(recording, clock, publish, first=done)
        except aiomqtt.MqttError as error:
            log.warning("the replay lost its broker (%s); trying again", error)
            await asyncio.sleep(pause_s)
    return done
