from .messages import GtfsRealtime as GtfsRealtime
