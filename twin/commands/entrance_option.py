"""How the API is reached: --host, --name, --tls-cert, --tls-key, --sign-in, --idle, --oidc, --tiles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.time_option import SECONDS

if TYPE_CHECKING:
    from twin.api.entrance import Entrance
    from twin.api.tiles import Tiles

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
    click.option("--tiles", help="https://HOST/{z}/{x}/{y}.png: a tile server beneath the cockpit's streets.  [none]"),
    click.option("--tiles-attribution", help="Whose map its tiles are; it stands on the map."),
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
    return Entrance(listening, sign_in=sign_in, provider=provider, idle_s=idle_s, tiles=tiles_of(given))


def tiles_of(given: dict[str, Any]) -> Tiles | None:
    """The tile server that is asked for; taken out of `given`.

    Raises:
        BadInput: Its address is none, or nobody says whose map it is.
    """
    from twin.api.tiles import Tiles

    template, attribution = given.pop("tiles"), given.pop("tiles_attribution")
    if template is None and attribution is not None:
        raise click.UsageError("--tiles-attribution needs --tiles: the address of a tile server")
    return None if template is None else Tiles(template, attribution or "")
