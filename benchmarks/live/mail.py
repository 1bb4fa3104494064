"""What is pushed twice, late, unasked or lost when the mailroom is killed: `python -m benchmarks.live.mail --kills 50`.

A program with a real desk proposes, approves, hands in and sends, one recommendation after the other; it is killed (-9)
at random moments, every other time while the receiver holds a post that it has not answered. Some recommendations are
never approved, some are valid for a moment only, some are withdrawn while their orders wait for a receiver that fails.
In the end the receiver's own list is held against the desk's.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np

from models.streams import stream
from networks.errors import Refused
from twin.desk import Desk
from twin.out import Mailroom, Patience, orders_of, read_receivers

RECEIVERS = """
receivers:
  - {{id: hook, takes: [signal_plan], way: {{kind: webhook, url: "{url}", timeout_s: 2}}}}
"""
PATIENCE = Patience(attempts=50, first_pause_s=0.02, longest_pause_s=0.2)
SLACK_S = 0.5
"""Between the desk's last look and the receiver's clock, on a busy machine."""


@dataclass
class Report:
    """What became of everything.

    Attributes:
        kills: How often it was killed.
        approved: Recommendations that the program said it had approved.
        posts: That the receiver got, a third of which it failed.
        reached: Of the approved, those that the receiver has.
        doubled: Keys that the receiver saw twice, and knew; no fault.
        twice: Recommendations that the receiver would have carried out twice.
        late: Posts that came after their `not_after`.
        unasked: Posts of what nobody approved, or after it was withdrawn.
        lost: Approved recommendations that neither reached the receiver nor are dead letters with a reason.
        audit_broken: Breaks in the audit's chain.
    """

    kills: int
    approved: int = 0
    posts: int = 0
    reached: int = 0
    doubled: int = 0
    twice: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    audit_broken: int = 0

    @property
    def clean(self) -> bool:
        """Nothing of what must not happen."""
        return not (self.twice or self.late or self.unasked or self.lost or self.audit_broken)


class Street:
    """A webhook that notes every post, fails a third of them, and can kill the sender while it holds one."""

    def __init__(self, random: np.random.Generator) -> None:
        self.posts: list[tuple[float, dict[str, Any]]] = []
        self._victim: tuple[subprocess.Popen[bytes], int] | None = None
        self._struck = threading.Event()
        self._random, outer = random, self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.posts.append((time.time(), body))
                if outer._victim is not None and len(outer.posts) >= outer._victim[1]:
                    outer._victim[0].send_signal(signal.SIGKILL)
                    outer._victim = None
                    outer._struck.set()
                try:
                    self.send_response(503 if outer._random.random() < 1 / 3 else 200)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:
                    pass

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def strike(self, program: subprocess.Popen[bytes], posts: int) -> None:
        """Kill a program while it holds a post to us, the so-many-th from now; after 10 s without one give up."""
        self._struck.clear()
        self._victim = (program, len(self.posts) + posts)
        self._struck.wait(10.0)
        self._victim = None


def kill_often(folder: Path, kills: int, seed: int = 0, *, finish_s: float = 60.0) -> Report:
    """Kill the program so often, let the last one finish, and look.

    Args:
        folder: For the desk and the program's own words; empty.
        kills: How often.
        seed: Of the moments.
        finish_s: The last program may take so long.
    """
    random = stream(seed, "kills")
    street = Street(stream(seed, "failures"))
    (folder / "receivers.yaml").write_text(RECEIVERS.format(url=street.url))
    for kill in range(kills):
        program = _started(folder, str(kill))
        steps = int(random.integers(1, 6))
        if kill % 2:
            _until_said(folder, steps)
            time.sleep(float(random.uniform(0.0, 0.2)))
        else:
            street.strike(program, steps)
        program.send_signal(signal.SIGKILL)
        program.wait()
    last = _started(folder, "finish")
    last.wait(finish_s)
    street.server.shutdown()
    street.server.server_close()
    return _judged(folder, kills, street)


def _started(folder: Path, name: str) -> subprocess.Popen[bytes]:
    """A program that runs, once it says so."""
    own = [sys.executable, "-m", "benchmarks.live.mail", "--program", str(folder), name]
    program = subprocess.Popen(own, stdout=subprocess.PIPE)
    assert program.stdout is not None and program.stdout.readline().strip() == b"ready"
    return program


def _until_said(folder: Path, lines: int) -> None:
    """Until the program has said so many lines more, at most 10 s: a slow machine kills no earlier than a quick one."""
    said, ends = folder / "said.jsonl", time.monotonic() + 10.0
    before = len(said.read_bytes().splitlines()) if said.exists() else 0
    while time.monotonic() < ends and (not said.exists() or len(said.read_bytes().splitlines()) < before + lines):
        time.sleep(0.01)


def _program(folder: Path, name: str) -> None:
    """What is killed: each recommendation is proposed, approved (or not), said so, handed in and sent."""
    desk = Desk.open(folder / "desk.sqlite")
    receivers = read_receivers(folder / "receivers.yaml")
    room = Mailroom(desk.book, receivers.channels(desk.book.clock), desk.permission, patience=PATIENCE)
    print("ready", flush=True)
    ends = time.monotonic() + 30.0
    number = 0
    while time.monotonic() < ends:
        for entry in desk.entries("approved"):  # what a crash left out between approval and handing in comes now
            permission = desk.permission(entry.rec_id)
            if permission is not None:
                room.hand_in(orders_of(entry.document, receivers.all, allowed=permission))
        room.work()
        if name != "finish":
            for _ in range(3):
                _next(desk, folder, f"{name}-{number}", (int(name) * 2 + number) % 7)
                number += 1
        elif not room.letters(("waiting", "sending")):
            return
        else:
            time.sleep(0.05)


def _next(desk: Desk, folder: Path, rec_id: str, sort: int) -> None:
    now = datetime.now(UTC)
    until = now + (timedelta(milliseconds=150) if sort == 3 else timedelta(seconds=120))
    action = [{"kind": "signal_program", "signal": f"S-{rec_id}", "program": "1"}]
    document = {"rec_id": rec_id, "kind": "signal_timing", "title": rec_id, "action": action}
    desk.propose(document | {"created": now.isoformat(), "valid_until": until.isoformat()})
    if sort == 5:
        return  # nobody approves this one
    try:
        desk.decide(rec_id, "approve", who="op", why="a test")
    except Refused:  # its moment was over before anybody could approve it
        return
    _say(folder, "approved", rec_id)
    if sort == 6:
        desk.withdraw(rec_id, who="twin", why="a test", role="twin")
        _say(folder, "withdrawn", rec_id)


def _say(folder: Path, what: str, rec_id: str) -> None:
    line = json.dumps([what, rec_id, time.time()]) + "\n"
    handle = os.open(folder / "said.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(handle, line.encode())
    os.close(handle)


def _judged(folder: Path, kills: int, street: Street) -> Report:
    said = [json.loads(line) for line in (folder / "said.jsonl").read_text().splitlines()]
    approved = {rec for what, rec, _ in said if what == "approved"}
    gone = {rec: at for what, rec, at in said if what == "withdrawn"}
    desk = Desk.open(folder / "desk.sqlite")
    room = Mailroom(desk.book, [], lambda _: None)
    letters = {letter.message.rec_id: letter for letter in room.letters()}
    standing = {entry.rec_id for entry in desk.entries() if entry.decision is not None}
    report = Report(kills, approved=len(approved), posts=len(street.posts), audit_broken=len(desk.book.broken()))
    keys: dict[str, set[str]] = {}
    seen: Counter[str] = Counter()
    for at, post in street.posts:
        rec_id = post["rec_id"]
        keys.setdefault(rec_id, set()).add(post["key"])
        seen[post["key"]] += 1
        if at > datetime.fromisoformat(post["not_after"]).timestamp() + SLACK_S:
            report.late.append(rec_id)
        if rec_id not in standing or at > gone.get(rec_id, at) + SLACK_S:
            report.unasked.append(rec_id)
    report.reached = len(approved & keys.keys())
    report.doubled = sum(count > 1 for count in seen.values())
    report.twice = sorted(rec for rec, found in keys.items() if len(found) > 1)
    for rec_id in sorted(approved - gone.keys()):
        letter = letters.get(rec_id)
        expired = desk.exactly(rec_id).valid_until < datetime.now(UTC)
        told = letter is not None and (letter.state == "taken" or (letter.state == "dead" and bool(letter.last.detail)))
        if not told and not (letter is None and expired):
            report.lost.append(rec_id)
        if letter is not None and letter.state == "taken" and rec_id not in keys:
            report.lost.append(rec_id)
    desk.close()
    return report


def main() -> None:
    """Print a report as JSON; exit status 1 when anything happened that must not."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--program", nargs=2, metavar=("FOLDER", "NAME"), help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.program:
        _program(Path(told.program[0]), told.program[1])
        return
    with tempfile.TemporaryDirectory() as folder:
        report = kill_often(Path(folder), told.kills, told.seed)
    print(json.dumps(asdict(report), indent=1))
    raise SystemExit(0 if report.clean else 1)


if __name__ == "__main__":
    main()
