"""`Entrance`: the whole way in: where it listens, who may come, and how uvicorn is told."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field, replace

import uvicorn
from fastapi import FastAPI

from networks.errors import BadInput
from twin.api.behind import Behind
from twin.api.doorkeeper import Doorkeeper
from twin.api.gate import Gate
from twin.api.hurry import Hurry
from twin.api.listening import Listening
from twin.api.oidc import Oidc, Provider
from twin.api.patience import Limits, Patience
from twin.api.server import application
from twin.api.sign_in import EitherSignIn
from twin.api.tiles import Tiles, layers_with
from twin.api.tongue import Tongue
from twin.desk import Desk, People


@dataclass(frozen=True)
class Entrance:
    """How the API is reached.

    Attributes:
        listening: Where.
        sign_in: Everybody has to say who they are, by a token of the desk or of a provider.
        provider: An identity provider whose tokens are good, too.
        limits: How long requests may take.
        idle_s: A session at a page ends when nobody did anything for so long (wall seconds).
        tiles: A tile server beneath the cockpit's map; None: the city's own layers.
    """

    listening: Listening = field(default_factory=Listening)
    sign_in: bool = False
    provider: Provider | None = None
    limits: Limits = field(default_factory=Limits)
    idle_s: float = 1800.0
    tiles: Tiles | None = None

    def open(self) -> socket.socket:
        """A socket that listens.

        Raises:
            BadInput: It would be open to other machines without TLS and sign-in; the port is taken; bad files.
        """
        self.listening.check(signed_in=self.sign_in)
        return self.listening.open()

    def check_people(self, desk: Desk) -> None:
        """Refuse an entrance that nobody could come in by.

        Raises:
            BadInput: Sign-in is wanted, the desk knows nobody, and no provider is believed.
        """
        if self.sign_in and self.provider is None and not People(desk.book).all():
            raise BadInput(
                "everybody has to sign in, and the desk knows nobody",
                file=desk.place,
                place="--sign-in",
                remedy=f"twin desk --desk {desk.place} people add NAME --role administrator",
            )

    def app(self, behind: Behind, port: int) -> FastAPI:
        """The application behind gate, doorkeeper and patience.

        Args:
            behind: What it answers from.
            port: The port that is listened on.
        """
        people = EitherSignIn(People(behind.book), Oidc(self.provider) if self.provider else None)
        app = application(replace(behind, sign_in=people, layers=layers_with(behind.layers, self.tiles)))
        # The last one added is met first.
        app.add_middleware(Patience, limits=self.limits)
        app.add_middleware(Doorkeeper, sign_in=people, required=self.sign_in)
        app.add_middleware(
            Gate,
            port=port,
            names=self.listening.called(),
            tls=self.listening.tls,
            pictures=self.tiles.origin if self.tiles else "",
        )
        app.add_middleware(Tongue)
        return app

    def config(self, app: FastAPI) -> uvicorn.Config:
        """How uvicorn serves it: no access log (addresses carry ids), no word on what serves, few connections."""
        return uvicorn.Config(
            app,
            http=Hurry,
            ws="none",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=10,
            limit_concurrency=500,
            lifespan="off",
            ssl_certfile=self.listening.certificate,
            ssl_keyfile=self.listening.key,
        )
