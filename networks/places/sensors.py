"""Sensors: registered devices, and guessed ones where a city has not told us of its own."""

from __future__ import annotations

from dataclasses import dataclass

from networks.city import City


@dataclass(frozen=True)
class Sensor:
    """A device.

    Attributes:
        sensor_id: Its id, also its name in feeds.
        kind: detector, rain_gauge, gate_counter, ...
        measures: What it observes.
        unit: Unit of its results.
        period_s: Time between results, s.
        edge_id: The road edge it watches, or None.
        x, y: Where it is, metres in the city's plane.
        owner: Who runs it, perhaps nobody known.
        source: `registered`, or `guessed` where it stands at a plausible place only.
    """

    sensor_id: str
    kind: str
    measures: str
    unit: str
    period_s: float
    edge_id: str | None
    x: float
    y: float
    owner: str
    source: str


def read_sensors(city: City) -> tuple[Sensor, ...]:
    """The city's sensors, in the order of its layer `sensors`."""
    table = city.layer("sensors")
    return tuple(
        Sensor(
            row.sensor_id,
            row.kind,
            row.measures,
            row.unit,
            float(row.period_s),
            row.edge_id or None,
            float(row.geometry.x),
            float(row.geometry.y),
            row.owner,
            row.source,
        )
        for row in table.itertuples()
    )
