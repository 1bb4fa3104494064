"""Whether a drive kept to what binds its vehicle: which road, which rule, when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.routing import Restriction, Vehicle
from scenarios.emergency.matching import Driven


@dataclass(frozen=True)
class Breach:
    """A road that the vehicle was on and should not have been."""

    at: datetime
    edge_id: str
    rule: Restriction

    def told(self, vehicle: Vehicle) -> str:
        """The rule and what the vehicle has, in words."""
        if self.rule.kind in ("hazmat", "closed"):
            return "no hazardous goods" if self.rule.kind == "hazmat" else "closed at this hour"
        what = {"height_m": "m high", "width_m": "m wide", "weight_t": "t", "lorry": "t (lorries)"}[self.rule.kind]
        has = {"height_m": vehicle.height_m, "width_m": vehicle.width_m}.get(self.rule.kind, vehicle.weight_t)
        return f"up to {self.rule.value:g} {what}, {vehicle.name} has {has:g}"


def breaches(
    driven: Driven, edge_ids: Sequence[str], vehicle: Vehicle, restrictions: Sequence[Restriction]
) -> list[Breach]:
    """Every restriction that was broken, at the hour of entering the road; a road driven twice counts twice."""
    by_edge: dict[str, list[Restriction]] = {}
    for one in restrictions:
        by_edge.setdefault(one.edge_id, []).append(one)
    return [
        Breach(at, edge_ids[edge], rule)
        for edge, at in zip(driven.edges, driven.entered, strict=True)
        for rule in by_edge.get(edge_ids[edge], ())
        if rule.shuts_out(vehicle, at.hour + at.minute / 60 + at.second / 3600)
    ]
