"""`Listening`: where the service listens, and that nobody beyond this machine reaches it unprotected."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import stat
from dataclasses import dataclass
from pathlib import Path

from networks.errors import BadInput

REMEDY = "choose another, or 0 for any free one"


@dataclass(frozen=True)
class Listening:
    """An address.

    Attributes:
        host: An IPv4 or IPv6 address; "::" takes both.
        port: 0 lets the system choose.
        names: What else it is called; requests for other names are refused.
        certificate: PEM file of the certificate and those above it; None: http.
        key: PEM file of its key; others must not be able to read it.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None

    @property
    def tls(self) -> bool:
        """It speaks https."""
        return self.certificate is not None

    @property
    def loopback(self) -> bool:
        """Only this machine reaches it."""
        return _address(self.host).is_loopback

    def called(self) -> tuple[str, ...]:
        """Host names as a request says them."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        own = () if _address(self.host).is_unspecified else (shown,)
        return tuple(dict.fromkeys((*self.names, *own, "127.0.0.1", "localhost", "[::1]")))

    def address(self, port: int) -> str:
        """Where a browser finds it."""
        return f"{'https' if self.tls else 'http'}://{self.called()[0]}:{port}/"

    def check(self, *, signed_in: bool) -> None:
        """Refuse what would leave it open.

        Raises:
            BadInput: Beyond loopback without TLS or sign-in, no address, files that do not fit.
        """
        if not self.loopback and not (self.tls and signed_in):
            lacking = " and ".join(word for word, there in (("TLS", self.tls), ("sign-in", signed_in)) if not there)
            raise BadInput(
                f"{self.host} can be reached from other machines, and {lacking} is missing",
                place="--host",
                expected="127.0.0.1 or ::1, or --tls-cert, --tls-key and --sign-in",
            )
        if (self.certificate is None) != (self.key is None):
            raise BadInput("a certificate and its key belong together", place="--tls-cert, --tls-key")
        if self.certificate is not None and self.key is not None:
            _check_files(self.certificate, self.key)

    def open(self) -> socket.socket:
        """A socket that listens there.

        Raises:
            BadInput: The port is taken, or the machine has no such address.
        """
        six = ":" in self.host
        listening = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_STREAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if six:
                both = _address(self.host).is_unspecified
                listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if both else 1)
            listening.bind((self.host, self.port))
            listening.listen(64)
        except OSError as error:
            listening.close()
            what = f"port {self.port} cannot be used: {error.strerror}"
            raise BadInput(what, place="--port", remedy=REMEDY) from error
        return listening


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address(host)
    except ValueError as error:
        raise BadInput(
            f"{host!r} is no address", place="--host", expected="an IPv4 or IPv6 address, such as 127.0.0.1 or ::"
        ) from error


def _check_files(certificate: Path, key: Path) -> None:
    try:
        if key.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
            raise BadInput("everybody on this machine can read this key", file=key, remedy=f"chmod o-rwx {key}")
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except ssl.SSLError as error:
        words = error.reason or "they cannot be read"
        raise BadInput(
            f"certificate and key do not fit: {words}",
            file=certificate,
            expected="two PEM files, the key without a pass phrase",
        ) from error
    except OSError as error:
        raise BadInput(f"the certificate or its key cannot be read: {error.strerror}", file=error.filename) from error
