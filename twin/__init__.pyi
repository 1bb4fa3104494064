from .broker import EmbeddedBroker as EmbeddedBroker
from .desk import AuditEntry as AuditEntry, Decision as Decision, Desk as Desk, DeskEntry as DeskEntry
from .hearing import DeadLetter as DeadLetter, FeedHealth as FeedHealth, Feeds as Feeds
from .liveclock import LiveClock as LiveClock, ReplayClock as ReplayClock, WallClock as WallClock
from .outbox import Delivery as Delivery, Outbox as Outbox
