from .certificates import Certificate as Certificate, certificates as certificates
from .columns import columns_of as columns_of, records_of as records_of
from .feed_store import FeedStore as FeedStore
from .purging import purge as purge
from .wish import Wish as Wish
