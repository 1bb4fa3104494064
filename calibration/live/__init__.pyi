from .belief import Spread as Spread
from .cycle import Cycle as Cycle
from .owning import own_demand as own_demand
from .town import LiveTown as LiveTown, Rhythm as Rhythm
from .usual import Usual as Usual
