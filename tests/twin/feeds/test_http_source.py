"""Polling over HTTP against a real local server: what changed, no bombs, no strange hosts, no secrets told."""

import asyncio
import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import ValidationError

from networks.errors import BadInput
from twin.feeds.source import Delivery
from twin.feeds.sources.http import Http, _check_public, _retry_after_s
from twin.feeds.unpacking import unpacked


class City(BaseHTTPRequestHandler):
    """Answers with what the test put on the server: a list of (status, headers, body), the last for ever."""

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        answers = self.server.answers
        status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if callable(body):
            self.end_headers()
            body(self.wfile)
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


def serving() -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), City)
    server.handle_error = lambda *_: None  # who was cut off in the middle
    server.daemon_threads = True
    server.asked, server.answers = [], [(200, {}, b"hello")]
    server.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


@pytest.fixture
def city() -> Iterator[ThreadingHTTPServer]:
    server = serving()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def other() -> Iterator[ThreadingHTTPServer]:
    server = serving()
    yield server
    server.shutdown()
    server.server_close()


def http(url: str, **more: object) -> Http:
    return Http(Http.Connection(**({"url": url, "every_s": 0.02} | more)), "page")


async def taken(source: Http, count: int = 1, *, done: bool = True) -> list[Delivery]:
    found = []
    async for delivery in source.deliveries():
        found.append(delivery)
        if done:
            await delivery.done()
        if len(found) == count:
            return found
    return found


def asked(source: Http, count: int = 1, **more: object) -> list[bytes]:
    return [d.message.payload for d in asyncio.run(asyncio.wait_for(taken(source, count, **more), 10))]


def test_each_poll_is_a_message_with_its_circumstances(city):
    city.answers = [(200, {"ETag": '"1"', "Content-Type": "text/plain"}, b"a"), (200, {}, b"b")]
    first, second = asyncio.run(taken(http(city.url), 2))
    assert (first.message.payload, second.message.payload, first.message.topic) == (b"a", b"b", city.url)
    assert first.message.headers["etag"] == '"1"' and first.message.headers["content-type"] == "text/plain"


def test_what_did_not_change_is_not_sent_again_but_only_once_it_is_safe(city):
    tags = {"ETag": '"1"', "Last-Modified": "Mon, 01 Jun 2026 10:00:00 GMT"}
    city.answers = [(200, tags, b"a"), (304, {}, b""), (200, {}, b"b")]
    source, answered = http(city.url), list[int]()
    source.when_answered(lambda: answered.append(1))
    assert asked(source, 2) == [b"a", b"b"]
    assert answered == [1], "a page without news is not silent"
    second = city.asked[1][1]
    assert second["If-None-Match"] == '"1"' and second["If-Modified-Since"] == tags["Last-Modified"]
    city.asked.clear()
    city.answers = [(200, tags, b"a")]
    asked(http(city.url), 2, done=False)
    assert all("If-None-Match" not in headers for _, headers in city.asked)


def test_in_an_emergency_it_is_asked_more_often_and_the_pause_that_has_begun_ends(city):
    async def hurried() -> list[bytes]:
        source = http(city.url, every_s=3600.0, emergency_every_s=0.02)
        taking = asyncio.create_task(taken(source, 3))
        while not city.asked:
            await asyncio.sleep(0.01)
        source.hurry(True)
        return [one.message.payload for one in await asyncio.wait_for(taking, 20)]

    city.answers = [(200, {}, b"a"), (200, {}, b"b"), (200, {}, b"c")]
    assert asyncio.run(hurried()) == [b"a", b"b", b"c"]
    with pytest.raises(ValidationError, match="less often"):
        Http.Connection(url=city.url, every_s=10.0, emergency_every_s=60.0)


def test_asked_to_wait_it_waits(city):
    city.answers = [(429, {"Retry-After": "1"}, b""), (200, {}, b"a")]
    source, began_s = http(city.url), time.monotonic()
    with pytest.raises(ConnectionError, match=r"429 .* wait 1 s"):
        asked(source)
    assert asked(source) == [b"a"]
    assert time.monotonic() - began_s >= 0.9
    assert _retry_after_s("99999999") == 3600.0 and _retry_after_s("soon") is None
    assert _retry_after_s("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0 and _retry_after_s("9" * 5000) is None


def test_gzip_is_unpacked_and_bombs_are_not(city):
    packed = {"Content-Encoding": "gzip"}
    city.answers = [(200, packed, gzip.compress(b"a" * 1000))]
    assert asked(http(city.url)) == [b"a" * 1000]
    city.answers = [(200, packed, gzip.compress(bytes(50_000_000)))]
    with pytest.raises(ConnectionError, match="unpacks to more than 100000"):
        asked(http(city.url, at_most_bytes=100_000))
    city.answers = [(200, packed, gzip.compress(b"abc")[:-4])]
    with pytest.raises(ConnectionError, match="cut short"):
        asked(http(city.url))
    city.answers = [(200, {"Content-Encoding": "br"}, b"abc")]
    with pytest.raises(ConnectionError, match="packed as br"):
        asked(http(city.url))


def test_a_million_empty_parts_are_refused_at_once():
    with pytest.raises(BadInput, match="too many parts"):
        unpacked(gzip.compress(b"") * 1000, 1 << 20)
    assert unpacked(gzip.compress(b"a") * 3, 100) == b"aaa" and unpacked(b"plain", 10) == b"plain"


def test_an_answer_without_end_is_cut_off(city):
    def endless(out):
        for _ in range(100_000):
            out.write(b"x" * 1000)

    city.answers = [(200, {}, endless)]
    with pytest.raises(ConnectionError, match="more than 5000 bytes"):
        asked(http(city.url, at_most_bytes=5000))


def test_who_drips_is_left(city):
    def drip(out):
        for _ in range(200):
            out.write(b"x")
            out.flush()
            time.sleep(0.02)

    city.answers = [(200, {}, drip)]
    with pytest.raises(ConnectionError, match=r"longer than 0\.3 s"):
        asked(http(city.url, longest_s=0.3))


def test_redirects_stay_in_the_house_and_never_lead_to_another_hosts_private_address(city, other):
    city.answers = [(302, {"Location": "/new"}, b""), (200, {}, b"moved")]
    assert asked(http(city.url)) == [b"moved"] and city.asked[-1][0] == "/new"
    city.answers = [(302, {"Location": other.url}, b"")]
    with pytest.raises(ConnectionError, match="private address is not followed"):
        asked(http(city.url))
    assert other.asked == []
    with pytest.raises(ConnectionError, match="redirects to file"):
        city.answers = [(302, {"Location": "file:///etc/passwd"}, b"")]
        asked(http(city.url))
    city.answers = [(302, {"Location": "/again"}, b"")]
    with pytest.raises(ConnectionError, match="more than 5 redirects"):
        asked(http(city.url))


def test_headers_of_the_feed_go_to_its_own_host_alone(city, other, monkeypatch):
    monkeypatch.setenv("CITY_TOKEN", "secret-7")
    headers = {"Authorization": "Bearer ${CITY_TOKEN}"}
    city.answers = [(302, {"Location": other.url}, b"")]
    assert asked(http(city.url, headers=headers, private_redirects=True)) == [b"hello"]
    assert city.asked[0][1]["Authorization"] == "Bearer secret-7" and "Authorization" not in other.asked[0][1]


def test_a_secret_in_the_url_is_told_nowhere(city, monkeypatch):
    monkeypatch.setenv("CITY_KEY", "secret-8")
    [delivery] = asyncio.run(taken(http(city.url + "?key=${CITY_KEY}")))
    assert city.asked[0][0] == "/?key=secret-8" and "secret-8" not in str(delivery.message)
    city.server_close()
    with pytest.raises(ConnectionError) as told:
        asked(http("http://127.0.0.1:1/?key=${CITY_KEY}"))
    assert "secret-8" not in str(told.value)
    with pytest.raises(BadInput, match="the environment has no NOT_THERE"):
        http("http://127.0.0.1:1/${NOT_THERE}")


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:10.0.0.1", "0.0.0.0"]
)
def test_addresses_that_no_redirect_may_lead_to(address):
    with pytest.raises(ConnectionError, match="private"):
        _check_public(["8.8.8.8", address], "evil.example")


def test_public_addresses_are_fine():
    _check_public(["8.8.8.8", "2001:4860:4860::8888"], "good.example")


@pytest.mark.parametrize("status", [404, 500, 204])
def test_other_answers_are_told(city, status):
    city.answers = [(status, {}, b"")]
    with pytest.raises(ConnectionError, match=str(status)):
        asked(http(city.url))
