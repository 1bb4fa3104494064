"""A service of many threads that runs for months: freed memory is used again, whichever thread freed it."""

from __future__ import annotations

import ctypes
import os
import sys

_M_ARENA_MAX = -8
"""glibc's malloc.h; mallopt(3)."""
_HEAPS = 2


def share_heaps() -> bool:
    """Let all threads share two heaps of glibc's, and Arrow's tables lie in them.

    By default each thread gets a heap of its own, up to eight a core, and each stage's peak stays in it for good;
    Arrow's own pool keeps its peaks beside them. Call it before threads begin and before anything loads Arrow: what it
    writes in C++ (Parquet) asks the environment once, and no `set_memory_pool`.

    Returns:
        Whether the C library is one that can be told (glibc).
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    library = _glibc()
    return library is not None and bool(library.mallopt(_M_ARENA_MAX, _HEAPS))


def give_back() -> bool:
    """Give the system back what lies free in the heaps, also between what is in use (malloc_trim(3)).

    glibc does so by itself only at a heap's end: what a search for advice needed for a minute would stay for months.

    Returns:
        Whether something was given back; False where the C library is another one.
    """
    library = _glibc()
    return library is not None and bool(library.malloc_trim(0))


def _glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "gnu_get_libc_version") else None
