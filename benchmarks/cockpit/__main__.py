"""The cockpit in a real Chromium on software rendering: python -m benchmarks.cockpit CITY [--copies 6] [--quick].

CITY is a city's folder; copies of it stand side by side until there are as many streets as are asked for (Monaco six
times: 10,530). Goals: first map within 2 s, page code 1.6 MB gzipped and city data 3 MB, 30 frames/s of pan and zoom at
1920 x 1080, an update on screen within 500 ms of the cycle's end, 50 viewers, no growth of the heap. The load of the
machine is printed beside: on a busy one all times are of that machine then, and CPU seconds are what can be compared.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.cockpit.chromium import CHROMIUM, FLAGS
from benchmarks.viewers import watched

GOALS = {
    "first map, s": 2.0, "page code gzipped, MB": 1.6, "city data gzipped, MB": 3.0, "pan and zoom, frames/s": 30.0,
    "update on screen, ms": 500.0, "heap growth per cycle, kB": 10.0,
}  # fmt: skip


@dataclass
class Told:
    """What was measured, in the order of measuring."""

    rows: list[tuple[str, str]] = field(default_factory=list)

    def say(self, name: str, value: float, more: str = "") -> None:
        """Print a line at once: a long benchmark that is ended has told what it knew."""
        goal = f"goal {GOALS[name]:g}" if name in GOALS else ""
        line = f"{name:34} {value:10.2f}  {goal:10} {more}  [load {os.getloadavg()[0]:.1f}]"
        self.rows.append((name, line))
        print(line, flush=True)


class Served:
    """The process that serves; `cycle()` ends a cycle there and gives the second at which it ended."""

    def __init__(self, city: str, copies: int) -> None:
        words = [sys.executable, "-m", "benchmarks.cockpit.served", city, str(copies)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        told = self._line()
        self.address, self.edges = f"http://127.0.0.1:{told['port']}", told["edges"]

    def cycle(self) -> float:
        """End a cycle."""
        assert self.process.stdin is not None
        self.process.stdin.write("cycle\n")
        self.process.stdin.flush()
        return float(self._line()["ended_s"])

    def close(self) -> None:
        """End it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(60)

    def _line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told


def sizes(served: Served, told: Told) -> None:
    """What goes over the wire, gzipped."""
    code = ["/", "/static/deck.js", "/static/cockpit.js", "/static/cockpit.css"]
    data = ["/api/city", "/api/hour", "/api/state"]
    read = {name: urllib.request.urlopen(served.address + name).read() for name in (*code, *data)}
    packed = {name: len(gzip.compress(body, 6)) / 1e6 for name, body in read.items()}
    told.say("page code gzipped, MB", sum(packed[name] for name in code))
    told.say("city data gzipped, MB", packed["/api/city"], f"{served.edges} edges")
    told.say("an hour gzipped, MB", packed["/api/hour"], f"state {packed['/api/state'] * 1e3:.1f} kB")


def first_map(page: Any, served: Served, told: Told) -> None:
    """From asking for the page until the streets stand on the screen in the colours of their traffic; then as a map."""
    page.goto("about:blank")
    page.wait_for_timeout(3000)  # the browser itself has started
    began, began_ms = time.perf_counter(), 1e3 * time.time()
    page.goto(served.address)
    until(page, "!!(window.cockpitEarly || {}).sketchedAt")
    sketched_s = (page.evaluate("window.cockpitEarly.sketchedAt") - began_ms) / 1e3
    told.say("first map, s", sketched_s, "bundle not in the browser's cache; a drawing that stands still")
    until(page, "!!window.cockpitMap && !!window.cockpitMap.codes && !!window.cockpitMap.hourDrawn")
    page.evaluate(PAINTED)
    told.say("a map that moves, s", time.perf_counter() - began, "names and signs follow")
    until(page, "window.cockpitMap.deck.props.layers.some((one) => one.id === 'marker_labels')")
    page.evaluate(PAINTED)
    told.say("with names and signs, s", time.perf_counter() - began)


PAINTED = """() => {
  const gl = window.cockpitMap.deck.device.gl;
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  return Date.now();
}"""
"""What was drawn is there: reading a pixel waits for it."""


def frames(page: Any, link: Any, told: Told, seconds: float) -> None:
    """A scripted pan and zoom: each frame moves the view, so each must be drawn anew, or the last picture be moved."""
    page.evaluate("window.cockpitMap.look(window.cockpitMap.home())")
    page.wait_for_timeout(1000)
    before = spent(link)
    shown, drawn, took = page.evaluate(PAN, seconds)
    cpu = (spent(link) - before) / max(shown, 1)
    more = f"{shown} frames, {drawn} of them drawn anew; {1e3 * cpu:.1f} ms of script and layout each"
    told.say("pan and zoom, frames/s", shown / took, more)


PAN = """(seconds) => new Promise((done) => {
  const map = window.cockpitMap, from = { ...map.view }, began = performance.now(), moved = () => (map.moving ? map.moving.moves : 0);
  const drawn = map.pictures, moves = moved();
  let frames = 0, last = drawn + moves;
  const step = () => {
    const t = (performance.now() - began) / 1000;
    if (map.pictures + moved() > last) frames += 1; // one frame a step, however often it was drawn
    last = map.pictures + moved();
    if (t > seconds) { done([frames, map.pictures - drawn, t]); return; }
    map.look({ longitude: from.longitude + 0.004 * Math.sin(t), latitude: from.latitude + 0.003 * Math.sin(0.7 * t), zoom: from.zoom + 1 - Math.cos(t) });
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""  # noqa: E501  (a script of the page)


def updates(page: Any, link: Any, served: Served, told: Told, cycles: int) -> None:
    """From the end of a cycle until its colours are drawn, and what the heap does meanwhile."""
    heap, late = [heap_mb(link)], []
    for _ in range(cycles):
        page.evaluate("window.shownSeen = window.cockpitMap.hourDrawn")
        ended = served.cycle()
        until(page, "window.cockpitMap.hourDrawn !== window.shownSeen")
        late.append(1e3 * (page.evaluate(PAINTED) / 1e3 - ended))
        heap.append(heap_mb(link))
    late.sort()
    told.say("update on screen, ms", late[len(late) // 2], f"median of {cycles}; worst {late[-1]:.0f}")
    half = heap[len(heap) // 2 :]
    growth_kb = 1e3 * (half[-1] - half[0]) / max(len(half) - 1, 1)
    told.say("heap growth per cycle, kB", growth_kb, f"{heap[0]:.1f} MB before, {heap[-1]:.1f} MB after")


def viewers(served: Served, told: Told, count: int, seconds: float) -> None:
    """So many look while cycles end every other second: how long a state then takes, and what the server spends."""
    took, cycles = [_asked_s(served)], 0
    began, cpu = time.perf_counter(), cpu_s(served.process.pid)
    with watched(lambda: served.address, count) as looking:
        while time.perf_counter() - began < seconds:
            if time.perf_counter() - began > 2.0 * cycles:
                served.cycle()
                cycles += 1
            took.append(_asked_s(served))
            time.sleep(0.5)
        spent_s, lasted_s = cpu_s(served.process.pid) - cpu, time.perf_counter() - began
        hours, refused = sum(one.hours for one in looking), sum(one.refused for one in looking)
    usual_ms, worst_ms = 1e3 * sorted(took)[len(took) // 2], 1e3 * max(took)
    told.say(
        "viewers at once",
        sum(one.states > 0 for one in looking),
        f"{100 * spent_s / lasted_s:.0f} % of a core with a cycle each {lasted_s / cycles:.0f} s, "
        f"{1e3 * spent_s / max(hours, 1):.1f} ms of it for each of {hours} hours sent; a state in {usual_ms:.0f} ms, "
        f"{worst_ms:.0f} at worst; {refused} streams refused",
    )


def _asked_s(served: Served) -> float:
    began = time.perf_counter()
    urllib.request.urlopen(served.address + "/api/state").read()
    return time.perf_counter() - began


def until(page: Any, what: str) -> None:
    """Wait for an expression; the page's policy forbids to do that inside."""
    for _ in range(12000):
        if page.evaluate(what):
            return
        page.wait_for_timeout(10)
    raise TimeoutError(what)


def spent(link: Any) -> float:
    """CPU seconds of the page's main thread."""
    rows = link.send("Performance.getMetrics")["metrics"]
    return float(next((one["value"] for one in rows if one["name"] == "TaskDuration"), 0.0))


def heap_mb(link: Any) -> float:
    """The script's heap after collection."""
    link.send("HeapProfiler.collectGarbage")
    return float(link.send("Runtime.getHeapUsage")["usedSize"] / 1e6)


def cpu_s(process: int) -> float:
    """CPU seconds of a process (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure, and print each line as it is known."""
    from playwright.sync_api import sync_playwright

    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("city")
    given.add_argument("--copies", type=int, default=6)
    given.add_argument("--quick", action="store_true", help="few frames, cycles and viewers")
    asked = given.parse_args()
    told, quick = Told(), asked.quick
    served = Served(asked.city, asked.copies)
    try:
        sizes(served, told)
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            page.set_default_timeout(600_000)
            link = page.context.new_cdp_session(page)
            link.send("Performance.enable")
            first_map(page, served, told)
            updates(page, link, served, told, 8 if quick else 96)
            frames(page, link, told, 5 if quick else 20)
            browser.close()
        viewers(served, told, 10 if quick else 50, 5 if quick else 20)
    finally:
        served.close()


if __name__ == "__main__":
    main()
