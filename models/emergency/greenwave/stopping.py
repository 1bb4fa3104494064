"""Oncoming traffic stopped within a stage, so that a queue that has to give way to it can leave."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

LIT = "Gg"
Ahead = Callable[[int], tuple[float, float, float]]
"""Link -> (seconds of green that the beat that is shown leaves it, seconds that the beats after it give it at least,
seconds from then to its next green)."""


class Stopping:
    """Links that are red for a while though their stage lets them go.

    A link is stopped when it has had its least green, by a yellow, or before its green begins; it is let go again when
    enough of its stage is left for its least green, and in any case before it has waited longer than the rules allow.

    Args:
        yellow_s: Of each link that may be stopped.
        green_s: Least green of each.
        red_most_s: Nobody waits longer than this between two greens.
        lit_s: When those turned green that are green now, at the latest.
    """

    def __init__(
        self, yellow_s: Mapping[int, float], green_s: Mapping[int, float], red_most_s: float, lit_s: Mapping[int, float]
    ) -> None:
        self._yellow_s, self._green_s, self._red_most_s = yellow_s, green_s, red_most_s
        self._stopped: dict[int, float] = {}
        self._lit_s = dict(lit_s)
        self._spared: set[int] = set()

    @property
    def links(self) -> tuple[int, ...]:
        """Those that are stopped now."""
        return tuple(sorted(self._stopped))

    @property
    def most_stay_s(self) -> float:
        """The longest that `needs_s` can be, and a second."""
        return max(self._green_s.values(), default=-1.0) + 1.0

    def needs_s(self, state: str, now_s: float, ahead: Ahead, red_since: Mapping[int, float], *, coming: bool) -> float:
        """How much longer a stage has to last so that those who are or were stopped in it have their least green.

        While the vehicle is still coming those who can wait for their next green may be left out this time. What the
        next beats give them counts: a stage that lasted for it too would be drawn out each time that it is asked.
        """
        waits = {link for link in self._stopped if state[link] in LIT}
        if coming:
            waits = {one for one in waits if self._has_to_go(one, now_s, ahead, red_since)}
        needs = {link: self._green_s[link] for link in waits}
        needs |= {link: self._green_s[link] - now_s + self._lit_s.get(link, now_s) for link in self._spared}
        return max([*(need - ahead(link)[1] for link, need in needs.items()), 0.0])

    def _has_to_go(self, link: int, now_s: float, ahead: Ahead, red_since: Mapping[int, float]) -> bool:
        """Whether a link that is stopped cannot wait for its next green."""
        return now_s - red_since.get(link, now_s) + ahead(link)[2] > self._near_most_s

    @property
    def _near_most_s(self) -> float:
        return self._red_most_s - 2 * self.most_stay_s

    def shown(
        self, state: str, now_s: float, wanted: Collection[int], ahead: Ahead,
        red_since: Mapping[int, float],
    ) -> str:  # fmt: skip
        """What is shown instead of the stage's state; called once for each second, in order.

        Args:
            state: Of the stage.
            now_s: Whole second of the clock.
            wanted: Links to stop.
            ahead: For a link that the stage lets go.
            red_since: Link -> when it turned red, of those that are red.
        """
        letters = list(state)
        for link in {*wanted, *self._stopped} & self._yellow_s.keys():
            letters[link] = self._letter(link, state[link], now_s, link in wanted, ahead, red_since)
        for link, letter in enumerate(letters):
            if letter in LIT:
                self._lit_s.setdefault(link, now_s)
            else:
                self._lit_s.pop(link, None)
            if state[link] not in LIT:
                self._spared.discard(link)
        return "".join(letters)

    def _letter(
        self, link: int, letter: str, now_s: float, wanted: bool, ahead: Ahead,
        red_since: Mapping[int, float],
    ) -> str:  # fmt: skip
        stop = wanted and link not in self._spared
        if link not in self._stopped:
            if not stop or letter not in LIT:
                return letter
            lit_s = self._lit_s.get(link)
            if lit_s is not None and now_s - lit_s < self._green_s[link]:
                return letter
            if lit_s is not None and sum(ahead(link)[:2]) <= self._yellow_s[link]:
                return letter  # it ends by itself
            self._stopped[link] = now_s if lit_s is not None else now_s - self._yellow_s[link]
        if now_s - self._stopped[link] < self._yellow_s[link]:
            return "y"
        if letter not in LIT:
            if letter not in "yY":
                del self._stopped[link]
            return "r"
        left, red = sum(ahead(link)[:2]), now_s - red_since.get(link, now_s)
        enough = left >= self._green_s[link]
        last = left < self._green_s[link] + 1.0 and self._has_to_go(link, now_s, ahead, red_since)
        if enough and (not stop or last or red + 1.0 >= self._red_most_s):
            del self._stopped[link]
            self._spared.add(link)
            return letter
        return "r"
