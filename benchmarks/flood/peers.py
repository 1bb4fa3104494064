"""The peers: each runs a case by a script in an environment of its own; never dependencies of ours."""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.flood.cases import Case
from benchmarks.flood.ran import Ran

FOLDER = Path.home() / ".cache" / "citytwin-peers"
"""Where the peers' environments are looked for."""
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


@dataclass(frozen=True)
class Peer:
    """A peer.

    Attributes:
        name: Its distribution, and its environment's folder.
        script: The file beside this one that runs a case.
    """

    name: str
    script: str

    def python(self, folder: Path) -> Path:
        """Its environment's Python."""
        return folder / self.name / "bin" / "python"

    def missing(self, folder: Path) -> str | None:
        """How to install it, where it is not."""
        home = folder / self.name
        if self.python(folder).is_file():
            return None
        return f"no {home}; python3.12 -m venv {home} && {home}/bin/pip install {self.name}"

    def run(self, case: Case, folder: Path) -> Ran:
        """Run a case, on one thread.

        Raises:
            RuntimeError: It failed; its last words.
        """
        with tempfile.TemporaryDirectory() as scratch:
            given, got = Path(scratch) / "case.npz", Path(scratch) / "out.npz"
            np.savez(given, **case)
            script = Path(__file__).with_name(self.script)
            environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": ""}
            command = [self.python(folder), script, given, got]
            done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, cwd=scratch)
            if done.returncode or not got.is_file():
                raise RuntimeError(f"{self.name}: {' '.join(done.stderr.strip().splitlines()[-2:])}")
            found = dict(np.load(got))
        return Ran(float(found["cpu_s"]), int(found["steps"]), int(found["cells"]), found["depth_m"])


ITZI = Peer("itzi-core", "peer_itzi.py")
LANDLAB = Peer("landlab", "peer_landlab.py")
ANUGA = Peer("anuga", "peer_anuga.py")
