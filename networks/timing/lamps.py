"""Lamp groups: links that show the same in every step of a plan, with the figures of their change."""

from __future__ import annotations

from dataclasses import dataclass

GREEN, YELLOW = "Gg", "yY"


@dataclass(frozen=True)
class LampGroup:
    """Links that show the same letter in every step of one plan.

    A signal group of the controller has one lamp group, or several where the plan gives its links different letters
    (who turns over oncoming traffic shows g, who goes straight on G).

    Attributes:
        name: Its name in the timing: that of the signal group, with a letter behind it where that has several.
        group: The signal group of the controller; "" for links that none has.
        links: The controlled links, sorted.
        kind: vehicle, pedestrian, bicycle or tram.
        min_green_s: Least green that the controller asks for.
        yellow_s: Shortest yellow after a green of it in the plan; 0 without.
        red_amber_s: Shortest red-amber before a green of it in the plan; 0 without.
        clearance_s: Time that pedestrians need to finish crossing after their green; 0 for others.
        flashing_green_s: Last seconds of green that flash; SUMO shows them as green.
        leading_s: Leading pedestrian interval: seconds that its green begins before the vehicles that turn over it.
        countdown: Whether a display counts its green down: a shown green is then never cut.
    """

    name: str
    group: str
    links: tuple[int, ...]
    kind: str = "vehicle"
    min_green_s: float = 0.0
    yellow_s: float = 0.0
    red_amber_s: float = 0.0
    clearance_s: float = 0.0
    flashing_green_s: float = 0.0
    leading_s: float = 0.0
    countdown: bool = False
