"""Texts of small SUMO cases."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

DATA = Path(os.environ.get("CITYTWIN_DATA", Path(__file__).parents[4] / "shared" / "data"))
CONFIGURATION = """<configuration>
  <input>
    <net-file value="grid.net.xml"/>
    <route-files value="cars.rou.xml"/>
    {additional}
  </input>
  <time><begin value="0"/>{end}</time>
  {more}
</configuration>
"""
CARS = "".join(
    f'<vehicle id="v{i}" depart="{i * 2}"><route edges="A0A1 A1B1 B1B2 B2C2"/></vehicle>\n' for i in range(60)
)
DETECTORS = '<e1Detector id="e1" lane="A1B1_0" pos="20" freq="900" file="e1.xml"/>'

MakeCase = Callable[..., Path]
