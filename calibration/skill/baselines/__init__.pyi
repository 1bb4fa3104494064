from .boosting import Boosting as Boosting, boosting_missing as boosting_missing
from .family import baselines as baselines
from .own_errors import Baseline as Baseline
from .past import Past as Past
from .rules import Blend as Blend, HistoricalMean as HistoricalMean, Persistence as Persistence
from .typical import TypicalDays as TypicalDays, typical_days as typical_days
from .today import persistence as persistence
