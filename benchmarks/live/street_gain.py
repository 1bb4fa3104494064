"""What an order truly gained: the hidden city once more, with the same draws, and without the order."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.live.planted import Planted
from benchmarks.live.street import Street
from benchmarks.live.street_case import hidden_case
from benchmarks.live.street_orders import Order, order_of


@dataclass(frozen=True)
class Gain:
    """Vehicle-hours in the town (waiting to enter included) by cycle, with and without."""

    done_h: tuple[float, ...]
    not_done_h: tuple[float, ...]

    @property
    def saved_h(self) -> float:
        """Vehicle-hours that the order saved; negative where it cost some."""
        return sum(self.not_done_h) - sum(self.done_h)


def orders_in(truth: Path) -> list[tuple[float, Order]]:
    """Orders that a street took, with the second, from its truth; the day's next cycle begins with them."""
    lines = (json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines())
    return [(float(one["at_s"]), order_of(one["order"])) for one in lines if "order" in one]


def paired(planted: Planted, orders: Sequence[tuple[float, Order]], until_s: float, seed: int | None = None) -> Gain:
    """Run the day twice until a moment, with the orders of a `Street.log` and without any; in this process."""
    return Gain(played(planted, orders, until_s, seed), played(planted, (), until_s, seed))


def switchback(
    planted: Planted, on: Order, off: Order, block_s: float, from_s: float, until_s: float
) -> tuple[tuple[bool, ...], tuple[float, ...]]:
    """Run the day with an order that holds in every second block of time.

    Args:
        planted: The day.
        on: The order.
        off: What takes it back; each block has keys of its own.
        block_s: Length of a block; a whole number of cycles.
        from_s: First moment (s).
        until_s: Last moment (s).

    Returns:
        Whether it held, and the vehicle-hours, by block.
    """
    blocks = int((until_s - from_s) // block_s)
    orders = []
    for number in range(blocks):
        one = on if number % 2 == 0 else off
        rest = {name: getattr(one, name) for name in ("receiver", "kind", "acts", "not_after", "rec_id")}
        undoes = f"{on.key}#{number - 1}" if number % 2 and one.kind == "rollback" else one.undoes
        orders.append((from_s + number * block_s, Order(f"{on.key}#{number}", **rest, undoes=undoes)))
    hours = played(planted, orders, from_s + blocks * block_s, None)
    a_block, first = round(block_s / planted.cycle_s), round(from_s / planted.cycle_s)
    sums = [sum(hours[first + a_block * n : first + a_block * (n + 1)]) for n in range(blocks)]
    return tuple(n % 2 == 0 for n in range(blocks)), tuple(sums)


def played(
    planted: Planted, orders: Sequence[tuple[float, Order]], until_s: float, seed: int | None
) -> tuple[float, ...]:
    """Vehicle-hours of each cycle of a day with orders at their moments, which are ends of cycles."""
    hours, waiting = [], sorted(orders, key=lambda one: one[0])
    with tempfile.TemporaryDirectory(prefix="citytwin-gain-") as scratch:
        case = hidden_case(planted, Path(scratch))
        with Street(planted, case, (), Path(scratch), seed) as street:
            while street.now_s < until_s - 1e-6:
                while waiting and waiting[0][0] <= street.now_s + 1e-6:
                    street.take(waiting.pop(0)[1])
                before_s = street.vehicle_s
                street.advance(min(street.now_s + planted.cycle_s, until_s))
                hours.append((street.vehicle_s - before_s) / 3600.0)
    return tuple(hours)
