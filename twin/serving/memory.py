"""A service of many threads that runs for months: freed memory is used again, whichever thread freed it."""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8
"""glibc's malloc.h; mallopt(3)."""
_HEAPS = 2


def share_heaps() -> bool:
    """Let all threads share two heaps of glibc's, and Arrow's tables lie in them.

    By default each thread gets a heap of its own, up to eight a core, and each stage's peak stays in it for good;
    Arrow's own pool keeps its peaks beside them. Call it before the threads begin.

    Returns:
        Whether the C library is one that can be told (glibc).
    """
    import pyarrow

    pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    if not sys.platform.startswith("linux"):
        return False
    library = ctypes.CDLL(None)
    return bool(library.mallopt(_M_ARENA_MAX, _HEAPS)) if hasattr(library, "gnu_get_libc_version") else False
