"""What is left in the depots once others have taken their part: one stock for everybody who sends material."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from models.emergency.resources.resources import Resources
from networks.errors import BadInput
from networks.sentence import say


@dataclass(frozen=True)
class Taken:
    """Material that is spoken for.

    Attributes:
        depot: The depot's name or id.
        material: E.g. `pump`.
        amount: Pieces.
        by: Who has it, for messages.
    """

    depot: str
    material: str
    amount: int
    by: str


def stock_left(resources: Resources, taken: Iterable[Taken]) -> Resources:
    """The same resources with what is left in their depots; where more is spoken for than is there, a note says so.

    Raises:
        BadInput: Something was taken from a depot that is not there.
    """
    left = {one.site_id: dict(one.materials) for one in resources.depots}
    known = {name: one.site_id for one in resources.depots for name in (one.site_id, one.name) if name}
    notes = list(resources.notes)
    for one in taken:
        if one.depot not in known:
            what = f"{one.by} has {one.material} from {one.depot}, which is no depot here"
            raise BadInput(what, place="--committed", expected=", ".join(known) or "depots in resources.yaml")
        stock = left[known[one.depot]]
        short = one.amount - stock.get(one.material, 0)
        stock[one.material] = max(0, -short)
        if short > 0:
            notes.append(
                say(
                    f"{one.depot} has {short} {one.material} fewer than are spoken for, the last by {one.by}",
                    f"{one.depot}的{one.material}较已承诺数量少{short}件（最后承诺：{one.by}）",
                )
            )
    depots = tuple(replace(one, materials=left[one.site_id]) for one in resources.depots)
    return replace(resources, depots=depots, notes=tuple(notes))
