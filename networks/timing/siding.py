"""Opposite approaches in two rings: the phases 2 and 6 of a street whose stages begin and end together."""

from __future__ import annotations

from collections.abc import Mapping

from networks.signals.groups.grouping import crosses_oncoming
from networks.signals.layouts.layout import Layout
from networks.timing.spanning import Tile, letter_in, tiles_of


def part_sides(
    layout: Layout, patterns: Mapping[int, str], tiles: tuple[Tile, ...]
) -> list[tuple[int, Tile, dict[int, str]]]:
    """(ring, tile, link -> letter) with each approach in one of two rings; empty if a phase would have no vehicles.

    A phase that lets an approach only turn over the oncoming lanes stands in the other ring, as phases 1 and 5 do:
    what follows in a ring is then in conflict with what was before. People on foot go with the first ring.

    Args:
        layout: The ground.
        patterns: Link -> its letters between the barriers, as `best_tilings` reads them.
        tiles: The phases of the single ring that shows them.
    """
    if len(tiles) > 2:
        return []
    sides = _sides(layout, patterns)
    found = [
        (ring, tile, {k: letter_in(p, tile) for k, p in patterns.items() if tile in (tiles_of(p, tiles) or ())})
        for ring in (1, 2)
        for tile in tiles
    ]
    kept = []
    for ring, tile, shows in found:
        own = {link: letter for link, letter in shows.items() if _ring(layout, sides, set(shows), link) == ring}
        if not any(link in sides for link in own):
            return []
        kept.append((ring, tile, own))
    return kept


def _sides(layout: Layout, patterns: Mapping[int, str]) -> dict[int, tuple[str, int]]:
    """Vehicle link -> its approach and the ring of its straight traffic, by turns around the junction."""
    headings: dict[str, float] = {}
    for movement in layout.movements:
        if movement.index in patterns and movement.kind != "pedestrian":
            headings.setdefault(movement.from_edge, movement.heading_in)
    order = sorted(headings, key=lambda edge: (round(headings[edge], 3), edge))
    return {
        m.index: (m.from_edge, order.index(m.from_edge) % 2 + 1)
        for m in layout.movements
        if m.from_edge in headings and m.index in patterns and m.kind != "pedestrian"
    }


def _ring(layout: Layout, sides: Mapping[int, tuple[str, int]], shown: set[int], link: int) -> int:
    if link not in sides:
        return 1
    edge, ring = sides[link]
    own = [m for m in layout.movements if m.from_edge == edge and m.index in shown and m.kind != "pedestrian"]
    turning = all(crosses_oncoming(m, left_hand=layout.left_hand) for m in own)
    return 3 - ring if turning else ring
