"""Random streams, named by purpose: a draw for demand never shifts a draw for drivers."""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """A generator seeded from (run seed, name); the same pair gives the same draws everywhere.

    Source: NumPy's SeedSequence with PCG64 (O'Neill 2014), spawned by a name instead of an index.
    """
    words = np.frombuffer(hashlib.sha256(name.encode()).digest(), dtype=np.uint32)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words.tolist()])))
