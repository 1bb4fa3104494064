"""`Oidc`: bearer tokens of a house's own identity provider (OpenID Connect), checked here with its public keys.

Signature, issuer, audience and times are PyJWT's to check (RFC 7519, RFC 8725); which algorithms are taken is said here
and never by the token, so neither `none` nor a public key taken for a shared secret opens anything. Keys are fetched
from the issuer (discovery, JWKS), kept, and asked for again when a token names an unknown one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from networks.errors import BadInput, Refused, StorageFailed, why_unread
from twin.desk import ROLES, Person

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
LONGEST_ANSWER = 256_000


class Provider(BaseModel):
    """An identity provider, as a file says it.

    Attributes:
        issuer: Its address, exactly as tokens say it; https, or http on loopback.
        audience: What tokens are made out to: this twin's client id.
        name_claim: Names the person; `sub` is the one that a provider may not give to somebody else.
        role_claim: Holds their groups or roles; dots go down into objects.
        roles: From a word in it to a role at the desk; the strongest counts.
        leeway_s: How far clocks may lie apart.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str
    audience: str = Field(min_length=1)
    name_claim: str = "sub"
    role_claim: str = "roles"
    roles: Mapping[str, str] = Field(default_factory=lambda: {role: role for role in ROLES})
    leeway_s: float = Field(default=30.0, ge=0, le=300)

    @field_validator("issuer")
    @classmethod
    def _safe(cls, issuer: str) -> str:
        return safe_address(issuer)

    @field_validator("roles")
    @classmethod
    def _known(cls, roles: Mapping[str, str]) -> Mapping[str, str]:
        if strange := sorted(set(roles.values()) - set(ROLES)):
            raise ValueError(f"no such role: {', '.join(strange)}; expected {', '.join(ROLES)}")
        return roles


def read_provider(file: Path) -> Provider:
    """A provider from a YAML file.

    Raises:
        BadInput: It is no such file.
    """
    import yaml

    try:
        return Provider.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the identity provider's file cannot be read: {why_unread(error)}", file=file) from error
    except yaml.YAMLError as error:
        raise BadInput(f"it is no YAML: {error}", file=file) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(
            first["msg"],
            file=file,
            place=".".join(map(str, first["loc"])) or None,
            expected="issuer, audience, and perhaps name_claim, role_claim, roles, leeway_s",
        ) from error


class Keys:
    """A provider's public keys by their id.

    Args:
        issuer: Its address.
        fresh_s: After this they are fetched again, so that a key that was taken back opens nothing for longer.
        pause_s: Between two fetches for ids that are not known: strangers may invent any number of ids.
        monotonic: Where seconds come from.
    """

    def __init__(
        self,
        issuer: str,
        *,
        fresh_s: float = 600.0,
        pause_s: float = 10.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.issuer, self.fresh_s, self.pause_s = issuer, fresh_s, pause_s
        self._monotonic, self._turn = monotonic, threading.Lock()
        self._keys: dict[str, Any] = {}
        self._fetched = self._tried = -1e9

    def key(self, kid: str) -> Any:
        """The key with this id.

        Raises:
            Refused: The provider has none of this id.
            StorageFailed: The provider does not answer.
        """
        with self._turn:
            now = self._monotonic()
            old = now - self._fetched > self.fresh_s
            if (old or kid not in self._keys) and now - self._tried > self.pause_s:
                self._tried = now
                self._keys, self._fetched = self._fetch(), now
            elif old:
                raise StorageFailed("the identity provider did not answer", remedy="try again in some seconds")
            if kid not in self._keys:
                raise Refused("the token is signed with a key that its issuer does not have")
            return self._keys[kid]

    def _fetch(self) -> dict[str, Any]:
        from jwt import PyJWK, PyJWTError

        try:
            with httpx.Client(timeout=5.0, follow_redirects=False, trust_env=False) as client:
                found = _json(client, self.issuer.rstrip("/") + "/.well-known/openid-configuration")
                if found.get("issuer") != self.issuer:
                    raise ValueError("it calls itself by another name")
                rows = _json(client, safe_address(str(found["jwks_uri"])))["keys"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise StorageFailed(f"the identity provider did not answer: {error}", place=self.issuer) from error
        keys = {}
        for row in rows:
            try:
                key = PyJWK(row)
            except (PyJWTError, AttributeError, TypeError):
                continue  # a kind of key that we do not take
            if key.algorithm_name in ALGORITHMS and row.get("use", "sig") == "sig" and key.key_id:
                keys[key.key_id] = key
        return keys


class Oidc:
    """Whose token it is, by one provider.

    Args:
        provider: Whom we believe.
        keys: Its keys.
    """

    def __init__(self, provider: Provider, keys: Keys | None = None) -> None:
        self.provider, self.keys = provider, keys or Keys(provider.issuer)

    def who(self, token: str) -> Person:
        """Whose; their name is "oidc:" and what the name claim says.

        Raises:
            Refused: The token is not good, or gives no role at the desk.
            StorageFailed: The provider does not answer.
        """
        import jwt

        try:
            head = jwt.get_unverified_header(token)
            if head.get("alg") not in ALGORITHMS or not isinstance(head.get("kid"), str):
                raise Refused("the token is not good: its algorithm or key is not one that is taken here")
            said = jwt.decode(
                token,
                self.keys.key(head["kid"]),
                algorithms=list(ALGORITHMS),
                audience=self.provider.audience,
                issuer=self.provider.issuer,
                leeway=self.provider.leeway_s,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise Refused(f"the token is not good: {error}") from error
        return Person(self._name(said), self._role(said))

    def _name(self, said: Mapping[str, Any]) -> str:
        name = said.get(self.provider.name_claim)
        if not isinstance(name, str) or not name.strip() or len(name) > 90 or not name.isprintable():
            raise Refused(f"the token names nobody in {self.provider.name_claim!r}")
        return f"oidc:{name}"

    def _role(self, said: Mapping[str, Any]) -> str:
        found: Any = said
        for part in self.provider.role_claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        words = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        roles = {self.provider.roles[word] for word in words if isinstance(word, str) and word in self.provider.roles}
        if not roles:
            raise Refused(f"the token gives no role at this desk in {self.provider.role_claim!r}")
        return max(roles, key=ROLES.index)


def safe_address(address: str) -> str:
    """An address that keys may be fetched from: https, or http on this machine.

    Raises:
        ValueError: It is not.
    """
    parts = urlsplit(address)
    here = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and here)):
        raise ValueError(f"{address!r} is no https address")
    return address


def _json(client: httpx.Client, address: str) -> dict[str, Any]:
    """What stands at an address; never more than LONGEST_ANSWER is read."""
    with client.stream("GET", address) as reply:
        reply.raise_for_status()
        if reply.status_code != 200:
            raise ValueError(f"it answered {reply.status_code}")
        body = b""
        for part in reply.iter_bytes():
            body += part
            if len(body) > LONGEST_ANSWER:
                raise ValueError("its answer is too long")
    import json

    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError("its answer is no object")
    return found
