"""Which runs of stages can be the phases of two rings, so that every link gets just the letters that it shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, pairwise

Tile = tuple[int, int]
"""First stage of a phase and the one behind its last."""
_MOST_STAGES = 6
"""More stages between two barriers stand in one ring: the pairs of tilings grow by four with each."""


def best_tilings(patterns: Collection[str], count: int) -> tuple[tuple[Tile, ...], tuple[Tile, ...]]:
    """The tiles of the first ring and of the second (perhaps none) for `count` stages between two barriers.

    Every pattern must be shown exactly. Of all such pairs the one in which links need the fewest phases, then the one
    with the fewest phases.

    Args:
        patterns: For each kind of link its letter in every stage: G, g, or - where it is not green; between two
            stages + where it stays green, | where it does not: "G+g|-" for three.
        count: Number of stages.
    """
    single = tuple((n, n + 1) for n in range(count))
    if count > _MOST_STAGES:
        return single, ()
    best: tuple[tuple[int, int], tuple[tuple[Tile, ...], tuple[Tile, ...]]] | None = None
    for one in _tilings(count):
        for other in ((), *_tilings(count)):
            needs = [tiles_of(pattern, (*one, *other)) for pattern in patterns]
            if any(need is None for need in needs):
                continue
            used = {tile for need in needs if need for tile in need}
            if not all(used & {tile} for tile in (*one, *other)):
                continue
            cost = (sum(len(need) for need in needs if need), len(one) + len(other))
            if best is None or cost < best[0]:
                best = (cost, (one, other))
    return best[1] if best else (single, ())


def tiles_of(pattern: str, tiles: Sequence[Tile]) -> tuple[Tile, ...] | None:
    """The fewest tiles, longest first, that show a link its letters; None where they can't."""
    unmet = {n: letter for n, letter in enumerate(pattern[::2]) if letter in "Gg"}
    chosen = []
    for tile in sorted(dict.fromkeys(tiles), key=lambda t: (t[0] - t[1], t[0])):
        letter = letter_in(pattern, tile)
        met = [n for n in range(*tile) if letter and unmet.get(n) == letter]
        if met:
            chosen.append(tile)
            for n in met:
                del unmet[n]
    return None if unmet else tuple(chosen)


def letter_in(pattern: str, tile: Tile) -> str:
    """What a link shows in a tile: G, g where it gives way in some of it, "" where it is not always green."""
    shown = set(pattern[2 * tile[0] : 2 * tile[1] - 1]) - {"+"}
    return "" if shown - {"G", "g"} else "G" if shown == {"G"} else "g"


def _tilings(count: int) -> Iterator[tuple[Tile, ...]]:
    for cuts in range(count):
        for places in combinations(range(1, count), cuts):
            edges = (0, *places, count)
            yield tuple(pairwise(edges))
