"""An MQTT broker inside the program: a laptop needs no server.

It listens on 127.0.0.1 only, on a port that the system chooses unless one is given, and lets in only who knows the pass
phrase, drawn at its start unless one is given: other users of the machine can neither listen in nor slip messages in.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from amqtt.broker import Broker
from amqtt.contexts import BaseContext, BrokerConfig, ListenerConfig
from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session

USER = "citytwin"


class PassPhrase(BaseAuthPlugin):  # type: ignore[misc, unused-ignore]
    """Lets a client in that knows the broker's pass phrase."""

    @dataclass
    class Config:
        """What amqtt hands over from the broker's configuration."""

        pass_phrase: str = ""

    def __init__(self, context: BaseContext) -> None:
        super().__init__(context)

    async def authenticate(self, *, session: Session) -> bool:
        """Compare in constant time; an empty pass phrase lets nobody in."""
        wanted = str(self._get_config_option("pass_phrase", ""))
        given = session.password or ""
        return bool(wanted) and session.username == USER and secrets.compare_digest(given.encode(), wanted.encode())


class EmbeddedBroker:
    """A broker for as long as the `async with` lasts.

    Args:
        port: 0: the system chooses.
        pass_phrase: Empty: it is drawn.

    Attributes:
        host: Always 127.0.0.1.
        port: Where it listens.
        pass_phrase: What clients log in with, as user `citytwin`.
    """

    host = "127.0.0.1"

    def __init__(self, *, port: int = 0, pass_phrase: str = "") -> None:
        self.port = port
        self.pass_phrase = pass_phrase or secrets.token_urlsafe(24)
        self._broker: Broker | None = None

    async def __aenter__(self) -> EmbeddedBroker:
        for noisy in ("amqtt", "transitions"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
        plugins = {"twin.broker.PassPhrase": {"pass_phrase": self.pass_phrase}}
        config = BrokerConfig(listeners={"default": ListenerConfig(bind=f"{self.host}:{self.port}")}, plugins=plugins)
        self._broker = Broker(config)
        await self._broker.start()
        server: Any = self._broker._servers["default"].instance  # amqtt tells the chosen port nowhere else
        self.port = server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._broker is not None:
            await self._broker.shutdown()
            self._broker = None
