"""Hot spots in continuous space: people on a square, a platform or a bridge, each with a place of their own."""

from __future__ import annotations

from models.crowd.hotspot.area import Door, SlowGround, ground
from models.crowd.hotspot.choosing import LeastTime
from models.crowd.hotspot.danger import CRUSH_BANDS_PS2, Alarm, Crowding, alarms, crowding, crush_band
from models.crowd.hotspot.map_doors import MapDoor
from models.crowd.hotspot.map_spot import MapSpot, hot_spot_of
from models.crowd.hotspot.spot import HotSpot
from models.crowd.hotspot.tracks import Tracks
from models.crowd.hotspot.walking import Walking

__all__ = [
    "CRUSH_BANDS_PS2",
    "Alarm",
    "Crowding",
    "Door",
    "HotSpot",
    "LeastTime",
    "MapDoor",
    "MapSpot",
    "SlowGround",
    "Tracks",
    "Walking",
    "alarms",
    "crowding",
    "crush_band",
    "ground",
    "hot_spot_of",
]
