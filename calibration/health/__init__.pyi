from .believed_flows import RouteFlows as RouteFlows, network_flows as network_flows, route_flows as route_flows
from .fallback import Filled as Filled, SOURCES as SOURCES, fill as fill
from .finding import FAULTS as FAULTS, Finding as Finding
from .issues import (
    Issue as Issue,
    STATES as STATES,
    after_review as after_review,
    changed as changed,
    read_issues as read_issues,
    write_issues as write_issues,
)
from .reviewing import Health as Health, from_repairs as from_repairs, review as review
from .siting import Site as Site, Siting as Siting, site_sensors as site_sensors
