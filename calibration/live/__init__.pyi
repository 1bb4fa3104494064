from .ahead import Futures as Futures, Tried as Tried
from .apart import BothWays as BothWays
from .belief import Spread as Spread
from .cycle import Cycle as Cycle
from .owned import own_demand_once as own_demand_once
from .owning import own_demand as own_demand
from .past import Past as Past
from .rhythm import Rhythm as Rhythm
from .town import LiveTown as LiveTown
from .usual import Usual as Usual
