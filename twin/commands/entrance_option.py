"""How the API is reached: --host, --name, --tls-cert, --tls-key, --sign-in, --idle, --oidc."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.time_option import SECONDS

if TYPE_CHECKING:
    from twin.api.entrance import Entrance

_PATH = click.Path(path_type=Path)
_OPTIONS = (
    click.option(
        "--host", default="127.0.0.1", show_default=True, help="Address to listen at; :: takes IPv4 and IPv6."
    ),
    click.option(
        "--name", "names", multiple=True, help="What pages and programs call this host, like twin.city.example."
    ),
    click.option("--tls-cert", type=_PATH, help="PEM file of the certificate: https."),
    click.option("--tls-key", type=_PATH, help="PEM file of its key, which others must not be able to read."),
    click.option("--sign-in", is_flag=True, help="Everybody says who they are, by a token (twin desk people add)."),
    click.option(
        "--idle",
        "idle_s",
        type=SECONDS,
        default="30min",
        show_default=True,
        help="A session at a page ends when nobody did anything for so long; who only looks stays.",
    ),
    click.option(
        "--oidc", type=_PATH, help="oidc.yaml: an identity provider whose tokens are good, too (docs/api.md)."
    ),
)


def entrance_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def entrance_of(given: dict[str, Any]) -> Entrance:
    """What they say; taken out of `given`, but for the port.

    Raises:
        BadInput: The provider's file cannot be read.
    """
    from twin.api.entrance import Entrance
    from twin.api.listening import Listening
    from twin.api.oidc import read_provider

    host, names, certificate, key, sign_in, oidc, idle_s = (
        given.pop(name) for name in ("host", "names", "tls_cert", "tls_key", "sign_in", "oidc", "idle_s")
    )
    listening = Listening(host, given["port"], names, certificate, key)
    provider = read_provider(oidc) if oidc else None
    return Entrance(listening, sign_in=sign_in, provider=provider, idle_s=idle_s)
