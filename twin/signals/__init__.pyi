from .exporting import EDITIONS as EDITIONS, FORMATS as FORMATS, write_as as write_as
from .ground import SignalGround as SignalGround
from .packing import packed as packed
from .proposing import Wish as Wish, proposal as proposal, propose as propose
from .sheets import sheet_of as sheet_of
