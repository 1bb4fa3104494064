from .outcome import (
    AT_ALL as AT_ALL,
    BY_DESIGN as BY_DESIGN,
    METHODS as METHODS,
    Outcome as Outcome,
    trust_text as trust_text,
)
from .outcome_book import OutcomeBook as OutcomeBook, promise as promise
from .street_time import MEASURE as MEASURE, UNIT as UNIT, past_sensors as past_sensors
