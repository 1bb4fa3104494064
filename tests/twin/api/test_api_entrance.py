"""The way in: who may come, where it listens, how often one may ask, and how long anything may take."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import json
import logging
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from issuer import Issuer
from served import filled_desk, serving
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from networks.errors import BadInput, Refused
from twin.api import hurry
from twin.api.behind import Behind, StateFeed
from twin.api.doorkeeper import Doorkeeper, address_of
from twin.api.entrance import Entrance
from twin.api.listening import Listening
from twin.api.oidc import Provider
from twin.api.patience import Limits, Patience
from twin.api.rates import MOST_REMEMBERED, Buckets, Rate
from twin.api.server import application
from twin.api.sign_in import EitherSignIn
from twin.desk import OnDuty, People

JSON = {"content-type": "application/json"}


class Town:
    """A desk with one person of each role, and its application behind the whole entrance."""

    def __init__(self, folder: Path, entrance: Entrance, **more: Any) -> None:
        self.desk = filled_desk(folder)
        people = People(self.desk.book)
        self.tokens = {"administrator": people.add("chief", "administrator")}
        for name, role in (("eye", "viewer"), ("hand", "operator"), ("light", "engineer"), ("plan", "planner")):
            self.tokens[role] = people.add(name, role)
        self.behind = Behind(self.desk, StateFeed(dict, pause_s=0.05), **more)
        self.app = entrance.app(self.behind, 8765)
        self.http = TestClient(self.app, base_url="http://127.0.0.1:8765", client=("10.0.0.7", 50_000))

    def ask(self, role: str, method: str, path: str, /, **body: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.tokens[role]}"}
        return self.http.request(method, path, headers=headers, **({"json": body} if method == "POST" else {}))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path, Entrance(sign_in=True))
    yield made
    made.desk.close()


def test_nobody_comes_in_without_a_good_token(town: Town) -> None:
    paths = ["/", "/api/state", "/api/audit", "/metrics", "/ogc", "/api/openapi.json", "/api/me", "/static/cockpit.js"]
    for path in paths:
        answer = town.http.get(path)
        assert answer.status_code == 401 and answer.headers["www-authenticate"].startswith("Bearer"), path
    for headers in ({"authorization": "Bearer x"}, {"authorization": "Basic x"}, {"cookie": "twin-token=x"}):
        assert town.http.get("/api/me", headers=headers).status_code == 401
    assert town.http.get("/health/live").status_code == 200
    me = town.ask("viewer", "GET", "/api/me").json()
    assert (me["name"], me["role"], me["may"], me["idle_s"]) == ("eye", "viewer", ["see"], None)
    assert me["pages"][0] == "/"


def test_the_description_says_which_addresses_ask_who_one_is(town: Town) -> None:
    described = town.ask("viewer", "GET", "/api/openapi.json").json()
    sign_in = EitherSignIn(People(town.desk.book))
    app = Doorkeeper(application(Behind(town.desk, StateFeed(dict))), sign_in, strangers=Rate(1e9, 10**9))
    stranger = TestClient(app)  # type: ignore[arg-type]
    schemes = described["components"]["securitySchemes"]
    assert schemes["bearer"]["scheme"] == "bearer" and schemes["cookie"]["name"] == "twin-token"
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            answer = stranger.request(method.upper(), path, json={} if method == "post" else None)
            assert {name for one in operation["security"] for name in one} <= set(schemes)
            asks = answer.status_code == 401 and path != "/sign-in"  # there a wrong token is what is asked about
            assert bool(operation["security"]) is asks, (method, path, answer.status_code)


@pytest.mark.parametrize(
    ("method", "path", "body", "who"),
    [
        ("GET", "/api/state", {}, "viewer operator engineer planner administrator"),
        ("GET", "/api/audit", {}, "operator engineer planner administrator"),
        ("POST", "/api/recommendations/none/decision", {"decision": "approve", "reason": "x"}, "operator engineer"),
        ("POST", "/api/alarms/none/judgement", {"verdict": "false", "reason": "x"}, "operator engineer"),
        ("POST", "/api/outgoing/none/retry", {"reason": "x"}, "operator engineer"),
        ("POST", "/api/people", {"name": "new", "role": "viewer"}, "administrator"),
        ("GET", "/api/people", {}, "administrator"),
        ("POST", "/api/people/nobody/token", {}, "administrator"),
    ],
)
def test_each_role_may_what_it_may(town: Town, method: str, path: str, body: dict[str, Any], who: str) -> None:
    allowed = {role for role in town.tokens if town.ask(role, method, path, **body).status_code != 403}
    assert allowed == set(who.split())


def test_who_is_signed_in_acts_under_their_own_name(town: Town) -> None:
    path = "/api/recommendations/open/decision"
    other = town.ask("operator", "POST", path, decision="approve", reason="seen", who="chief")
    assert other.status_code == 403 and "signed in as hand" in other.json()["error"]
    assert town.ask("operator", "POST", path, decision="approve", reason="seen").status_code == 200
    assert town.desk.audit("open")[-1].who == "hand"


def test_a_person_who_left_or_was_given_a_new_token_is_out_at_once(town: Town) -> None:
    renewed = town.ask("administrator", "POST", "/api/people/eye/token")
    assert renewed.status_code == 200 and town.ask("viewer", "GET", "/api/me").status_code == 401
    town.tokens["viewer"] = renewed.json()["token"]
    assert town.ask("viewer", "GET", "/api/me").status_code == 200
    assert town.ask("administrator", "DELETE", "/api/people/eye").status_code == 204
    assert town.ask("viewer", "GET", "/api/me").status_code == 401
    assert town.ask("administrator", "DELETE", "/api/people/chief").status_code == 409


def test_a_page_signs_in_by_a_cookie_that_scripts_and_other_sites_do_not_get(town: Town) -> None:
    shown = town.http.get("/", headers={"accept": "text/html"})
    assert str(shown.url).endswith("/sign-in") and "令牌" in shown.text and "sign_in.js" in shown.text
    assert {town.http.get(f"/static/sign_in.{kind}").status_code for kind in ("js", "css")} == {200}
    assert town.http.post("/sign-in", json={"token": "x"}).status_code == 401
    answer = town.http.post("/sign-in", json={"token": town.tokens["viewer"]})
    cookie = answer.headers["set-cookie"].lower()
    assert answer.json() == {"name": "eye", "role": "viewer"} and "httponly" in cookie and "samesite=strict" in cookie
    assert town.http.get("/api/me").json()["name"] == "eye" and "cockpit.js" in town.http.get("/").text
    assert town.http.get("/api/me", headers={"origin": "https://evil.example"}).status_code == 403
    assert town.http.post("/sign-out", json={}).status_code == 204
    assert town.http.get("/api/me").status_code == 401


def test_a_session_in_which_nobody_does_anything_ends_and_a_wall_stays(tmp_path: Path) -> None:
    town = Town(tmp_path, Entrance(sign_in=True), idle_s=90.0)
    wall = town.http.post("/sign-in", json={"token": town.tokens["viewer"]})
    assert "max-age" not in wall.headers["set-cookie"].lower()
    desk = town.http.post("/sign-in", json={"token": town.tokens["operator"]})
    assert "max-age=90" in desk.headers["set-cookie"].lower()
    me = town.http.get("/api/me").json()
    assert me["idle_s"] == 90.0 and "approve" in me["may"] and "people" not in me["may"]
    assert "set-cookie" not in town.http.get("/api/state").headers, "what a page asks by itself keeps nobody signed in"
    stays = town.http.post("/api/me/stay", json={})
    assert stays.status_code == 204 and "max-age=90" in stays.headers["set-cookie"].lower()
    assert town.ask("operator", "POST", "/api/me/stay").status_code == 204
    town.desk.close()


def test_who_is_on_duty_is_told_to_who_may_call_them(tmp_path: Path) -> None:
    ends = dt.datetime(2026, 7, 18, tzinfo=dt.UTC)
    duty = OnDuty("police", "Wang", "110", ends - dt.timedelta(days=1), ends)
    town = Town(tmp_path, Entrance(sign_in=True), roster=lambda: [duty])
    assert town.ask("operator", "GET", "/api/roster").json()[0]["call"] == "110"
    assert town.ask("viewer", "GET", "/api/roster").status_code == 403, "numbers are not for a wall"
    town.desk.close()


def test_on_loopback_without_sign_in_a_desk_that_knows_its_people_wants_to_know_who_acts(tmp_path: Path) -> None:
    town = Town(tmp_path, Entrance())
    body = {"decision": "approve", "reason": "x", "who": "hand"}
    assert town.http.get("/api/state").status_code == 200
    refused = town.http.post("/api/recommendations/open/decision", json=body)
    assert refused.status_code == 401 and "knows its people" in refused.json()["error"]
    assert town.http.post("/api/people", json={"name": "me", "role": "administrator"}).status_code == 401
    assert town.ask("operator", "POST", "/api/recommendations/open/decision", **body).status_code == 200
    town.desk.close()


def test_tokens_of_an_identity_provider_come_in_too(tmp_path: Path) -> None:
    issuer = Issuer()
    town = Town(tmp_path, Entrance(sign_in=True, provider=Provider(issuer=issuer.address, audience="citytwin")))
    told = town.http.get("/api/me", headers={"authorization": f"Bearer {issuer.token()}"})
    assert (told.json()["name"], told.json()["role"]) == ("oidc:u-17", "operator")
    bad = town.http.get("/api/me", headers={"authorization": f"Bearer {issuer.token(aud='other')}"})
    assert bad.status_code == 401
    issuer.close()
    town.desk.close()


def test_who_asks_too_often_is_told_when_to_come_again(town: Town) -> None:
    answers = [town.ask("viewer", "GET", "/health/../api/me") for _ in range(45)]
    limited = [one for one in answers if one.status_code == 429]
    assert limited and int(limited[0].headers["retry-after"]) >= 1
    assert town.ask("operator", "GET", "/api/me").status_code == 200, "others are not held up"


def test_an_address_that_guesses_tokens_is_not_asked_whose_they_are() -> None:
    asked = []

    class Counting:
        def who(self, token: str) -> Any:
            asked.append(token)
            raise Refused("nobody")

    app = Doorkeeper(PlainTextResponse("in"), Counting(), strangers=Rate(0.001, 5))
    client = TestClient(app)
    codes = [client.get("/", headers={"authorization": f"Bearer {n}"}).status_code for n in range(20)]
    assert codes == [401] * 5 + [429] * 15 and len(asked) == 5


def test_buckets_fill_again_and_strangers_cannot_fill_the_memory() -> None:
    now = [0.0]
    buckets, rate = Buckets(monotonic=lambda: now[0]), Rate(2.0, 3)
    assert [buckets.wait_s("a", rate) for _ in range(3)] == [0, 0, 0]
    assert buckets.wait_s("a", rate) == pytest.approx(0.5)
    now[0] += 0.5
    assert buckets.wait_s("a", rate) == 0 and buckets.wait_s("a", rate) > 0
    for number in range(MOST_REMEMBERED + 100):
        buckets.wait_s(str(number), rate)
    assert len(buckets._left) == MOST_REMEMBERED


def test_an_ipv6_host_is_one_stranger_however_many_addresses_it_has() -> None:
    def of(host: str) -> str:
        return address_of({"client": (host, 1)})

    assert of("2001:db8:1:2::1") == of("2001:db8:1:2:ffff::9") != of("2001:db8:1:3::1")
    assert of("::ffff:10.1.2.3") == of("10.1.2.3") and of("fe80::1%eth0") == of("fe80::2%eth1")


def test_no_token_is_written_anywhere(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for role in town.tokens:
            town.ask(role, "GET", "/api/me")
            town.http.post("/sign-in", json={"token": town.tokens[role]})
        new = town.ask("administrator", "POST", "/api/people", name="new", role="viewer").json()["token"]
    said = caplog.text + json.dumps([str(one) for one in town.desk.audit()])
    secrets = [*town.tokens.values(), new]
    assert not [one for one in secrets if one in said]
    book = b"".join(file.read_bytes() for file in Path(town.desk.place).parent.glob("desk.sqlite*"))
    assert not [one for one in secrets if one.encode() in book], "the desk keeps hashes"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "twin.test")])
    now = dt.datetime.now(dt.UTC)
    places = [x509.IPAddress(ipaddress.ip_address(one)) for one in ("127.0.0.1", "::1")]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("twin.test"), *places]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "twin.pem").write_bytes(made.public_bytes(pem))
    (folder / "twin.key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    (folder / "twin.key").chmod(0o600)
    return folder / "twin.pem", folder / "twin.key"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_it_speaks_tls_over_ipv4_and_ipv6(tmp_path: Path, certificate: tuple[Path, Path], host: str) -> None:
    entrance = Entrance(Listening(host, 0, (), *certificate), sign_in=True)
    town = Town(tmp_path, entrance)
    with entrance.open() as probe:
        port = probe.getsockname()[1]
    entrance = Entrance(Listening(host, port, (), *certificate), sign_in=True)
    trust = ssl.create_default_context(cafile=str(certificate[0]))
    with (
        serving(entrance.app(town.behind, port), entrance) as address,
        httpx.Client(base_url=address, verify=trust, trust_env=False, timeout=60) as client,
    ):
        answer = client.get("/api/me", headers={"authorization": f"Bearer {town.tokens['viewer']}"})
        assert answer.status_code == 200 and "max-age" in answer.headers["strict-transport-security"]
        signed = client.post("/sign-in", json={"token": town.tokens["viewer"]})
        assert "secure" in signed.headers["set-cookie"].lower()
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.load_verify_locations(certificate[0])
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        with pytest.raises(ssl.SSLError), socket.create_connection((host, port), 60) as raw:
            old.wrap_socket(raw, server_hostname=host)
        with pytest.raises(httpx.HTTPError):
            httpx.get(address.replace("https", "http") + "/health/live", trust_env=False, timeout=60)
    town.desk.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "2001:db8::1"])
def test_beyond_this_machine_only_with_tls_and_sign_in(certificate: tuple[Path, Path], host: str) -> None:
    with pytest.raises(BadInput, match="TLS and sign-in is missing"):
        Entrance(Listening(host, 0)).open()
    with pytest.raises(BadInput, match="TLS is missing"):
        Entrance(Listening(host, 0), sign_in=True).open()
    with pytest.raises(BadInput, match="sign-in is missing"):
        Entrance(Listening(host, 0, (), *certificate)).open()


def test_every_address_of_this_machine_takes_ipv4_too(certificate: tuple[Path, Path]) -> None:
    with Entrance(Listening("::", 0, (), *certificate), sign_in=True).open() as listening:
        for host in ("127.0.0.1", "::1"):
            socket.create_connection((host, listening.getsockname()[1]), 5).close()


def test_files_and_addresses_that_cannot_be_used_are_told(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    pem, key = certificate
    open_key = tmp_path / "open.key"
    open_key.write_bytes(key.read_bytes())
    open_key.chmod(0o644)
    for listening, word in (
        (Listening(port=0, certificate=pem), "belong together"),
        (Listening(port=0, certificate=pem, key=tmp_path / "none"), "cannot be read"),
        (Listening(port=0, certificate=key, key=key), "do not fit"),
        (Listening(port=0, certificate=pem, key=open_key), "everybody"),
        (Listening("localhost", 0), "no address"),
        (Listening("127.0.0.300", 0), "no address"),
    ):
        with pytest.raises(BadInput, match=word):
            Entrance(listening).open()


def test_other_names_are_not_answered_and_the_schemes_own_port_is_not_said(town: Town) -> None:
    for host in ("evil.example:8765", "127.0.0.1", "127.0.0.1:1"):
        assert town.http.get("/health/live", headers={"host": host}).status_code == 421
    entrance = Entrance(Listening("::", 443, ("Twin.City.example",)))
    served = TestClient(entrance.app(town.behind, 443))
    for host in ("twin.city.example:443", "[::1]:443"):
        assert served.get("/health/live", headers={"host": host}).status_code == 200


def raw_answer(address: str, sent: bytes, wait_s: float = 5.0) -> bytes:
    """What comes until the server closes."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), wait_s) as link:
        link.sendall(sent)
        got = b""
        while part := link.recv(65_536):
            got += part
        return got


def test_a_request_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hurry, "HEAD_S", 0.3)
    app = Patience(PlainTextResponse("in"), Limits(body_s=0.3))
    with serving(app) as address:
        assert raw_answer(address, b"GET / HTTP/1.1\r\nHost: x\r\n") == b""
        body = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"
        assert raw_answer(address, body).startswith(b"HTTP/1.1 408")
        long = b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n11170\r\n" + b"x" * 70_000
        assert raw_answer(address, long).startswith(b"HTTP/1.1 413")


def test_an_answer_that_never_comes_is_told_so() -> None:
    async def hanging(*_: Any) -> None:
        await asyncio.sleep(60)

    began = time.monotonic()
    answer = TestClient(Patience(hanging, Limits(answer_s=0.2))).get("/")
    assert answer.status_code == 503 and answer.headers["retry-after"] and time.monotonic() - began < 30


def test_an_entrance_that_nobody_could_come_in_by_is_refused(tmp_path: Path) -> None:
    desk = filled_desk(tmp_path)
    with pytest.raises(BadInput, match="knows nobody") as told:
        Entrance(sign_in=True).check_people(desk)
    assert "twin desk" in str(told.value)
    Entrance().check_people(desk)
    Entrance(sign_in=True, provider=Provider(issuer="https://id.example/", audience="x")).check_people(desk)
    People(desk.book).add("chief", "administrator")
    Entrance(sign_in=True).check_people(desk)
    desk.close()
