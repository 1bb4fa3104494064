from .counts import Counts as Counts
from .matching import Place as Place, read_places as read_places
from .reading import ReadCounts as ReadCounts, read_counts as read_counts
from .repair import Repair as Repair, repair_table as repair_table
from .seen import LANE_PER_HOUR as LANE_PER_HOUR
from .series import in_series as in_series
from .stated_units import factor_of as factor_of
from .watched_streets import WatchedNet as WatchedNet, watched as watched, watched_net as watched_net
