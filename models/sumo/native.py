"""One simulation by the `sumo` binary itself: started, watched, and never left behind."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.sumo.case import SumoCase
from models.sumo.outputs import STATISTICS, ask
from models.sumo.summary import STREAMED, Watch, watch_streamed
from networks import sumo_home
from networks.errors import EngineFailed, StorageFailed

SAID = "said.txt"
_PR_SET_PDEATHSIG = 1
_LARGE_PAGES = "glibc.malloc.hugetlb=1"
_KEPT = (
    "glibc.malloc.tcache_count=2000", "glibc.malloc.top_pad=67108864", "glibc.malloc.trim_threshold=268435456",
    "glibc.malloc.mmap_threshold=268435456",
)  # fmt: skip
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Finished:
    """A simulation that is over.

    Attributes:
        returncode: SUMO's; negative when it was ended by a signal.
        cpu_s: Processor seconds of the simulation itself.
        wall_s: Seconds from start to end.
        files: What it left in its folder, by name.
        peak_mb: Most memory that it held.
        stopped: Why the watch ended it early; None when it ran to its end.
    """

    returncode: int
    cpu_s: float
    wall_s: float
    files: dict[str, Path]
    peak_mb: float = 0.0
    stopped: str | None = None


def run_native(
    case: SumoCase,
    seed: int,
    folder: Path,
    *,
    tables: Sequence[str] = ("trips",),
    interval_s: float = 60.0,
    meso: bool = False,
    emissions: bool = False,
    ssm: bool = False,
    extra: Sequence[str] = (),
    end_s: float | None = None,
    watch: Watch | None = None,
) -> Finished:
    """Run a case once, with SUMO_HOME/bin/sumo, everything that it writes in `folder`.

    Args:
        case: What to run; `check_case` finds what is wrong with it beforehand.
        seed: SUMO's seed.
        folder: Made if need be; read back with `read_tables`.
        tables: Of `trips`, `edges`, `lanes`, `detectors`.
        interval_s: Length of the intervals of edges, lanes and detectors.
        meso: Mesoscopic instead of microscopic.
        emissions: Table of emissions by edge, and their sums in `trips` (HBEFA or what the vehicle types name).
        ssm: Table of conflicts (surrogate safety measures); micro only.
        extra: More of SUMO's options (`--name`, value ...); they replace others of the same name.
        end_s: End instead of the case's.
        watch: Looks at the counts of every minute; a reason ends the simulation, and the tables reach up to there.

    Raises:
        EngineFailed: SUMO stopped; its own words are in the message.
        StorageFailed: The disk was too full for its outputs.
    """
    case = case.between(end_s=end_s)
    folder.mkdir(parents=True, exist_ok=True)
    asked = ask(case, folder, tables=tables, interval_s=interval_s, meso=meso, emissions=emissions, ssm=ssm)
    said = arguments(*_parted(case, asked.additionals, folder)) | {"seed": str(seed)} | asked.options
    said |= {"summary-output": STREAMED} | pairs(extra)
    if meso:
        said["mesosim"] = "true"
    words = [word for name, value in said.items() for word in (f"--{name}", value)]
    began = time.perf_counter()
    returncode, cpu_s, peak_mb, stopped = _run(words, folder, watch)
    wall_s = time.perf_counter() - began
    if returncode and (stopped is None or returncode != -signal.SIGTERM):
        raise EngineFailed(f"SUMO stopped: {_told(folder, returncode)}", file=case.file, place=f"seed {seed}")
    files = {path.name: path for path in sorted(folder.iterdir()) if path.is_file()}
    _check_whole(files)
    return Finished(returncode, cpu_s, wall_s, files, peak_mb, stopped)


def arguments(case: SumoCase, additionals: Sequence[Path] | None = None) -> dict[str, str]:
    """A case as SUMO's options by their full names, without seed and outputs; SUMO takes each only once.

    Args:
        case: The case.
        additionals: Additional files instead of the case's own.
    """
    said = {"net-file": str(case.net), **case.options}
    if case.routes:
        said["route-files"] = ",".join(map(str, case.routes))
    files = case.additionals if additionals is None else additionals
    if files:
        said["additional-files"] = ",".join(map(str, files))
    said |= {"begin": f"{case.begin_s:.10g}", "step-length": f"{case.step_s:.10g}"}
    if case.end_s is not None:
        said["end"] = f"{case.end_s:.10g}"
    return said


def _parted(case: SumoCase, additionals: Sequence[Path], folder: Path) -> tuple[SumoCase, tuple[Path, ...]]:
    """The case with links for paths that SUMO would part."""
    plain = replace(case, net=_linked((case.net,), folder)[0], routes=_linked(case.routes, folder))
    return plain, _linked(additionals, folder)


def _linked(files: Sequence[Path], folder: Path) -> tuple[Path, ...]:
    """SUMO parts lists of files at commas and semicolons: such a path is given by a link in the run's folder."""
    given = []
    for file in files:
        if not set(",;") & set(str(file)):
            given.append(file)
            continue
        own = re.sub("[,;]", "_", file.name)
        link = Path(f"{hashlib.sha256(str(file).encode()).hexdigest()[:8]}-{own}")
        (folder / link).unlink(missing_ok=True)
        (folder / link).symlink_to(file.absolute())
        given.append(link)
    return tuple(given)


def pairs(words: Sequence[str]) -> dict[str, str]:
    """`--name value` and `--name` (true) as options by name."""
    pairs: dict[str, str] = {}
    name = ""
    for word in words:
        if word.startswith("--"):
            name = word[2:]
            pairs[name] = "true"
        else:
            pairs[name] = word
    return pairs


def large_pages() -> dict[str, str]:
    """What a process that runs SUMO is started with: memory in large pages.

    SUMO walks over many small objects, so address look-ups are a tenth of its time (Bologna, 450 s: 1.90 processor
    seconds, 1.71 with large pages; a coupled member of central Helsinki 10.8 and 9.2); results are the same. Only glibc
    reads this; a GLIBC_TUNABLES of the user's own stays.
    """
    return {"GLIBC_TUNABLES": os.environ.get("GLIBC_TUNABLES") or _LARGE_PAGES}


def environment() -> dict[str, str]:
    """What the binary is started with: its own data, large pages, and memory that is not given back in between."""
    home = sumo_home()
    proj = str(home / "data" / "proj")
    said = os.environ.get("GLIBC_TUNABLES", "")
    memory = ":".join((_LARGE_PAGES, *_KEPT)) if said in ("", _LARGE_PAGES) else said  # a worker's own is ours
    return {**os.environ, "GLIBC_TUNABLES": memory, "SUMO_HOME": str(home), "PROJ_LIB": proj, "PROJ_DATA": proj}


def _run(words: Sequence[str], folder: Path, watch: Watch | None) -> tuple[int, float, float, str | None]:
    with (folder / SAID).open("wb") as said:
        process = subprocess.Popen(
            [str(sumo_home() / "bin" / "sumo"), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            cwd=folder,
            env=environment(),
            preexec_fn=_die_with_parent if _libc is not None else None,
        )
    assert process.stdout is not None
    stopped: str | None = None
    try:
        stopped = watch_streamed(process.stdout, folder, watch)
        if stopped is not None:
            os.kill(process.pid, signal.SIGTERM)  # SUMO then closes its outputs as at an end
            process.stdout.read()
    except BaseException:
        os.kill(process.pid, signal.SIGKILL)
        raise
    finally:  # nothing before may collect the process: Popen's own kill and terminate would, had it just ended
        process.stdout.close()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    per_mb = 1024.0 if sys.platform == "linux" else 1024.0**2
    return process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / per_mb, stopped


def _die_with_parent() -> None:
    """In the child, before SUMO: a worker that is killed takes its simulation with it."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # type: ignore[union-attr]


def _check_whole(files: Mapping[str, Path]) -> None:
    """On a full disk SUMO goes on, ends with status 0 and leaves tables that break off."""
    for name, file in files.items():
        if name.endswith(".parquet"):
            with file.open("rb") as stream:
                stream.seek(-min(4, file.stat().st_size), os.SEEK_END)
                whole = stream.read() == b"PAR1"
        elif name == STATISTICS:
            whole = file.read_text(encoding="utf-8", errors="replace").rstrip().endswith("</statistics>")
        else:
            continue
        if not whole:
            raise StorageFailed(
                "SUMO could not write this output to its end",
                file=file,
                expected="room on the disk of temporary files while a member runs",
                remedy="free some space there (or set TMPDIR to a larger disk) and run again",
            )


def _told(folder: Path, returncode: int) -> str:
    """SUMO's own errors, or how it ended."""
    said = ""
    with contextlib.suppress(OSError):
        said = (folder / SAID).read_text(encoding="utf-8", errors="replace")
    errors = [line.removeprefix("Error: ").strip() for line in said.splitlines() if line.startswith("Error")]
    if errors:
        return " ".join(errors[:3])
    if returncode < 0:
        return f"ended by {signal.Signals(-returncode).name}"
    return f"status {returncode}"
