"""How much memory a process and all that it started hold."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def resident_bytes(pid: int | None = None) -> int:
    """Resident memory of a process (by default this one) and its descendants, bytes.

    Pages that several of them share count for each: a cap on the sum is met early rather than late.
    """
    return sum(size for _, size in family(os.getpid() if pid is None else pid))


def family(pid: int) -> list[tuple[int, int]]:
    """(process id, resident bytes) of a process, then of its descendants."""
    table = _table_of_proc() if (PROC / "self" / "statm").exists() else _table_of_ps()
    children: dict[int, list[int]] = {}
    for child, (parent, _) in table.items():
        children.setdefault(parent, []).append(child)
    found, queue = [], [pid]
    while queue:
        one = queue.pop(0)
        if one in table:
            found.append((one, table[one][1]))
            queue += children.get(one, [])
    return found


def _table_of_proc() -> dict[int, tuple[int, int]]:
    """Process id -> (parent, resident bytes)."""
    page, table = os.sysconf("SC_PAGE_SIZE"), {}
    for place in PROC.iterdir():
        if place.name.isdigit():
            with suppress(OSError, ValueError, IndexError):  # gone meanwhile
                parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
                table[int(place.name)] = parent, int((place / "statm").read_text().split()[1]) * page
    return table


def _table_of_ps() -> dict[int, tuple[int, int]]:
    told = subprocess.run(["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in told.splitlines()]
    return {pid: (parent, kilobytes * 1024) for pid, parent, kilobytes in rows}
