from .alike import Alike as Alike, alike as alike, likeness as likeness
from .format import Concealing as Concealing, Format as Format, FormatClass as FormatClass, Options as Options
from .keeping import Dead as Dead, Keeping as Keeping, Told as Told
from .governing import Governing as Governing
from .message import Fault as Fault, Message as Message, Understood as Understood
from .plugins import (
    FORMATS as FORMATS,
    SOURCES as SOURCES,
    format_named as format_named,
    names as names,
    source_named as source_named,
)
from .records import (
    KINDS as KINDS,
    TABLE_OF as TABLE_OF,
    Arrival as Arrival,
    Frame as Frame,
    Kind as Kind,
    Place as Place,
    Position as Position,
    Record as Record,
    Situation as Situation,
)
from .spec import Feed as Feed, FeedSet as FeedSet, read_feeds as read_feeds
from .source import Connection as Connection, Delivery as Delivery, Source as Source, SourceClass as SourceClass
from .formats.sensorthings import (
    SUBSCRIPTION as SUBSCRIPTION,
    from_wire as from_wire,
    to_wire as to_wire,
    topic_of as topic_of,
)
