from .events import Hfp as Hfp
