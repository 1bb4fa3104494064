from .calibrated import CalibratedDemand as CalibratedDemand, Round as Round
from .carrying import Capacity as Capacity, capacity as capacity
from .departing import Departures as Departures, departures as departures, write_departures as write_departures
from .fitting import Fit as Fit, estimate as estimate
from .learned import Spread as Spread, learned_prior as learned_prior
from .looping import calibrate_demand as calibrate_demand
from .paths import PathSet as PathSet, find_paths as find_paths, joined as joined
from .prior import Prior as Prior, fringe_prior as fringe_prior, od_prior as od_prior
from .probing import probe_paths as probe_paths
from .roads import Roads as Roads, read_roads as read_roads
from .simulation import SimulatedCounts as SimulatedCounts, Totals as Totals, simulated as simulated
from .turning import TurnCounts as TurnCounts
from .zones import table_trips as table_trips, zone_sizes as zone_sizes
