"""Tokens of a real identity provider: good ones come in, and each way to be bad is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from issuer import Issuer

from networks.errors import BadInput, Refused, StorageFailed
from twin.api.oidc import Keys, Oidc, Provider, read_provider
from twin.desk import Person


@pytest.fixture(scope="module")
def running() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.close()


class Ticking:
    """Seconds that pass when they are told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def issuer(running: Issuer) -> Issuer:
    running.down = False
    running.rotate()
    return running


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def oidc(issuer: Issuer, clock: Ticking) -> Oidc:
    provider = Provider(issuer=issuer.address, audience="citytwin")
    return Oidc(provider, Keys(provider.issuer, monotonic=clock))


def test_a_good_token_names_a_person_and_their_role(issuer: Issuer, oidc: Oidc) -> None:
    assert oidc.who(issuer.token()) == Person("oidc:u-17", "operator")
    assert oidc.who(issuer.token(roles=["viewer", "planner", "gardener"])).role == "planner"
    assert oidc.who(issuer.token(aud=["other", "citytwin"])).role == "operator"
    before = issuer.asked
    oidc.who(issuer.token())
    assert issuer.asked == before, "keys are kept"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"aud": "other"}, "Audience"),
        ({"aud": None}, "aud"),
        ({"iss": "http://127.0.0.1:1"}, "ssuer"),
        ({"iss": None}, "iss"),
        ({"exp": 1_000_000}, "expired"),
        ({"exp": None}, "exp"),
        ({"nbf": 4_000_000_000}, "not yet valid"),
        ({"iat": 4_000_000_000}, "not yet valid"),
        ({"sub": None}, "sub"),
        ({"sub": "x" * 200}, "names nobody"),
        ({"sub": "a\nb"}, "names nobody"),
        ({"roles": ["gardener"]}, "no role"),
        ({"roles": None}, "no role"),
        ({"roles": {"operator": True}}, "no role"),
        ({"head": {"kid": "shared"}}, "does not have"),
        ({"head": {"kid": "invented"}}, "does not have"),
    ],
)
def test_what_is_wrong_with_a_token_is_refused(issuer: Issuer, oidc: Oidc, change: dict[str, Any], word: str) -> None:
    with pytest.raises(Refused, match=word):
        oidc.who(issuer.token(**change))


def part(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def test_a_token_does_not_choose_how_it_is_checked(issuer: Issuer, oidc: Oidc) -> None:
    body = part(issuer.claims())
    for name in ("none", "None", "NONE", "HS256", "RS1"):
        head = part({"alg": name, "kid": issuer.kid})
        for signature in ("", "AAAA"):
            with pytest.raises(Refused):
                oidc.who(f"{head}.{body}.{signature}")
    pem = issuer.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signed = f"{part({'alg': 'HS256', 'kid': issuer.kid})}.{body}"
    mac = base64.urlsafe_b64encode(hmac.new(pem, signed.encode(), hashlib.sha256).digest()).rstrip(b"=").decode()
    with pytest.raises(Refused):
        oidc.who(f"{signed}.{mac}")
    for head in ({"alg": "ES256", "kid": issuer.kid}, {"alg": "RS256"}, {"alg": "RS256", "kid": None}):
        with pytest.raises(Refused):
            oidc.who(f"{part(head)}.{body}.AAAA")


def test_a_changed_body_or_another_ones_signature_is_refused(issuer: Issuer, oidc: Oidc) -> None:
    head, _, signature = issuer.token().split(".")
    with pytest.raises(Refused, match="Signature"):
        oidc.who(f"{head}.{part(issuer.claims(roles=['administrator']))}.{signature}")
    stranger = Issuer()
    try:
        forged = jwt.encode(issuer.claims(), stranger.key, "RS256", headers={"kid": issuer.kid})
    finally:
        stranger.close()
    with pytest.raises(Refused, match="Signature"):
        oidc.who(forged)


@pytest.mark.parametrize("text", ["..", "a.b.c", "é.é.é", "a.b.c.d", f"{'[' * 5000}.x.y"])
def test_what_is_no_token_is_refused(oidc: Oidc, text: str) -> None:
    with pytest.raises(Refused):
        oidc.who(text)


def test_a_new_key_is_fetched_when_a_token_names_it_and_the_old_one_opens_nothing(
    issuer: Issuer, oidc: Oidc, clock: Ticking
) -> None:
    old = issuer.token()
    oidc.who(old)
    issuer.rotate("ES256")
    clock.now += 11
    assert oidc.who(issuer.token()).name == "oidc:u-17"
    with pytest.raises(Refused, match="does not have"):
        oidc.who(old)


def test_a_key_that_was_taken_back_opens_nothing_after_ten_minutes(issuer: Issuer, oidc: Oidc, clock: Ticking) -> None:
    old = issuer.token()
    oidc.who(old)
    issuer.rotate()
    oidc.who(old)
    clock.now += 601
    with pytest.raises(Refused, match="does not have"):
        oidc.who(old)


def test_invented_keys_do_not_make_us_ask_the_provider_each_time(issuer: Issuer, oidc: Oidc) -> None:
    oidc.who(issuer.token())
    before = issuer.asked
    for number in range(20):
        with pytest.raises(Refused):
            oidc.who(issuer.token(head={"kid": f"invented {number}"}))
    assert issuer.asked == before


def test_a_provider_that_is_away_is_told_and_tokens_are_good_again_when_it_is_back(
    issuer: Issuer, oidc: Oidc, clock: Ticking
) -> None:
    issuer.down = True
    with pytest.raises(StorageFailed, match="did not answer"):
        oidc.who(issuer.token())
    issuer.down = False
    clock.now += 11
    assert oidc.who(issuer.token()).role == "operator"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("issuer: http://id.example/\naudience: x", "https"),
        ("issuer: https://id.example/", "audience"),
        ("issuer: https://id.example/\naudience: x\nroles: {staff: boss}", "no such role"),
        ("issuer: https://id.example/\naudience: x\nsecret: y", "secret"),
        ("[", "YAML"),
        ("- a", "valid"),
    ],
)
def test_a_providers_file_is_checked(tmp_path: Path, text: str, word: str) -> None:
    file = tmp_path / "oidc.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=word) as told:
        read_provider(file)
    assert told.value.file == str(file)


def test_words_of_a_provider_become_roles(tmp_path: Path, issuer: Issuer) -> None:
    file = tmp_path / "oidc.yaml"
    lines = [f"issuer: {issuer.address}", "audience: citytwin", "name_claim: preferred_username"]
    lines += ["role_claim: realm_access.roles", "roles: {traffic-desk: operator, it: administrator}"]
    file.write_text("\n".join(lines), encoding="utf-8")
    token = issuer.token(preferred_username="李雷", realm_access={"roles": ["traffic-desk"]})
    assert Oidc(read_provider(file)).who(token) == Person("oidc:李雷", "operator")
