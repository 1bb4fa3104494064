"""Dead letters: looked at, mended, taken again. What stands for one is a message of its own in the feed's log."""

from __future__ import annotations

from dataclasses import dataclass

from networks.errors import Refused
from twin.feeds.governing import Governing, mended_why
from twin.feeds.inbox import put, standing_for, waiting
from twin.feeds.keeping import Keeping
from twin.feeds.log import LogReader, LogWriter, folder_of
from twin.feeds.message import Fault, Message, Understood
from twin.feeds.spec import Feed, FeedSet
from twin.feeds.understanding import as_first_received, understood


@dataclass(frozen=True, slots=True)
class Again:
    """What a message gives now.

    Attributes:
        number: Of the dead letter.
        found: What the format makes of what stands for it.
        message: What stands for it.
    """

    number: int
    found: Understood
    message: Message

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is still wrong; nothing was written then."""
        return self.found.faults


class Mending:
    """One feed's dead letters.

    Args:
        feeds: The file.
        feed: The feed.
        store: Where its rows are.
    """

    def __init__(self, feeds: FeedSet, feed: Feed, store: Keeping) -> None:
        self.log = folder_of(feeds.folder, feed.id)
        self._feed, self._store = feed, store
        self._format, self._conceal = feed.format(), feed.concealing()

    def message(self, number: int) -> Message:
        """As it came.

        Raises:
            NotThere: The log has it no more.
        """
        return LogReader(self.log).message(number)

    def again(self, number: int, payload: bytes | None = None) -> Again:
        """Understand a message once more; nothing is written.

        Args:
            number: Of the dead letter.
            payload: The mended message; None: as it came.
        """
        old = self.message(number)
        if payload is not None and self._conceal is not None:
            payload = self._conceal.conceal(payload)
        message = standing_for(old, number, old.payload if payload is None else payload)
        return Again(number, understood(self._format, as_first_received(message)), message)

    def take(self, again: list[Again]) -> bool:
        """Put what stands for dead letters into the log, and its rows into the store.

        Returns:
            Whether that is done; False: another process records this feed, and takes it within seconds.
        """
        for one in again:
            put(self.log, one.message)
        try:
            with LogWriter(self.log, at_least=self._store.position(self._feed.id)) as writer:
                taken = list(waiting(self.log))
                writer.append([message for _, message in taken])
                for path, _ in taken:
                    path.unlink(missing_ok=True)
                settle = mended_why(self._store, "twin feeds dead")
                governing = Governing(self._feed.id, LogReader(self.log), self._format, self._store, settle)
                while governing.step(writer.end):
                    pass
        except Refused:
            return False
        return True
