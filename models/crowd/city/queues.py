"""Who waits, and who wakes up when: lists inside arrays."""

from __future__ import annotations

import numpy as np

from models.crowd.city.compiling import CALLED, INLINE
from models.crowd.city.walkers import BLOCK, NEVER, NEXT, Walkers  # fmt: skip


@INLINE
def sleep(i: int, until: int, walkers: Walkers) -> None:
    walkers.wake[i] = until
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


@CALLED
def set_bits(bits: np.ndarray, room: np.ndarray) -> int:
    """Write the numbers of the set bits into `room`, in order. Returns how many."""
    count = 0
    for word in range(bits.size):
        left = bits[word]
        if left:
            for bit in range(64):
                if (left >> np.uint64(bit)) & np.uint64(1):
                    room[count] = word * 64 + bit
                    count += 1
    return count


@INLINE
def woken(n: int, walkers: Walkers, room: np.ndarray) -> int:
    """Write who wakes up in step n into `room`, in order. Returns how many."""
    wake, low = walkers.wake, walkers.low
    count = 0
    for block in range(low.size):
        if low[block] > n:
            continue
        soonest = NEVER
        for i in range(block * BLOCK, min(wake.size, (block + 1) * BLOCK)):
            if wake[i] <= n:
                room[count] = i
                count += 1
            else:
                soonest = min(soonest, wake[i])
        low[block] = soonest
    return count
