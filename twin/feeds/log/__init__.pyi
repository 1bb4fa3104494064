from .blanking import BLANKED as BLANKED, blank as blank
from .entry import LARGEST_PAYLOAD as LARGEST_PAYLOAD
from .expiring import expire as expire
from .reading import LogReader as LogReader, Lost as Lost
from .segments import Segment as Segment, folder_of as folder_of, segments as segments
from .writing import LogWriter as LogWriter
