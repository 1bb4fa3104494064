"""The switches of a desk: mode, autonomy, rules and clock; each is logged, and what is refused is, too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Connection

from networks.errors import BadInput, Refused
from twin.cycle import MODES, Mode
from twin.desk import ruling
from twin.desk.book import Book


class Controls:
    """What people switch for the whole desk.

    Args:
        book: The desk's database.
    """

    def __init__(self, book: Book) -> None:
        self.book = book

    def mode(self) -> Mode:
        """Usual days, or an emergency."""
        with self.book.read() as link:
            return MODES[ruling.in_force(link).mode]

    def switch(self, mode: str, *, who: str, why: str, role: str | None = None) -> Mode:
        """Switch between "normal" and "emergency", for everything and everybody at this desk.

        Raises:
            BadInput: No such mode.
            Refused: Not in this role; it is the mode already.
        """
        who, why = said("who", who, 200), said("why", why, 4000)
        with self.acting(who, f"mode {mode[:20]}", None) as link:
            ruling.check_may(link, self.book, who, role, "mode")
            ruling.switch_mode(link, self.book, mode, who, why)
        return self.mode()

    def autonomy(self, asset: str) -> str:
        """What the twin may do on an asset: "shadow", "advise", "supervised" or "bounded"."""
        with self.book.read() as link:
            return ruling.in_force(link).level([asset])[0]

    def set_autonomy(self, asset: str, level: str, *, who: str, why: str, role: str | None = None) -> str:
        """Lower the autonomy of an asset (or a pattern such as `signal:*`); "file" gives back what the file says.

        Returns:
            The level that holds now: never above the file's.

        Raises:
            BadInput: No such level.
            Refused: Not in this role.
        """
        who, why = said("who", who, 200), said("why", why, 4000)
        with self.acting(who, "autonomy", None) as link:
            ruling.check_may(link, self.book, who, role, "autonomy")
            ruling.set_level(link, self.book, said("asset", asset, 200), level, who, why)
        return self.autonomy(asset)

    def use_authority(self, text: str, file: str, *, who: str, why: str, role: str | None = None) -> None:
        """Judge by the rules of this file from now on; the desk keeps its text.

        Raises:
            BadInput: It cannot be read; told with its line.
            Refused: Not in this role.
        """
        who, why = said("who", who, 200), said("why", why, 4000)
        with self.acting(who, "authority", None) as link:
            ruling.check_may(link, self.book, who, role, "authority")
            ruling.take_file(link, self.book, text, file, who, why)

    def authority_text(self) -> str:
        """The file of rules in force, as it was written."""
        with self.book.read() as link:
            return ruling.text_in_force(link)

    def clock_behind(self) -> timedelta:
        """How far this machine's clock stands behind the latest time that the audit has seen."""
        with self.book.read() as link:
            return self.book.behind(link)

    def trust_clock(self, *, who: str, why: str, role: str | None = None) -> None:
        """Say that this machine's clock is right although the audit has seen a later time.

        Raises:
            Refused: Not in this role.
        """
        who, why = said("who", who, 200), said("why", why, 4000)
        with self.acting(who, "clock", None) as link:
            ruling.check_may(link, self.book, who, role, "clock")
            behind = self.book.behind(link)
            self.book.trust_clock(link)
            self.book.note(link, who, "clock", None, f"right although {behind.total_seconds():.0f} s behind: {why}")

    def ruling(self) -> ruling.Ruling:
        """The rules, the mode and the lowered levels that hold now."""
        with self.book.read() as link:
            return ruling.in_force(link)

    @contextmanager
    def acting(self, who: str, action: str, rec_id: str | None) -> Iterator[Connection]:
        """One transaction; what is refused in it leaves nothing but a line in the audit."""
        try:
            with self.book.work() as link:
                yield link
        except Refused as refusal:
            with self.book.work() as link:
                self.book.note(link, who, f"refused {action}", rec_id, refusal.what)
            raise


def said(name: str, value: str, longest: int) -> str:
    """A name or a reason, without spaces around.

    Raises:
        BadInput: Empty or too long.
    """
    value = value.strip()
    if not value or len(value) > longest:
        raise BadInput(f"--{name} is empty or too long", place=name, expected=f"1 to {longest} characters")
    return value
