"""The streets around trouble: what leads to it, and the signals on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from networks import SignalLink, SignalPlan, read_net, read_signal_links, read_signal_plans
from networks.roads.net_file import Net, NetEdge
from networks.safe_xml import read_xml
from networks.signals.plans.plan_file import plans_in
from twin.advice.ruling import Rules


@dataclass(frozen=True)
class AdviceGround:
    """A network and its plans of today.

    Attributes:
        net_file: SUMO's network.
        plans: Plan of each signal that runs by one.
        rules: What changed plans are held against; None: nobody asks.
    """

    net_file: Path
    plans: Mapping[str, SignalPlan]
    rules: Rules | None = None

    @classmethod
    def of(cls, net_file: Path, additionals: Iterable[Path] = (), rules: Rules | None = None) -> AdviceGround:
        """From a case's files; a plan in an additional file goes before the network's own.

        Raises:
            BadInput: A file is damaged.
        """
        plans = read_signal_plans(net_file, source="imported")
        for file in additionals:
            if b"<tlLogic" in file.read_bytes():  # SUMO takes any first element
                plans |= {plan.tls_id: plan for plan in plans_in(read_xml(file), file, source="imported")}
        return cls(net_file, plans, rules)

    def running(self, plans: Mapping[str, SignalPlan]) -> AdviceGround:
        """The same streets, where signals run other plans than in the files."""
        merged = {**self.plans, **plans}
        return self if merged == dict(self.plans) else replace(self, plans=merged)

    @cached_property
    def net(self) -> Net:
        """The network."""
        return read_net(self.net_file)

    @cached_property
    def edges(self) -> dict[str, NetEdge]:
        """By id."""
        return {edge.edge_id: edge for edge in self.net.edges}

    @cached_property
    def links(self) -> dict[str, tuple[SignalLink, ...]]:
        """Links of each signal."""
        return read_signal_links(self.net_file)

    @cached_property
    def _before(self) -> dict[str, list[str]]:
        before: dict[str, list[str]] = {}
        for one, other in self.net.pairs("passenger", turnarounds=False):
            before.setdefault(other, []).append(one)
        return before

    def name(self, edge: str) -> str:
        """What people call a street; its id where it has no name."""
        known = self.edges.get(edge)
        return known.name if known is not None and known.name else edge

    def upstream(self, edges: Iterable[str], hops: int) -> dict[str, int]:
        """Streets that lead to `edges`, and over how many junctions (1 to `hops`)."""
        found: dict[str, int] = {}
        front = list(dict.fromkeys(edges))
        own = set(front)
        for hop in range(1, hops + 1):
            front = [one for edge in front for one in self._before.get(edge, ()) if one not in found and one not in own]
            front = list(dict.fromkeys(front))
            found |= dict.fromkeys(front, hop)
        return found

    def feeding(self, edges: Iterable[str]) -> dict[str, list[frozenset[int]]]:
        """Signals with links onto `edges`: all such links, then those of each approach, the widest first."""
        onto = set(edges)
        return self._links(lambda link: link.to_edge in onto)

    def emptying(self, edges: Iterable[str]) -> dict[str, list[frozenset[int]]]:
        """Signals with links from `edges`, in the same way."""
        of = set(edges)
        return self._links(lambda link: link.from_edge in of)

    def _links(self, wanted: Callable[[SignalLink], bool]) -> dict[str, list[frozenset[int]]]:
        found: dict[str, list[frozenset[int]]] = {}
        for tls, links in self.links.items():
            mine = [link for link in links if wanted(link)]
            if mine and tls in self.plans:
                approaches: dict[str, set[int]] = {}
                for link in mine:
                    approaches.setdefault(link.from_edge, set()).add(link.index)
                widest = sorted(map(frozenset, approaches.values()), key=lambda one: (-len(one), min(one)))
                found[tls] = list(dict.fromkeys([frozenset(link.index for link in mine), *widest]))
        return found
