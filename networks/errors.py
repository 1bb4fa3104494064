"""The one error tree of the twin.

TwinError                    root: what is wrong, where, what was expected, what to do
|-- BadInput                 a file, a tag, an argument that a person gave us
|   |-- BadMap               an OSM file or terrain that a city cannot be built from
|   |-- BadCity              a City folder that is incomplete, changed or of another version
|   |-- BadCorrections       a corrections file: unknown field, wrong type, an object that is not on the map
|   `-- BadScenario          a scenario file: unknown kind, impossible value, edge not in the city
|-- EngineFailed             SUMO, netconvert or a solver stopped
|-- InvalidRun               a member that gridlocked or broke its ledger, kept out in the open
|-- NotThere                 something asked for by name that does not exist (run, recommendation, city)
|-- QualityFailed            a city was built, but one of its quality checks failed, and it had to pass
|-- Refused                  a decision that is not allowed (expired, already decided)
`-- StorageFailed            disk full, no permission: nothing half-written is left
"""

from __future__ import annotations

from pathlib import Path


class TwinError(Exception):
    """What went wrong, told to the person who can mend it.

    Args:
        what: One sentence that says what is wrong.
        file: The file it is about, when there is one.
        place: Where in the file: a line, a tag, a field, an id.
        expected: What would have been right.
        remedy: What to do now.
    """

    exit_status = 1

    def __init__(
        self,
        what: str,
        *,
        file: Path | str | None = None,
        place: str | None = None,
        expected: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(what)
        self.what, self.file, self.place = what, str(file) if file is not None else None, place
        self.expected, self.remedy = expected, remedy

    def __reduce__(self) -> tuple[object, ...]:
        """Keep every field when the error travels between processes (Ray pickles exceptions)."""
        return (_rebuild, (type(self), self.what, self.file, self.place, self.expected, self.remedy))

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.place) if part)
        lines = [f"{where}: {self.what}" if where else self.what]
        if self.expected:
            lines.append(f"  expected: {self.expected}")
        if self.remedy:
            lines.append(f"  to do: {self.remedy}")
        return "\n".join(lines)


def why_unread(error: OSError | UnicodeDecodeError) -> str:
    """Why a text file could not be read, without numbers of errors and bytes."""
    if isinstance(error, UnicodeDecodeError):
        return "it is no text in UTF-8"
    return "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror or str(error)


def _rebuild(
    kind: type[TwinError], what: str, file: str | None, place: str | None, expected: str | None, remedy: str | None
) -> TwinError:
    return kind(what, file=file, place=place, expected=expected, remedy=remedy)


class BadInput(TwinError):
    """Something that a person gave us cannot be used."""

    exit_status = 2


class BadMap(BadInput):
    """A map or terrain file that a city cannot be built from."""


class BadCity(BadInput):
    """A City folder that is incomplete, changed since it was built, or of another version."""


class BadCorrections(BadInput):
    """Hand corrections that cannot be applied as written."""


class BadScenario(BadInput):
    """A scenario that cannot be run as written."""


class EngineFailed(TwinError):
    """An engine (SUMO, netconvert, a solver) stopped."""

    exit_status = 3


class InvalidRun(TwinError):
    """A member whose result must not be averaged in silence."""

    exit_status = 3


class NotThere(TwinError):
    """Something asked for by name that does not exist."""

    exit_status = 2


class QualityFailed(TwinError):
    """A city that is there and whole, but does not pass the checks that it was asked to pass."""

    exit_status = 6


class Refused(TwinError):
    """A decision that is not allowed."""

    exit_status = 4


class StorageFailed(TwinError):
    """The disk is full or may not be written."""

    exit_status = 5
