from .collection import Collection as Collection, Feature as Feature, Table as Table
from .city import alarm_collection as alarm_collection, city_collections as city_collections
