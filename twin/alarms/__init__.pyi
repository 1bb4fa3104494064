from .alarm import (
    Alarm as Alarm,
    CHANGES as CHANGES,
    Change as Change,
    JUDGEMENTS as JUDGEMENTS,
    Judgement as Judgement,
)
from .alarm_book import AlarmBook as AlarmBook
from .finding import KINDS as KINDS, LEVELS as LEVELS, Finding as Finding
from .finders import (
    CoverageFinder as CoverageFinder,
    Finder as Finder,
    IncidentFinder as IncidentFinder,
    PondingFinder as PondingFinder,
    SensorFinder as SensorFinder,
    SiteFinder as SiteFinder,
    SpillbackFinder as SpillbackFinder,
    found as found,
)
from .ledger import Row as Row, lead_s as lead_s, ledger as ledger
from .scoring import Planted as Planted, Score as Score, score as score
from .streets import Street as Street, Streets as Streets, streets_of as streets_of
from .thresholds import (
    SHIPPED as SHIPPED,
    Thresholds as Thresholds,
    read_thresholds as read_thresholds,
    shipped_thresholds as shipped_thresholds,
)
from .writing import alarm_json as alarm_json, finding_json as finding_json
