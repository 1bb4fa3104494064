from .following import followed as followed
from .forecast import Forecast as Forecast
from .ledger import SERVED as SERVED, Ledger as Ledger
from .outcome import Outcome as Outcome
from .scores import (
    LEVEL as LEVEL,
    Foretold as Foretold,
    Scored as Scored,
    covered as covered,
    foretold as foretold,
    interval_score as interval_score,
    scored as scored,
)
from .seen import Seen as Seen
from .serving import MIXED as MIXED, Served as Served, Server as Server
from .service import Service as Service
from .measuring import Measured as Measured, SkillRow as SkillRow, measure as measure
