from .case_file import parameter_table as parameter_table, write_case as write_case, write_fitted as write_fitted
from .catalogue import KINDS as KINDS, Kind as Kind, USUAL as USUAL
from .experiment import Experiment as Experiment
from .fitting import (
    FittedParameters as FittedParameters,
    Found as Found,
    experiment_of as experiment_of,
    fit_parameters as fit_parameters,
)
from .judging import Judgement as Judgement, Side as Side
from .searching import SEARCHES as SEARCHES
from .street import (
    Journeys as Journeys,
    Street as Street,
    edge_facts as edge_facts,
    path_seconds as path_seconds,
    read_journeys as read_journeys,
)
from .vehicle_types import VehicleTypes as VehicleTypes, taken_out as taken_out
