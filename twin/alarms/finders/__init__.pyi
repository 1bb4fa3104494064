from .coverage import CoverageFinder as CoverageFinder
from .finder import Finder as Finder, found as found
from .incident import IncidentFinder as IncidentFinder
from .levels import Reached as Reached, reached as reached
from .ponding import PondingFinder as PondingFinder
from .sensor import SensorFinder as SensorFinder
from .site import SiteFinder as SiteFinder
from .spillback import SpillbackFinder as SpillbackFinder, full_streets as full_streets, lasting as lasting
