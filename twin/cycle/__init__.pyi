from .clock import HeardClock as HeardClock, LiveClock as LiveClock, ReplayClock as ReplayClock, WallClock as WallClock
from .mode import MODES as MODES, Mode as Mode
from .picture import Picture as Picture
from .turn import Stage as Stage, Turn as Turn
