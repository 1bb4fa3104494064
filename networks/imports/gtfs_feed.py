"""Opens a GTFS feed, a zip or a folder, and reads its tables; nothing of it is unpacked to disk."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from networks.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
CALENDARS = ("calendar.txt", "calendar_dates.txt")
_MEMBERS_AT_MOST = 500
_BYTES_AT_MOST = 8 << 30
_RATIO_AT_MOST = 200
_SMALL_BYTES = 10 << 20


class GtfsFeed:
    """A feed's tables by name, such as `stops.txt`.

    Args:
        place: A .zip, or a folder; the tables may lie in one folder within the zip.
        content: The zip itself, where it is no file (yet); `place` is then only its name.
        largest_bytes: It may unpack to this much.

    Raises:
        BadInput: It is neither; a member leads out of the zip, unpacks to far more than it is, or is encrypted; a
            table that every feed needs is missing.
    """

    def __init__(self, place: Path, content: bytes | None = None, *, largest_bytes: int = _BYTES_AT_MOST) -> None:
        self.place, self._largest_bytes = Path(place), largest_bytes
        self._zip: zipfile.ZipFile | None = None
        if content is not None:
            self._zip = self._opened(io.BytesIO(content))
            self._members = self._listed(self._zip)
        elif self.place.is_dir():
            self._members = {file.name: str(file) for file in sorted(self.place.glob("*.txt")) if file.is_file()}
        elif self.place.is_file():
            self._zip = self._opened(self.place)
            self._members = self._listed(self._zip)
        else:
            raise BadInput("there is no such feed", file=place, expected="a .zip, or a folder with its tables")
        missing = [name for name in NEEDED if name not in self._members]
        if not any(name in self._members for name in CALENDARS):
            missing.append(" or ".join(CALENDARS))
        if missing:
            raise BadInput(
                f"it lacks {', '.join(missing)}", file=place, expected="a static GTFS feed (gtfs.org), whole"
            )

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def table(self, name: str, needed: Collection[str], other: Collection[str] = ()) -> pd.DataFrame:
        """A table as text, with its needed columns, and the others, empty where it lacks them.

        Raises:
            BadInput: It lacks a needed column, is no CSV in UTF-8, or its packing is damaged.
        """
        import pandas as pd

        wanted = {*needed, *other}
        try:
            with self._stream(name) as stream:
                table = pd.read_csv(
                    stream,
                    dtype=str,
                    keep_default_na=False,
                    encoding="utf-8-sig",
                    skipinitialspace=True,
                    usecols=lambda column: str(column).strip() in wanted,
                    on_bad_lines="error",
                )
        except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, ValueError) as error:
            raise BadInput(f"the table cannot be read: {error}", file=self.place, place=name) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
            raise BadInput(
                f"the table cannot be unpacked: {error}", file=self.place, place=name, remedy="download it again"
            ) from error
        table.columns = [str(column).strip() for column in table.columns]
        lacking = [column for column in needed if column not in table.columns]
        if lacking:
            raise BadInput(f"the table lacks the column {', '.join(lacking)}", file=self.place, place=name)
        for column in other:
            if column not in table.columns:
                table[column] = ""
        return table.fillna("")

    def close(self) -> None:
        """Give the zip back."""
        if self._zip is not None:
            self._zip.close()

    def _stream(self, name: str) -> IO[bytes]:
        if self._zip is not None:
            return self._zip.open(self._members[name])
        return Path(self._members[name]).open("rb")

    def _opened(self, zipped: Path | IO[bytes]) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(zipped)
        except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError, struct.error) as error:
            raise BadInput(
                f"it is no whole zip: {error}",
                file=self.place,
                expected="a GTFS feed as .zip, or a folder",
                remedy="download it again; a truncated download is the usual cause",
            ) from error

    def _listed(self, book: zipfile.ZipFile) -> dict[str, str]:
        if not all(info.filename for info in book.infolist()):
            raise BadInput("a member has no name", file=self.place, expected="a GTFS feed", remedy="download it again")
        infos = [info for info in book.infolist() if not info.is_dir()]
        if len(infos) > _MEMBERS_AT_MOST or sum(info.file_size for info in infos) > self._largest_bytes:
            raise BadInput("it unpacks to far more than a feed holds", file=self.place, expected="a GTFS feed")
        found: dict[str, str] = {}
        for info in infos:
            path = PurePosixPath(info.filename.replace("\\", "/"))
            if not path.parts or path.is_absolute() or ".." in path.parts or ":" in info.filename:
                raise BadInput("a member leads out of the zip", file=self.place, place=info.filename)
            if info.flag_bits & 1:
                raise BadInput("a member is encrypted", file=self.place, place=info.filename)
            if info.file_size > _SMALL_BYTES and info.file_size > _RATIO_AT_MOST * max(1, info.compress_size):
                raise BadInput("a member unpacks to far more than it is", file=self.place, place=info.filename)
            if path.parts[0] == "__MACOSX" or path.suffix != ".txt" or len(path.parts) > 2:
                continue
            if path.name in found:
                raise BadInput(f"it holds {path.name} twice", file=self.place, place=info.filename)
            found[path.name] = info.filename
        return found
