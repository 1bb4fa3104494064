"""The desk in the page, in Chromium, on the real application with sign-in: each role's task, and what goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from full_desk import DeskServer, document
from watched import SIZES, Watched

from networks import say
from twin.alarms import AlarmBook
from twin.desk import Cases

pytestmark = pytest.mark.browser


class Seat:
    """Somebody signed in at a page, whose clicks are counted."""

    def __init__(self, browser: Any, server: DeskServer, who: str, size: str = "desk") -> None:
        self.seen, self.server, self.clicks = Watched(browser, size), server, 0
        self.page = self.seen.page
        self.page.set_default_timeout(90_000)
        self.page.context.add_cookies([{"name": "twin-token", "value": server.tokens[who], "url": server.address}])
        self.page.goto(server.address)
        self.seen.until(lambda: self.seen.run("window.cockpitSeen >= 1 && !!window.cockpitMap"), "no page")

    def click(self, at: str) -> None:
        self.clicks += 1
        self.page.click(at)

    def say_why(self) -> None:
        """The first of the reasons, and send."""
        self.click("#decision-chips .chip")
        self.click("#decision-send")

    def sent(self) -> None:
        """The dialogue has shut: the desk took it."""
        self.seen.until(lambda: not self.page.is_visible("#decision"), self.page.inner_text("#decision-problem"))

    def text(self, at: str) -> str:
        return str(self.page.inner_text(at))

    def shows(self, at: str, words: str) -> None:
        self.seen.until(lambda: self.page.locator(at).count() and words in self.text(at), f"{at} never said {words!r}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    served = DeskServer(tmp_path_factory.mktemp("desk"))
    yield served
    served.stop()
    served.desk.close()


@pytest.fixture(scope="module")
def eva(browser: Any, server: DeskServer) -> Iterator[Seat]:
    seat = Seat(browser, server, "Eva")
    yield seat
    seat.page.close()


@pytest.fixture
def put(server: DeskServer) -> Callable[..., str]:
    """Put a recommendation about a signal of its own on the desk."""

    def propose(rec_id: str, **more: Any) -> str:
        server.desk.propose(document(rec_id, say(f"Green for {rec_id}", f"绿灯{rec_id}"), -7.0, **more))
        return f"[data-rec='{rec_id}']"

    return propose


def decisions(server: DeskServer, rec_id: str) -> list[str]:
    """What the audit has of a recommendation, refusals too."""
    return [f"{one.who}: {one.action}" for one in server.desk.audit(rec_id)]


def texts_in(value: Any) -> Iterator[str]:
    """Names, ids and Chinese sentences of a state: all that a Chinese page may show beside its catalogue."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from texts_in(one) if key != "en" else ()
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)
    elif isinstance(value, str):
        yield value


def at(light: str) -> dict[str, Any]:
    """An action on another signal."""
    plan = document("x", say("x", "x"), -1.0)["action"][0]
    return {"action": [{**plan, "plans": [{**plan["plans"][0], "tls_id": light}]}]}


def test_from_a_card_to_an_informed_decision_in_six_clicks_and_one_screen(
    server: DeskServer, eva: Seat, put: Any
) -> None:
    card = put("six", **at("S6"))
    eva.shows(card, "left")
    eva.clicks, address = 0, eva.page.url
    eva.click(f"{card} summary")
    for told in (
        "−7 vehicle hours",
        "90 % interval",
        "as it is 118",
        "lane 0 of",
        "S6 36 / 4 / 24 / 4 s",
        "longer queues",
        "signs only",
    ):
        assert told in eva.text(card), told
    eva.click(f"{card} .where")
    eva.shows(f"{card} .cameras", "Camera")
    assert eva.page.locator(f"{card} .cameras li").count() == 3
    eva.click(f"{card} .approve")
    eva.say_why()
    eva.sent()
    assert eva.clicks <= 6 and eva.page.url == address
    assert server.desk.entry("six").decision.who == "Eva"  # type: ignore[union-attr]
    eva.shows(card, "approved by Eva: seen on camera")
    eva.page.click("[data-do='desk.roster']")
    eva.shows(".roster", "Wang")


def test_who_comes_second_is_told_who_decided_and_nothing_is_decided_twice(
    server: DeskServer, eva: Seat, put: Any
) -> None:
    card = put("second", **at("S2"))
    eva.shows(card, "left")
    eva.click(f"{card} .reject")
    server.desk.decide("second", "approve", who="Otto", why="told by radio")
    eva.shows("#decision-problem", "approved by Otto: told by radio")
    assert eva.page.is_disabled("#decision-send")
    eva.click("#decision-cancel")
    card = put("race", **at("S3"))
    eva.shows(card, "left")
    eva.click(f"{card} .approve")
    eva.page.fill("#reason", "x")
    real = server.desk_now.state
    frozen = real()
    server.desk_now.state = lambda: frozen  # type: ignore[method-assign]  # the news has not come yet
    server.desk.decide("race", "reject", who="Otto", why="works on site")
    eva.click("#decision-send")
    eva.shows("#decision-problem", "Otto has already rejected it")
    server.desk_now.state = real  # type: ignore[method-assign]
    eva.shows(card, "rejected by Otto")
    eva.click("#decision-cancel")
    assert [one for one in decisions(server, "race") if "refused" in one] == ["Eva: refused approve"]
    assert server.desk.entry("race").status == "rejected"


def test_what_is_dangerous_waits_for_another_person_and_a_script_stays_text(
    browser: Any, server: DeskServer, eva: Seat
) -> None:
    card = "[data-rec='rec-closure']"
    eva.shows(card, "2 different people must approve it")
    eva.click(f"{card} .approve")
    eva.say_why()
    eva.sent()
    eva.shows(card, "Approved by Eva; another person must approve it too")
    assert eva.page.is_disabled(f"{card} .approve") and server.desk.entry("rec-closure").status == "proposed"
    olga = Seat(browser, server, "Olga", "phone")
    olga.click(".tabs [data-tab='decide']")
    olga.click(f"{card} .approve")
    olga.say_why()
    olga.sent()
    eva.shows(card, "approved by Olga")
    assert "<img src=x" in eva.text(card) and eva.page.title() == "citytwin" and eva.page.locator("img").count() == 0
    assert olga.seen.errors == []
    olga.page.close()


def test_another_action_is_approved_within_its_limits(server: DeskServer, eva: Seat, put: Any) -> None:
    card = put("other", **at("S4"))
    eva.shows(card, "left")
    eva.click(f"{card} .change")
    eva.click("#decision input[value='set']")
    field = "#decision input[data-place='0.plans.0.phases.{}.duration_s']"
    eva.page.fill(field.format(0), "33")
    eva.say_why()
    assert "the cycle would change by −3 s" in eva.text("#decision-problem")
    eva.page.fill(field.format(2), "27")
    eva.click("#decision-send")
    eva.sent()
    entry = server.desk.entry("other")
    assert entry.status == "approved" and "duration_s = 33" in entry.decision.changed  # type: ignore[union-attr]
    card = put("gentler", **at("S5"))
    eva.shows(card, "left")
    eva.click(f"{card} .change")
    eva.click("#decision input[value='alternative signs']")
    eva.say_why()
    eva.sent()
    assert server.desk.entry("gentler").action[0]["kind"] == "diversion"


def test_alarms_cases_and_the_mode_are_worked_from_the_page(server: DeskServer, eva: Seat) -> None:
    book = AlarmBook(server.desk.book)
    incident = next(one for one in book.alarms() if one.kind == "incident")
    alarm = f"[data-alarm='{incident.alarm_id}']"
    eva.click(f"{alarm} [data-do='desk.verdict.confirm']")
    eva.say_why()
    eva.sent()
    eva.shows(alarm, "confirmed (Eva: seen on camera)")
    eva.click(f"{alarm} [data-do='desk.shelve']")
    eva.click("#decision input[value='15']")
    eva.say_why()
    eva.sent()
    eva.shows(alarm, "shelved until 15:1")
    (case,) = Cases(server.desk.book).all()
    look, sign = (f"[data-id='{case.case_id}/{task}']" for task in ("look", "sign:II"))
    eva.click(f"{look} [data-do='desk.task_done']")
    eva.say_why()
    eva.sent()
    eva.shows(look, "done · Eva · told by telephone")
    eva.click(f"{sign} .approve")
    eva.say_why()
    eva.sent()
    eva.shows(sign, "done · Eva")
    eva.click("[data-do='desk.to_emergency']")
    eva.say_why()
    eva.sent()
    eva.shows("#desk-bar", "Emergency")
    assert server.desk.mode().name == "emergency"
    eva.click("[data-do='desk.to_normal']")
    eva.say_why()
    eva.sent()
    eva.click("[data-do='desk.autonomy']")
    eva.page.fill("#asset", "signal:A*")
    eva.page.select_option("#level", "shadow")
    eva.say_why()
    eva.sent()
    eva.shows("#desk-bar", "signal:A*: shadow")
    assert server.desk.autonomy("signal:A1") == "shadow"


def test_what_became_of_an_action_is_told_and_it_can_be_taken_back(server: DeskServer, eva: Seat) -> None:
    card = "[data-rec='rec-done']"
    for told in (
        "refused signals",
        "the controller is in local mode",
        "The twin's own word: not done: vehicle hours -4.1 %",
    ):
        assert told in eva.text(card), told
    eva.click(f"{card} [data-do='desk.rollback']")
    eva.say_why()
    eva.sent()
    eva.shows(card, "withdrawn · Eva: rolled back")
    assert server.desk.entry("rec-done").status == "withdrawn"
    assert eva.page.locator(f"{card} [data-do='desk.rollback']").count() == 0


def test_a_server_that_goes_away_and_comes_back_is_said_and_nothing_is_sent_meanwhile(
    server: DeskServer, eva: Seat, put: Any
) -> None:
    card = put("away", **at("S7"))
    eva.shows(card, "left")
    errors = list(eva.seen.errors)
    eva.click(f"{card} .approve")
    eva.page.fill("#reason", "typed before")
    server.stop()
    eva.shows("#decision-problem", "The server does not answer")
    assert eva.page.is_disabled("#decision-send") and eva.page.is_visible("#lost")
    server.start()
    eva.seen.until(lambda: eva.page.is_enabled("#decision-send"), "it did not come back")
    assert eva.page.input_value("#reason") == "typed before" and server.desk.entry("away").status == "proposed"
    eva.click("#decision-send")
    eva.sent()
    eva.shows(card, "approved by Eva: typed before")
    assert [one for one in decisions(server, "away") if one.startswith("Eva")] == ["Eva: approve"]
    known = re.compile("ERR_|Failed to load resource")
    assert [one for one in eva.seen.errors[len(errors) :] if not known.search(one)] == []
    eva.seen.errors[:] = errors


def test_time_that_runs_out_stops_a_decision(server: DeskServer, eva: Seat, put: Any) -> None:
    card = put("late", **at("S8"))
    eva.shows(card, "left")
    eva.click(f"{card} .approve")
    server.minute = 13
    eva.shows("#decision-problem", "Its time has passed")
    assert eva.page.is_disabled("#decision-send")
    eva.click("#decision-cancel")
    eva.shows(f"{card} .left", "expired")
    assert eva.page.is_disabled(f"{card} button.approve") and eva.page.is_enabled(f"{card} button.reject")
    server.minute = 0


@pytest.mark.full
def test_a_wall_only_looks_in_chinese_alone_at_every_size(browser: Any, server: DeskServer, put: Any) -> None:
    put("shown", **at("S9"))
    vic = Seat(browser, server, "Vic")
    assert (
        vic.page.locator("#decide .approve, [data-do='desk.verdict.false'], [data-do='desk.to_emergency']").count() == 0
    )
    assert "Your role may look" in vic.text("[data-rec='shown']")
    vic.click("#language")
    for node in vic.page.locator("#decide details").all():
        node.evaluate("(one) => { one.open = true; }")
    own = " ".join(texts_in(server.state()))
    left = [
        one
        for one in re.findall(r"[A-Za-z]{3,}", vic.text("#decide"))
        if one not in own and one not in ("twin", "replay")
    ]
    assert left == [], "English left on a Chinese page"
    for name, (width, height) in SIZES.items():
        vic.page.set_viewport_size({"width": width, "height": height})
        if name == "phone":
            vic.click(".tabs [data-tab='decide']")
        assert vic.seen.run("document.documentElement.scrollWidth") <= width and vic.page.is_visible("#decide")
    assert vic.seen.errors == []
    assert [url for url in vic.seen.asked if not url.startswith((server.address, "data:", "blob:"))] == []
    vic.page.close()


@pytest.mark.full
def test_a_session_that_the_desk_ended_says_so_and_sends_nothing(browser: Any, server: DeskServer, put: Any) -> None:
    card = put("ended", **at("S10"))
    otto = Seat(browser, server, "Otto", "phone")
    otto.click(".tabs [data-tab='decide']")
    otto.shows(card, "left")
    otto.click(f"{card} .approve")
    otto.page.fill("#reason", "x")
    server.desk.people.renew("Otto")
    otto.page.evaluate("document.querySelector('#decision-send').click()")  # or the stream told it first
    otto.seen.until(lambda: otto.page.is_visible("#session"), "the session is not said to be over")
    assert "Your session is over" in otto.text("#session")
    assert server.desk.entry("ended").status == "proposed" and not otto.page.is_visible("#decision")
    otto.click("#session-go")
    otto.page.wait_for_url("**/sign-in")
    otto.page.close()
