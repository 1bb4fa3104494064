from .clocks import Clocks as Clocks, clock_offsets as clock_offsets
from .journeys import (
    Leg as Leg,
    Turn as Turn,
    observations as observations,
    path_samples as path_samples,
    penetration as penetration,
    travel_times as travel_times,
    turning_shares as turning_shares,
)
from .salting import RotatingSalt as RotatingSalt
from .table import Passings as Passings, passings as passings, read_passings as read_passings
from .ways import free_times as free_times
