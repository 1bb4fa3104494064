from .barrier import Barrier as Barrier
from .curve_number import CurveNumber as CurveNumber
from .gate import Gate as Gate, Opening as Opening
from .green_ampt import GreenAmpt as GreenAmpt
from .inlets import Inlet as Inlet, Inlets as Inlets, block_some as block_some, blocked_capacity as blocked_capacity
from .levels import LevelBoundary as LevelBoundary, sea_as_level as sea_as_level, side_cells as side_cells
from .pipes import PipeNetwork as PipeNetwork
from .placed import Placed as Placed
from .placing import place_structures as place_structures
from .pump import Pump as Pump
from .series import Series as Series, constant as constant
from .site import Site as Site
from .soils import Soil as Soil, curve_number_named as curve_number_named, soil_named as soil_named
from .structures import Structures as Structures, read_structures as read_structures
from .underpass_tank import SurveyedTank as SurveyedTank, UnderpassTank as UnderpassTank
