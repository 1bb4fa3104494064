from .hearing import DeadLetter as DeadLetter, FeedHealth as FeedHealth, Feeds as Feeds
from .loop import LiveLoop as LiveLoop, LoopSettings as LoopSettings
