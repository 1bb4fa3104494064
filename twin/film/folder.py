"""`FilmFolder`: what pages were served, on disk: the map once, each forecast once, and each moment that differed.

    FOLDER/<digest of the map>/city.json.gz
                               hours/<moment>-<digest of its id>.json.gz    answers of GET /api/hour
                               moments/<moment>.json.gz                     {"now", "hour": file or null, "state"}

Moments are named in UTC by the twin's own clock. Each file appears whole or not at all.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from networks import landing_file
from networks.errors import StorageFailed

if TYPE_CHECKING:
    from twin.live import Hour

STAMP = "%Y%m%dT%H%M%SZ"
FAR = timedelta(hours=2)
"""A forecast is kept so much longer than moments are: what was shown may rest on an older one."""
IN_THE_HOUR = ("roads", "depth_m", "crowd")
"""Parts of a state that its hour tells, too."""
PASSING = ("now", "run_time_s", "busy", "held", "feeds", "figures", "seconds")
"""Parts of a state that alone are no reason to keep a moment."""


@dataclass
class FilmFolder:
    """Where a served city's film is kept.

    Attributes:
        folder: Where.
        kept: Moments older than this before the newest are removed.
    """

    folder: Path
    kept: timedelta = timedelta(hours=24)
    _place: Path | None = None
    _last: tuple[str, datetime | None] = ("", None)
    _hour: str = field(default="")

    def open(self, layers: Mapping[str, Any]) -> None:
        """Keep the map (GET /api/city); what is kept from now on belongs to it.

        Raises:
            StorageFailed: The disk is full or may not be written.
        """
        text = json.dumps(layers, ensure_ascii=False, allow_nan=False, sort_keys=True)
        self._place = self.folder / _digest(text)
        self._last, self._hour = ("", None), ""
        for name in ("hours", "moments"):
            try:
                (self._place / name).mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StorageFailed(f"the film cannot be kept: {error.strerror}", file=self._place) from error
        if not (self._place / "city.json.gz").is_file():
            write_packed(self._place / "city.json.gz", text)

    def take(self, state: Mapping[str, Any], hour: Hour | None, longest: timedelta = timedelta(minutes=1)) -> bool:
        """Keep a moment, where it says something new or the last one is longer ago than this; whether it was kept.

        Raises:
            StorageFailed: The disk is full or may not be written.
        """
        assert self._place is not None, "open comes first"
        now = datetime.fromisoformat(state["now"]).astimezone(UTC)
        thin, (before, at) = _thinned(state), self._last
        said = _said(thin)
        if said == before and at is not None and abs(now - at) < longest:
            return False
        name = self._keep_hour(hour) if hour is not None and state.get("hour") else None
        text = json.dumps({"now": state["now"], "hour": name, "state": thin}, ensure_ascii=False, allow_nan=False)
        write_packed(self._place / "moments" / f"{now.strftime(STAMP)}.json.gz", text)
        self._last = (said, now)
        return True

    def _keep_hour(self, hour: Hour) -> str:
        assert self._place is not None
        name = f"{hour.made_at.astimezone(UTC).strftime(STAMP)}-{_digest(hour.hour_id)}"
        if name != self._hour:
            place = self._place / "hours" / f"{name}.json.gz"
            if not place.is_file():
                told = hour.told()
                told["rows"] = told["rows"] | {"cameras": _without_addresses(told["rows"].get("cameras", ()))}
                write_packed(place, json.dumps(told, ensure_ascii=False, allow_nan=False))
            self._hour = name
            self._prune(hour.made_at.astimezone(UTC) - self.kept)
        return name

    def _prune(self, since: datetime) -> None:
        assert self._place is not None
        for name, begin in (("moments", since), ("hours", since - FAR)):
            for file in (self._place / name).glob("*.json.gz"):
                if file.name[:16] < begin.strftime(STAMP):
                    file.unlink(missing_ok=True)


def write_packed(place: Path, text: str) -> None:
    """A text, zipped; the same text gives the same bytes.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    with landing_file(place) as beside:
        beside.write_bytes(gzip.compress(text.encode(), 6, mtime=0))


def _thinned(state: Mapping[str, Any]) -> dict[str, Any]:
    """A state without what its hour tells; whole where it has no hour."""
    if not state.get("hour"):
        return dict(state)
    later = state.get("forecast")
    short = {name: value for name, value in later.items() if not isinstance(value, list)} if later else None
    return {name: value for name, value in state.items() if name not in IN_THE_HOUR} | {"forecast": short}


def _said(state: Mapping[str, Any]) -> str:
    """A digest of what is worth a moment of its own."""
    told = {name: value for name, value in state.items() if name not in PASSING}
    if isinstance(desk := told.get("desk"), Mapping):
        told["desk"] = {name: value for name, value in desk.items() if not name.startswith("clock")}
    return _digest(json.dumps(told, ensure_ascii=False, sort_keys=True))


def _without_addresses(cameras: Any) -> list[dict[str, Any]]:
    """Addresses of pictures may hold passwords, and a film is given away."""
    return [dict(one) | {"stream": ""} for one in cameras]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
