from .messages import SensorThings as SensorThings
from .wire import SUBSCRIPTION as SUBSCRIPTION, from_wire as from_wire, to_wire as to_wire, topic_of as topic_of
