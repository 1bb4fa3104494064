from .hearing import DeadLetter as DeadLetter, FeedHealth as FeedHealth, Feeds as Feeds
from .hour import Hour as Hour, SURE as SURE
