"""Threads of a service share two heaps, in which Arrow's tables lie, and what lies free in them is given back."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

HEAPS = """
import ctypes, sys, threading
from twin.serving.memory import share_heaps
if sys.argv[2] == "shared":
    assert "pyarrow" not in sys.modules and share_heaps()
    import pyarrow, pyarrow.parquet
    pyarrow.parquet.write_table(pyarrow.table({"a": list(range(100_000))}), sys.argv[1] + ".parquet")
    assert pyarrow.default_memory_pool().backend_name == "system"
    others = set(pyarrow.supported_memory_backends()) - {"system"}
    assert not any(getattr(pyarrow, f"{name}_memory_pool")().max_memory() for name in others)
library = ctypes.CDLL(None)
library.malloc.restype = library.fopen.restype = ctypes.c_void_p
all_there = threading.Barrier(12)
def work():
    all_there.wait()
    kept = [library.malloc(ctypes.c_size_t(900)) for _ in range(300)]
    all_there.wait()
threads = [threading.Thread(target=work) for _ in range(12)]
[one.start() for one in threads]
[one.join() for one in threads]
file = ctypes.c_void_p(library.fopen(sys.argv[1].encode(), b"w"))
library.malloc_info(0, file)
library.fclose(file)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives each thread a heap")
def test_threads_share_two_heaps(tmp_path: Path) -> None:
    heaps = {}
    for how in ("as it is", "shared"):
        subprocess.run([sys.executable, "-c", HEAPS, str(tmp_path / how), how], check=True, timeout=100)
        heaps[how] = (tmp_path / how).read_text().count("<heap nr")
    assert heaps["as it is"] > 2 >= heaps["shared"]


HOLES = """
import ctypes
from twin.serving.memory import give_back
library = ctypes.CDLL(None)
library.malloc.restype, library.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
def resident_mb():
    status = open("/proc/self/status").read()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024
before = resident_mb()
blocks = [library.malloc(ctypes.c_size_t(900)) for _ in range(100_000)]
[ctypes.memset(one, 1, 900) for one in blocks]
[library.free(one) for at, one in enumerate(blocks) if at % 100]
del blocks
assert resident_mb() - before > 60, "glibc keeps it: every hundredth block is in use"
assert give_back()
assert resident_mb() - before < 30
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked")
def test_what_lies_free_between_what_is_in_use_is_given_back() -> None:
    subprocess.run([sys.executable, "-c", HOLES], check=True, timeout=100)
