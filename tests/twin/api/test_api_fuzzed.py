"""Schemathesis asks what the description allows and what it forbids: no 500, no crash, no hang, no lie about itself."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from busy_desk import busy_desk
from served import serving

from twin.api.doorkeeper import Doorkeeper
from twin.api.gate import Gate
from twin.api.patience import Limits, Patience
from twin.api.rates import BY_ROLE, Rate
from twin.api.server import application
from twin.api.sign_in import EitherSignIn
from twin.desk import People

STREAMS = ("/api/events", "/api/audit/events")
"""They answer for ever: test_api_streams holds them."""


KNOWN = {
    "path.rec_id": [f"r{number}" for number in range(40)],
    "path.alarm_id": ["50359eb667c1"],
    "path.key": ["k0", "k1", "k2"],
    "path.case_id": ["cloudburst-1"],
    "path.task": ["pumps-ready", "sign:II"],
    "path.name": ["edges", "alarms"],
    "path.feature_id": ["e1", "50359eb667c1"],
    "query.bbox": ["11,44,12,45", "180,0,-180,1"],
    "query.datetime": ["2026-07-17T15:00:00Z/..", "2026-07-17T15:00:00Z"],
}
"""What the busy desk has: three questions in four ask for something that is there."""


REFUSED = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428", "429", "5xx"]
"""Schemathesis' own list, and 413: a list of more items than allowed may be too large a body before it is counted."""


def write_config(folder: Path) -> None:
    """Tell schemathesis what there is."""
    lines = []
    for name, values in KNOWN.items():
        lines += [f'[dictionaries."{name}"]', f"values = {json.dumps(values)}"]
    lines.append("[parameters]")
    lines += [f'"{name}" = {{ dictionary = "{name}", probability = 0.75 }}' for name in KNOWN]
    lines += ["[checks.negative_data_rejection]", f"expected-statuses = {json.dumps(REFUSED)}"]
    (folder / "schemathesis.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


SAID = "schemathesis.txt"
"""What it says goes to this file of the test's folder while it runs, so that half an hour can be watched."""


def fuzz(folder: Path, role: str, examples: int, *more: str) -> tuple[int, str]:
    """Run schemathesis against a busy desk as somebody of this role: what it ended with, and what it said."""
    behind, tokens = busy_desk(folder)
    write_config(folder)
    sign_in = EitherSignIn(People(behind.book))
    app: Any = Patience(application(replace(behind, sign_in=sign_in)), Limits(answer_s=20))
    app = Doorkeeper(app, sign_in, rates=dict.fromkeys(BY_ROLE, Rate(1e9, 10**9)), strangers=Rate(1e9, 10**9))
    app = Gate(app, port=0, names=())
    with serving(app) as address:
        app.hosts.add(address.removeprefix("http://"))
        token = {"authorization": f"Bearer {tokens[role]}"}
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/openapi.json"]
        command += ["-H", f"Authorization: {token['authorization']}", "-n", str(examples), "--request-timeout", "30"]
        command += ["--checks", "all", "--exclude-checks", "unsupported_method,positive_data_acceptance", "--seed", "7"]
        command += [part for path in STREAMS for part in ("--exclude-path", path)]
        with (folder / SAID).open("wb") as said:
            done = subprocess.run([*command, *more], cwd=folder, stdout=said, stderr=said, timeout=3000, check=False)
        assert httpx.get(f"{address}/health/live", trust_env=False).status_code == 200
        assert httpx.get(f"{address}/api/audit/verify", headers=token, trust_env=False, timeout=60).status_code != 500
    assert not behind.book.broken(), "the audit's chain holds after all that"
    behind.desk.close()
    return done.returncode, (folder / SAID).read_text(encoding="utf-8")


def test_a_short_while_of_anything(tmp_path: Path) -> None:
    ended, said = fuzz(tmp_path, "operator", 3, "--phases", "fuzzing", "--no-shrink")
    assert ended == 0, said[-6000:]


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("role", ["operator", "administrator", "viewer"])
def test_a_long_while_of_anything(tmp_path: Path, role: str) -> None:
    ended, said = fuzz(tmp_path, role, 200)
    assert ended == 0, said[-6000:]
