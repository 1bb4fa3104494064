from .reading import Detections as Detections
from .telling import (
    CLASSES as CLASSES,
    EVENTS as EVENTS,
    Count as Count,
    Event as Event,
    Track as Track,
    schema as schema,
)
