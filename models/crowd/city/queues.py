"""Who waits, and who wakes up when: lists inside arrays."""

from __future__ import annotations

import numpy as np

from models.crowd.city.compiling import CALLED, INLINE
from models.crowd.city.walkers import BEYOND, BLOCK, NEVER, NEXT, WINDOW, Walkers  # fmt: skip

_SEQUENCE = np.uint64(0x03F79D71B4CB0A89)
"""Its 64 shifts begin with 64 different numbers of six bits (de Bruijn 1946): what a lowest bit is multiplied with."""
_PLACE = np.zeros(64, dtype=np.int64)
for _bit in range(64):
    _PLACE[(int(_SEQUENCE) << _bit) % 2**64 >> 58] = _bit


@INLINE
def sleep(i: int, until: int, walkers: Walkers) -> None:
    walkers.wake[i] = until
    if until < walkers.total[BEYOND]:
        walkers.rises[until % WINDOW, i >> 6] |= np.uint64(1) << np.uint64(i & 63)
    else:
        walkers.low[i // BLOCK] = min(walkers.low[i // BLOCK], until)


@INLINE
def join(
    i: int, rows: np.ndarray, row: int, head: int, tail: int, bits: np.ndarray, key: int, walkers: Walkers
) -> None:
    """Stand at the end of a queue, whose first and last are in columns `head` and `tail`."""
    walkers.people[i, NEXT] = -1
    walkers.wake[i] = NEVER
    if rows[row, head] < 0:
        rows[row, head] = i
        bits[key >> 6] |= np.uint64(1) << np.uint64(key & 63)
    else:
        walkers.people[rows[row, tail], NEXT] = i
    rows[row, tail] = i


@INLINE
def pop(rows: np.ndarray, row: int, head: int, bits: np.ndarray, key: int, walkers: Walkers) -> int:
    i = rows[row, head]
    rows[row, head] = walkers.people[i, NEXT]
    if rows[row, head] < 0:
        bits[key >> 6] &= ~(np.uint64(1) << np.uint64(key & 63))
    return i


@INLINE
def take(
    i: int, before: int, rows: np.ndarray, row: int, head: int, tail: int, bits: np.ndarray, key: int, walkers: Walkers
) -> None:
    """Take somebody out of a queue from behind `before`; -1: it is the first."""
    if before < 0:
        pop(rows, row, head, bits, key, walkers)
        return
    walkers.people[before, NEXT] = walkers.people[i, NEXT]
    if rows[row, tail] == i:
        rows[row, tail] = before


@CALLED
def set_bits(bits: np.ndarray, room: np.ndarray) -> int:
    """Write the numbers of the set bits into `room`, in order. Returns how many."""
    count = 0
    for word in range(bits.size):
        left = bits[word]
        while left:
            lowest = left & (~left + np.uint64(1))
            room[count] = word * 64 + _PLACE[(lowest * _SEQUENCE) >> np.uint64(58)]
            count += 1
            left ^= lowest
    return count


@CALLED
def look_ahead(n: int, walkers: Walkers) -> None:
    """Note who wakes up within the window that step n is in, from what stands in `wake`."""
    wake, low, rises = walkers.wake, walkers.low, walkers.rises
    beyond = (n // WINDOW + 1) * WINDOW
    walkers.total[BEYOND] = beyond
    for block in range(low.size):
        if low[block] >= beyond:
            continue
        soonest = NEVER
        for i in range(block * BLOCK, min(wake.size, (block + 1) * BLOCK)):
            if wake[i] < beyond:
                rises[max(wake[i], n) % WINDOW, i >> 6] |= np.uint64(1) << np.uint64(i & 63)
            else:
                soonest = min(soonest, wake[i])
        low[block] = soonest


@INLINE
def woken(n: int, walkers: Walkers, room: np.ndarray) -> int:
    """Write who wakes up in step n into `room`, in order. Returns how many."""
    wake, rises = walkers.wake, walkers.rises[n % WINDOW]
    marked = set_bits(rises, room)
    rises[:] = 0
    count = 0
    for k in range(marked):
        i = room[k]
        room[count] = i
        count += wake[i] <= n
    return count
