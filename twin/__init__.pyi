from .broker import EmbeddedBroker as EmbeddedBroker
from .desk import AuditEntry as AuditEntry, Decision as Decision, Desk as Desk, DeskEntry as DeskEntry
from .cycle.clock import LiveClock as LiveClock, ReplayClock as ReplayClock, WallClock as WallClock
from .live.hearing import DeadLetter as DeadLetter, FeedHealth as FeedHealth, Feeds as Feeds
from .out.proposals import Proposals as Proposals
