from .demand import (
    DemandCorrection as DemandCorrection,
    DemandPrior as DemandPrior,
    Factor as Factor,
    correct_demand as correct_demand,
)
from .observation import (
    MEASURES as MEASURES,
    Observation as Observation,
    ObservationTable as ObservationTable,
    QUALITIES as QUALITIES,
    WindowTotal as WindowTotal,
)
