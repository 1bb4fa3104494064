"""`WhatIfs`: the queue of a planning desk. One question is worked on at a time, in a process of its own."""

from __future__ import annotations

import hashlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from networks import City
from networks.errors import NotThere, Refused, TwinError
from networks.sentence import Sentence, say
from scenarios import check_scenario
from twin.whatif.question import Question, as_yaml, scenario_of
from twin.whatif.what_if import ASKED, LOG, OVER, PROBLEM, SCENARIO, STANDING, WhatIf, read_json, write_json

MOST_WAITING = 20
LOOK_S, LEAVE_S = 0.2, 5.0
WORKER = (sys.executable, "-m", "twin.whatif.worker")
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
_logger = logging.getLogger(__name__)


class WhatIfs:
    """Questions in the order in which they came; all of them are in `folder`, so a restart forgets none.

    Args:
        city: Where; opened once.
        runs: Store of runs, the one that `twin run --runs` would use.
        folder: A folder for each question.
        worker: The command that answers one: it is given its folder, the city's and the store's.
    """

    def __init__(self, city: City, runs: Path, folder: Path, *, worker: Sequence[str] = WORKER) -> None:
        self.city, self.runs, self.folder, self.worker = city, runs.absolute(), folder.absolute(), tuple(worker)
        self._turn = threading.RLock()
        self._wake, self._stop = threading.Event(), threading.Event()
        self._ending: set[str] = set()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Work on what waits; what was under way when the service died waits again, and finds its members kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for one in self.all():
            if one.state == "running":
                self._stand(one.folder, "waiting", say("the service was started again", "服务已重新启动"))
        self._thread = threading.Thread(target=self._work, name="what-ifs", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End; what is under way goes on with the next `start`."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(LEAVE_S * 3)

    def ask(self, question: Question, who: str) -> WhatIf:
        """Put a question at the end of the queue.

        Raises:
            BadScenario: It cannot be, or does not fit the city.
            Refused: Too many wait.
        """
        scenario = scenario_of(question, self.city.folder.name)
        check_scenario(scenario, self.city)
        text = as_yaml(scenario, *self._how(scenario.name, question.responses))
        with self._turn:
            if sum(one.state == "waiting" for one in self.all()) >= MOST_WAITING:
                raise Refused(f"{MOST_WAITING} what-ifs wait already", remedy="end one, or wait")
            now = datetime.now(UTC)
            digest = hashlib.sha256(f"{now.isoformat()} {who} {text}".encode()).hexdigest()[:8]
            folder = self.folder / f"{now:%Y%m%dT%H%M%S.%f}-{digest}"  # keys sort as they were asked
            folder.mkdir(parents=True)
            (folder / SCENARIO).write_text(text, encoding="utf-8")
            asked: dict[str, Any] = {
                "name": scenario.name,
                "title": scenario.title.model_dump(),
                "who": who,
                "at": now.isoformat(),
            }
            asked |= {"responses": question.responses, "members": question.members, "budget_s": question.budget_s}
            self._stand(folder, "waiting")
            write_json(folder / ASKED, asked)  # the last: a folder without it is nothing
        self._wake.set()
        return WhatIf.read(folder)

    def all(self) -> list[WhatIf]:
        """Newest first."""
        folders = sorted((place.parent for place in self.folder.glob(f"*/{ASKED}")), reverse=True)
        return [WhatIf.read(folder) for folder in folders]

    def one(self, key: str) -> WhatIf:
        """One by its key.

        Raises:
            NotThere: There is none.
        """
        folder = self.folder / key
        if folder.parent != self.folder or not (folder / ASKED).is_file():
            raise NotThere(f"there is no what-if {key!r}")
        return WhatIf.read(folder)

    def end(self, key: str, who: str) -> WhatIf:
        """Stop it, whether it waits or runs; what it has found so far stays.

        Raises:
            NotThere: There is none.
            Refused: It is over.
        """
        with self._turn:
            one = self.one(key)
            if one.state in OVER:
                raise Refused(f"this what-if is over: {one.state}")
            told = say(f"ended by {who}", f"由{who}结束")
            self._stand(one.folder, "ended", told)
            self._ending.add(key)
        return WhatIf.read(one.folder)

    def _how(self, name: str, responses: str) -> tuple[str, ...]:
        return (
            f"twin run {name}.yaml --city {self.city.folder} --responses '{responses}' --runs {self.runs}",
            f"twin compare {name}.before {name}.RESPONSE --runs {self.runs}",
        )

    def _stand(self, folder: Path, state: str, told: Sentence | None = None) -> None:
        with self._turn:
            write_json(folder / STANDING, {"state": state, "told": told})

    def _work(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                waiting = [one for one in self.all() if one.state == "waiting"]
                if waiting:
                    self._answer(waiting[-1])
                    continue
            except (OSError, TwinError):  # the disk is full, a folder was taken away: the queue itself goes on
                _logger.exception("a what-if could not be worked on")
            self._wake.wait(2.0)

    def _answer(self, one: WhatIf) -> None:
        """Run its process until it ends, is ended, or has spent its budget."""
        with self._turn:
            if WhatIf.read(one.folder).state != "waiting":
                return
            self._stand(one.folder, "running")
        (one.folder / PROBLEM).unlink(missing_ok=True)
        begun = time.monotonic()
        command = [*self.worker, str(one.folder), str(self.city.folder), str(self.runs)]
        with (one.folder / LOG).open("ab") as log:
            process = subprocess.Popen(  # its standard input ends when this process does, and so does it
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=os.environ | ONE_THREAD,
                start_new_session=True,
            )  # fmt: skip
        late = False
        while process.poll() is None:
            late = time.monotonic() - begun > one.budget_s
            if late or self._stop.is_set() or one.key in self._ending:
                end_group(process)
                break
            time.sleep(LOOK_S)
        self._judge(one, process.wait(), late)

    def _judge(self, one: WhatIf, status: int, late: bool) -> None:
        with self._turn:
            if one.key in self._ending:  # said already
                self._ending.discard(one.key)
                return
            found = WhatIf.read(one.folder).has_result
            if status == 0:
                self._stand(one.folder, "done")
            elif self._stop.is_set() and not late:
                self._stand(one.folder, "waiting", say("the service was stopped", "服务已停止"))
            elif late and found:
                self._stand(one.folder, "done", say("the time for it is over", "已用完限定时间"))
            elif late:
                self._stand(one.folder, "failed", TOO_SHORT)
            else:
                self._stand(one.folder, "failed", read_json(one.folder / PROBLEM, DIED))


TOO_SHORT = say(
    "no member was done within its time; what was run is kept, so that asking again goes on: give it longer, a "
    "shorter period, or fewer responses",
    "限定时间内没有完成任何样本；已完成的运行已保存，再次提交会继续：请延长时间、缩短时段或减少响应方式",
)
DIED = say(
    "its process ended without a word (memory?): its log is in its folder",
    "计算进程意外结束（内存不足？），日志在其目录中",
)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started; by force, if it does not leave."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(LEAVE_S)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        else:
            return
