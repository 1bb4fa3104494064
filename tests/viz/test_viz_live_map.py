"""The cockpit's map in a real Chromium: the next hour step by step, hatching, picking, links, keys, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from small_server import SmallServer, state_of
from watched import Watched

from viz import pack

pytestmark = pytest.mark.browser
EVIL = "<img src=x onerror=alert(1)>"
STEPS = 4
AT_REST = "translate(0px, 0px)"


def hour_of(server: SmallServer) -> dict[str, Any]:
    """Four steps of ten minutes: speeds fall, three streets have no skill, a gauge rises, two cameras look."""
    n = len(server.city.layer("edges"))
    speed = np.repeat(np.array([[190], [150], [90], [30]], np.uint8), n, axis=1)
    sure = np.full((STEPS, n), 2, np.uint8)
    sure[:, :3] = 1
    queue = np.zeros((STEPS, n), np.uint8)
    queue[3, :5] = 160
    lon, lat = server.state["units"][0]["lon"], server.state["units"][0]["lat"]
    pond = {"id": "g1", "name": EVIL, "lon": lon, "lat": lat, "depth_m": [0.0, 0.1, 0.2, 0.3], "low": [0.0] * 4,
            "high": [0.4] * 4, "limit_m": 0.15, "reach_s": 1200.0, "sooner_s": 0.0}  # fmt: skip
    cameras = [
        {"id": f"cam-{k}", "name": "", "lon": lon + 0.001 * k, "lat": lat, "heading_known": True, "stream": stream,
         "sees": [[lon, lat], [lon + 0.001, lat], [lon, lat + 0.001], [lon, lat]]}
        for k, stream in enumerate(("https://cams.example/1", "javascript:alert(1)"))
    ]  # fmt: skip
    return {
        "id": "run-1", "made_at": server.state["now"], "step_s": 600.0, "steps": STEPS, "speed": pack(speed),
        "queue": pack(queue), "spread": pack(np.full((STEPS, n), 20, np.uint8)), "sure": pack(sure), "depth": None,
        "closed": [], "crowd": None, "rows": {"ponds": [pond], "cameras": cameras},
    }  # fmt: skip


@pytest.fixture(scope="module")
def shown(browser: Any) -> Iterator[tuple[Watched, SmallServer]]:
    server = SmallServer()
    server.hour = hour_of(server)
    head = {name: server.hour[name] for name in ("id", "made_at", "step_s", "steps")}
    server.state = state_of(server.city) | {"hour": head, "forecast": None}
    seen = Watched(browser, "desk")
    open_at(seen, server.address)
    yield seen, server
    assert seen.errors == []
    seen.page.close()
    server.stop()


def open_at(seen: Watched, address: str) -> None:
    seen.page.goto("about:blank")
    seen.page.goto(address)
    seen.until(lambda: seen.run("window.cockpitSeen >= 2 && !!window.cockpitMap.layers.hatch"), "it did not open")


def drawn(seen: Watched, layer: str) -> int:
    """Rows of a layer that are seen: those of a mesh that have a width."""
    return int(seen.run(f"window.cockpitMap.layers['{layer}'].props.look.widths.filter((width) => width > 0).length"))


def test_streets_are_drawn_before_deck_gl_has_come_and_the_map_takes_over(
    browser: Any, shown: tuple[Watched, SmallServer]
) -> None:
    seen, held = Watched(browser, "desk"), list[Any]()
    seen.page.route("**/static/deck.js", lambda route: held.append(route))
    seen.page.goto(shown[1].address, wait_until="commit")
    seen.until(lambda: seen.run("!!(window.cockpitEarly || {}).sketchedAt"), "nothing was drawn")
    assert seen.run("!!document.querySelector('#map .sketch') && !window.cockpitMap")
    pixels = "getContext('2d').getImageData(0, 0, sketch.canvas.width, sketch.canvas.height).data.buffer"
    inks = f"((sketch) => new Set(new Uint32Array(sketch.canvas.{pixels})).size)(window.cockpitEarly.sketch)"
    assert seen.run(inks) > 20, "ground, streets, and the colours of their traffic"
    for route in held:
        route.continue_()
    seen.until(
        lambda: seen.run("!!(window.cockpitMap || {}).hourDrawn && !document.querySelector('#map .sketch')"),
        "the drawing stayed over the map",
    )
    assert seen.errors == [] or all("ReadPixels" in one for one in seen.errors)
    seen.page.close()


def test_a_stream_that_dies_without_a_word_is_opened_anew(browser: Any, shown: tuple[Watched, SmallServer]) -> None:
    """No wall shows an old city as live."""
    seen, server = Watched(browser, "desk"), shown[1]
    seen.page.add_init_script(
        "window.opened = 0; window.EventSource = class extends EventTarget { static OPEN = 1; static CLOSED = 2;"
        " constructor() { super(); window.opened += 1; this.readyState = 1; } close() { this.readyState = 2; } };"
    )
    seen.page.clock.install()
    seen.page.goto(server.address)
    seen.until(lambda: seen.run("window.cockpitSeen >= 1 && window.opened === 1"), "it did not open")
    seen.page.clock.fast_forward(30_000)
    seen.page.wait_for_timeout(500)
    assert seen.run("window.opened") == 1, "nothing new was kept back"
    before, server.state = server.state, server.state | {"mode": "news"}
    seen.page.clock.fast_forward(30_000)
    seen.until(lambda: seen.run("window.opened") == 2, "the dead stream was believed")
    server.state = before
    seen.page.close()


def test_a_moved_view_moves_its_picture_and_is_drawn_anew_at_rest(shown: tuple[Watched, SmallServer]) -> None:
    """Drawn by the processor, as on a machine without a graphics card."""
    seen, _ = shown
    held = "((map) => [map.moving.moves, map.pictures, map.deck.getCanvas().style.transform])(window.cockpitMap)"
    moves, pictures, lies = seen.run(held)
    assert lies == AT_REST
    seen.run("window.cockpitMap.look({ longitude: window.cockpitMap.view.longitude + 0.0003 })")
    seen.until(lambda: seen.run(held)[0] > moves, "the picture was not moved")
    seen.until(lambda: seen.run(held)[1] > pictures and seen.run(held)[2] == AT_REST, "it was not drawn anew")
    seen.run("window.cockpitMap.look({ zoom: window.cockpitMap.view.zoom + 3 })")
    seen.until(lambda: seen.run(held)[1] > pictures + 1 and seen.run(held)[2] == AT_REST, "too far for the old picture")
    seen.run("window.cockpitMap.look(window.cockpitMap.home())")


def test_a_street_is_drawn_where_it_lies(shown: tuple[Watched, SmallServer]) -> None:
    """The mesh against deck.gl's own projection: under the middle of a street lies that street, and none beside it."""
    seen, server = shown
    edges = server.city.layer("edges")
    middle = edges.geometry.interpolate(0.5, normalized=True).iloc[[10]]
    beside = {int(row) for row in np.flatnonzero(edges.distance(middle.iloc[0]) < 4.0)}
    place = middle.to_crs(4326).iloc[0]
    at = f"[{place.x}, {place.y}]"
    seen.run(f"window.cockpitMap.look({{ longitude: {place.x}, latitude: {place.y}, zoom: 18 }})")
    pick = f"""(() => {{ const map = window.cockpitMap, [x, y] = map.deck.getViewports()[0].project({at});
      const told = (dx) => map.deck.pickObject({{ x: x + dx, y, radius: 6, layerIds: ["speed"] }});
      const hit = told(0), miss = told(150);
      return [hit && hit.index, miss && miss.index]; }})()"""
    seen.until(lambda: (seen.run(pick) or [None])[0] in beside, "no street there")
    assert seen.run(pick)[1] not in {10}
    seen.run("window.cockpitMap.look(window.cockpitMap.home())")


def test_a_step_of_the_hour_is_shown_with_what_it_is_worth(shown: tuple[Watched, SmallServer]) -> None:
    seen, _ = shown
    assert seen.run("window.cockpitMap.codes[10]") == 190 and drawn(seen, "queue") == 0
    assert drawn(seen, "hatch") > 0 and "no skill on 3" in seen.page.inner_text("#skill")
    seen.page.press("#moment", "End")
    seen.until(lambda: seen.run("window.cockpitMap.codes[10]") == 30, "the last step is not shown")
    assert drawn(seen, "queue") == 5 and "18:30, in 30 min" in seen.page.inner_text("#moment-words")
    soon = seen.page.inner_text("#soon")
    assert EVIL in soon and "above 15 cm" in soon and "in 20 min" in soon
    assert seen.page.locator("#soon img").count() == 0
    seen.page.click("#moment-now")


def test_what_is_picked_names_its_cameras_and_opens_no_script(shown: tuple[Watched, SmallServer]) -> None:
    seen, _ = shown
    seen.page.click("#soon button")
    told = seen.page.inner_text("#picked")
    assert "above 15 cm in 20 min" in told and "0 m (0 to 0.4, 90 %)" in told and "Nearest cameras" in told
    seen.page.click("#picked-lines button:nth-of-type(2)")
    assert "cam-1" in seen.page.inner_text("#picked") and seen.page.locator("#picked a").count() == 0
    seen.page.keyboard.press("Escape")
    assert not seen.page.is_visible("#picked")


def test_a_link_shows_another_screen_the_same(shown: tuple[Watched, SmallServer]) -> None:
    seen, server = shown
    seen.page.click("#soon button")
    seen.page.press("#moment", "End")
    seen.page.click("[data-zoom='1']")
    seen.page.click(".layer[data-layer='queue']")
    for told in ("m=30", "s=ponds:g1", "queue"):
        seen.until(lambda told=told: told in seen.page.url, f"the address does not say {told}")
    zoom = seen.run("window.cockpitMap.view.zoom")
    seen.until(lambda: f"z={zoom:.2f}" in seen.page.url, "the address forgot the view")
    open_at(seen, seen.page.url)
    assert seen.run("window.cockpitMap.view.zoom") == pytest.approx(zoom, abs=0.01)
    assert seen.run("window.cockpitMap.codes[10]") == 30 and drawn(seen, "queue") == 0
    assert seen.page.is_visible("#picked")
    assert seen.page.get_attribute("[data-layer='queue']", "aria-pressed") == "false"
    open_at(seen, server.address)


def test_keys_light_and_dark_keep_the_view(shown: tuple[Watched, SmallServer]) -> None:
    seen, _ = shown
    seen.page.keyboard.press("+")
    zoom = seen.run("window.cockpitMap.view.zoom")
    seen.page.keyboard.press("t")
    light = seen.picture("#map").mean()
    assert seen.run("window.cockpitMap.view.zoom") == zoom and "theme=light" in seen.run("location.hash")
    seen.page.keyboard.press("t")
    assert light > seen.picture("#map").mean() + 0.3 and seen.page.locator("#map canvas").count() == 1
    seen.page.keyboard.press(".")
    assert "in 10 min" in seen.page.inner_text("#moment-words")
    seen.page.keyboard.press("l")
    assert "10分钟后" in seen.page.inner_text("#moment-words") and "无技巧" in seen.page.inner_text("#skill")
    seen.page.keyboard.press("?")
    assert "回到现在" in seen.page.inner_text("#keys")
    seen.page.click("#keys-close")
    seen.page.keyboard.press("l")
    seen.page.keyboard.press("n")


def test_a_forecast_that_is_over_is_hatched_and_says_so(shown: tuple[Watched, SmallServer]) -> None:
    seen, server = shown
    strokes = drawn(seen, "hatch")
    seen.until(lambda: bool(server.listeners), "nobody listens")
    server.send(server.state | {"now": "2026-07-17T19:30:00+03:00"})
    seen.until(lambda: "do not rely on it" in seen.page.inner_text("#skill"), "an old forecast looks new")
    assert drawn(seen, "hatch") > 3 * strokes
