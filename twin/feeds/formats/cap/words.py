"""The words of CAP 1.2 (OASIS, 2010, section 3.2) and 1.1, and what they are to this twin."""

from __future__ import annotations

SPACE = "urn:oasis:names:tc:emergency:cap:1."
"""What the namespaces of CAP 1.1 and 1.2 begin with."""

STATUS = {"Actual": "actual", "Exercise": "exercise", "Test": "test", "Draft": "draft", "System": ""}
"""Word -> status of a situation; "System" is between machines, and no situation."""
MESSAGES = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
KINDS = {
    "Met": "weather",
    "Geo": "geological",
    "Safety": "safety",
    "Security": "security",
    "Rescue": "rescue",
    "Fire": "fire",
    "Health": "health",
    "Env": "environment",
    "Transport": "transport",
    "Infra": "infrastructure",
    "CBRNE": "hazardous materials",
    "Other": "other",
}
"""Category -> kind of a situation."""
NAMING = frozenset({"Rescue", "Security"})
"""Categories whose descriptions may name persons (missing, abducted, wanted): they are not kept."""
RESPONSES = {
    "1.2": ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"),
    "1.1": ("Shelter", "Evacuate", "Prepare", "Execute", "Monitor", "Assess", "None"),
}
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")

_WATERS = ("flood", "tsunami", "inundation", "storm surge", "洪", "涝", "内涝", "山洪", "海啸")
_WATER_CODES = frozenset({"FFW", "FFA", "FFS", "FLW", "FLA", "FLS", "CFW", "CFA", "TSW", "TSA"})
"""Event codes of the Specific Area Message Encoding (47 CFR 11.31) that mean water."""


def kind_of(categories: list[str], event: str, codes: list[str]) -> str:
    """What a warning is about: "flood" where its event says so, else by its first category."""
    water = any(word in event.lower() for word in _WATERS) or bool(_WATER_CODES.intersection(codes))
    if water and (not categories or {"Met", "Geo", "Env", "Safety"}.intersection(categories)):
        return "flood"
    return KINDS[categories[0]] if categories else "other"
