"""Which sensors can be believed, what stands in for those that cannot, and where another would help most."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calibration.health.believed_flows import RouteFlows, network_flows, route_flows
    from calibration.health.fallback import SOURCES, Filled, fill
    from calibration.health.finding import FAULTS, Finding
    from calibration.health.issues import STATES, Issue, after_review, changed, read_issues, write_issues
    from calibration.health.reviewing import Health, from_repairs, review
    from calibration.health.siting import Site, Siting, site_sensors

__all__ = [
    "FAULTS",
    "SOURCES",
    "STATES",
    "Filled",
    "Finding",
    "Health",
    "Issue",
    "RouteFlows",
    "Site",
    "Siting",
    "after_review",
    "changed",
    "fill",
    "from_repairs",
    "network_flows",
    "read_issues",
    "review",
    "route_flows",
    "site_sensors",
    "write_issues",
]

_HOMES = {
    "fallback": "SOURCES Filled fill",
    "issues": "STATES Issue after_review changed read_issues write_issues",
    "finding": "FAULTS Finding",
    "siting": "Site Siting site_sensors",
    "reviewing": "Health from_repairs review",
    "believed_flows": "RouteFlows network_flows route_flows",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
