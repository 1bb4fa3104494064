from .model import Emergency as Emergency, Policy as Policy
from .planning import (
    Call as Call,
    Choice as Choice,
    Unit as Unit,
    choose_unit as choose_unit,
    nearest_reachable as nearest_reachable,
    plan_route as plan_route,
)
