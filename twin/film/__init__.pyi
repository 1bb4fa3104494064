from .filming import keep_filming as keep_filming
from .folder import FilmFolder as FilmFolder
from .reel import Reel as Reel, read_reel as read_reel
