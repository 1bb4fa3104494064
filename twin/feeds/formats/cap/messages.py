"""The format `cap`: alerts wherever they stand in a message."""

from __future__ import annotations

from pydantic import Field

from networks.errors import BadInput
from twin.feeds.formats.cap.alerts import read_alert
from twin.feeds.formats.cap.entries import ATOM, read_entry
from twin.feeds.formats.cap.words import SPACE
from twin.feeds.formats.markup import MarkupOptions, Part, Reading, opened
from twin.feeds.message import Message, Understood


class CapOptions(MarkupOptions):
    """What the format `cap` may be told.

    Attributes:
        largest_mb: As in all XML.
        zone: As in all XML; CAP's times always tell theirs.
        circle_corners: Corners of the polygon that stands for a circle.
    """

    largest_mb: float = Field(default=8, gt=0, le=2000)
    circle_corners: int = Field(default=64, ge=8, le=720)


class Cap:
    """OASIS Common Alerting Protocol 1.2 and 1.1: situations.

    An alert is a situation `sender,identifier`; its infos are its parts, and infos that differ in language only are one
    part. An Update also ends, and a Cancel cancels, the alerts that it names: a row with part "" that holds for all
    their parts. What is no actual message (Test, Exercise, Draft) never touches another situation. "AllClear" ends.
    Alerts may stand alone or in any envelope (SOAP, EDXL-DE, Atom); entries of an Atom feed that carry CAP's elements
    are situations by the entry's id.
    """

    Options = CapOptions

    def __init__(self, options: CapOptions) -> None:
        self.options = options

    def understand(self, message: Message) -> Understood:
        """Situations of a message.

        Raises:
            BadInput: It is no XML that can be read, or holds no alert and no entry.
        """
        root, spaces = opened(message, self.options, (SPACE, ATOM))
        reading = Reading(message.received, self.options.zone)
        alerts, corners = list(root.iter("alert")), self.options.circle_corners
        if alerts and not any(space.startswith(SPACE) for space in spaces):
            raise BadInput(
                f"its alert is not in a namespace of CAP but in {', '.join(sorted(spaces - {''})) or 'none'}",
                file=message.topic,
                expected=f"{SPACE}2 (CAP 1.2) or {SPACE}1 (CAP 1.1)",
            )
        for number, element in enumerate(alerts, start=1):
            name = "alert" if len(alerts) == 1 else f"alert[{number}]"
            read_alert(Part(element, reading, name), "1.2" if f"{SPACE}2" in spaces else "1.1", corners)
        if not alerts:
            if root.tag != "feed":
                raise BadInput(
                    f"there is no alert in its <{root.tag.rpartition('}')[2]}>",
                    file=message.topic,
                    expected="an <alert> of CAP 1.2 or 1.1, alone or in an envelope, or an Atom <feed> of alerts",
                )
            for entry in Part(root, reading).all("entry"):
                read_entry(entry, corners)
        return reading.understood()
