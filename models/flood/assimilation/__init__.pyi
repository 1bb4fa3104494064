from .alarms import AlarmScore as AlarmScore, score_alarms as score_alarms
from .ensemble import FloodEnsemble as FloodEnsemble, FloodMember as FloodMember, Update as Update
from .gauges import LevelGauge as LevelGauge
from .kalman import kalman_increments as kalman_increments
from .ponds import pond_of as pond_of
