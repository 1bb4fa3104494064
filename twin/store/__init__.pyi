from .feed_store import FeedStore as FeedStore
