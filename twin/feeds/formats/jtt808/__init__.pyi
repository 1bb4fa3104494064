from .answering import answer_to as answer_to
from .frame import (
    LONGEST as LONGEST,
    Frame as Frame,
    frames as frames,
    read_frame as read_frame,
    write_frame as write_frame,
)
from .hiding import hidden as hidden
from .locations import Located as Located, read_location as read_location
from .reading import Jtt808 as Jtt808
