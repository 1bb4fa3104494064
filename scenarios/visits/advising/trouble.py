"""`Trouble`: where and when people stood too close on a day, and who went there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.crowd.city.streets import CAPACITY, PERSON
from scenarios.visits.advising.case import HOUR_S
from scenarios.visits.advising.lived import Lived

if TYPE_CHECKING:
    from models.crowd.city import CityDay

MOST_LINKS = 12


@dataclass(frozen=True)
class Trouble:
    """What went wrong.

    Attributes:
        worst: The link with most person-minutes above 3.5 persons/m2; -1: none, and no neck either.
        links: The links that hold half of them together, the worst first, MOST_LINKS at most.
        neck: The link that takes fewest people, of these, those beside them, and all that hold 90 % of the
            person-minutes together: a jam that spills back is worst far before the neck that makes it.
        flow_ps: What the neck takes (persons/s).
        near: The site nearest to the neck.
        from_s, until_s: An hour before the first dense hour, and an hour after the last.
        over: Share of people from each source whose first way leads over `links`, weighted by the pull of sites,
            shape (sources,).
        beyond: The same share for each site, over the sources' people, shape (sites,).
        lines: Those of `CityDay.guide.lines` that left people behind, or whose platform was dense, the worst first.
    """

    worst: int
    links: tuple[int, ...]
    neck: int
    flow_ps: float
    near: str
    from_s: float
    until_s: float
    over: np.ndarray
    beyond: np.ndarray
    lines: tuple[int, ...] = ()


def trouble_of(lived: Lived, model: CityDay) -> Trouble | None:
    """Where a day went wrong; None where nobody stood above 3.5 persons/m2, in the streets or on platforms."""
    dense, lines = lived.dense_min, _short_lines(model)
    if not dense.sum() > 0:
        platforms = any(place.dense_s > 0 for place in model.guide.platforms)
        return _on_platforms(model, lines) if platforms else None
    graph = model.graph
    order = np.argsort(-dense, kind="stable")
    reach = int(np.searchsorted(np.cumsum(dense[order]), 0.5 * dense.sum())) + 1
    links = order[: min(reach, MOST_LINKS)]
    ends = np.concatenate([graph.link_from[links], graph.link_to[links]])
    beside = np.flatnonzero(np.isin(graph.link_from, ends) | np.isin(graph.link_to, ends))
    jammed = order[: int(np.searchsorted(np.cumsum(dense[order]), 0.9 * dense.sum())) + 1]
    neck = _narrowest(model, np.union1d(beside, jammed))
    hours = np.flatnonzero(np.array(lived.by_hour) > 0)
    over = _over(model, np.unique([*links, neck]))
    pull = np.exp(model.sites.pull)
    return Trouble(
        worst=int(links[0]),
        links=tuple(links.tolist()),
        neck=neck,
        flow_ps=float(model.streets.links[neck, CAPACITY] / PERSON / model.streets.step_s),
        near=_near(model, neck),
        from_s=max(0.0, (float(hours[0]) - 1.0) * HOUR_S),
        until_s=(float(hours[-1]) + 2.0) * HOUR_S,
        over=over @ pull / pull.sum(),
        beyond=model.sources.people @ over / max(1, int(model.sources.people.sum())),
        lines=lines,
    )


def _short_lines(model: CityDay) -> tuple[int, ...]:
    guide = model.guide
    short = [
        row
        for row, (line, platform) in enumerate(zip(guide.lines, guide.platforms, strict=True))
        if platform.most > line.places or platform.dense_s > 0
    ]
    return tuple(sorted(short, key=lambda row: (-guide.platforms[row].dense_s, -guide.platforms[row].waited_s, row)))


def _on_platforms(model: CityDay, lines: tuple[int, ...]) -> Trouble:
    """Nothing wrong in the streets, but where people wait for a run home."""
    nobody = np.zeros(len(model.sources.kind)), np.zeros(len(model.sites))
    return Trouble(-1, (), -1, 0.0, "", 0.0, model.now_s, *nobody, lines)


def _narrowest(model: CityDay, links: np.ndarray) -> int:
    """Of some links the narrowest that anybody's way leads over."""
    used = np.isin(links, model.routes.next_link[: len(model.routes.goal_node) // model.routes.kinds])
    candidates = links[used] if used.any() else links
    return int(candidates[np.argmin(model.graph.width_m[candidates])])


def _over(model: CityDay, links: np.ndarray) -> np.ndarray:
    """Whether the way from each source to each site leads over `links`, shape (sources, sites)."""
    crosses = model.routes.crosses(links)
    return np.asarray(crosses[model.routes.destination(model.sites.node)][:, model.sources.node].T, dtype=np.float64)


def _near(model: CityDay, link: int) -> str:
    graph = model.graph
    x, y = (
        (column[graph.link_from[link]] + column[graph.link_to[link]]) / 2 for column in (graph.node_x, graph.node_y)
    )
    far = np.hypot(graph.node_x[model.sites.node] - x, graph.node_y[model.sites.node] - y)
    return model.sites.name[int(np.argmin(far))]
