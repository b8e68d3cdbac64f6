"""The store is away: said once, tried again after ever longer, and said when it is over."""

from __future__ import annotations

import logging

logger = logging.getLogger(__name__)

# Seconds between tries, doubled each time and never longer than the second.
FIRST_WAIT = 0.5
LONGEST_WAIT = 5.0


class Outage:
    """The times when the store is away, as one process sees them."""

    def __init__(self) -> None:
        self._said: str | None = None
        self._next_wait = FIRST_WAIT

    def goes_on(self, sentence: str) -> float:
        """Note that a try has failed, and why; gives the seconds to wait before the next."""
        if self.is_news(sentence):
            logger.error("%s It is tried again until it does.", sentence)
        wait, self._next_wait = self._next_wait, min(self._next_wait * 2, LONGEST_WAIT)
        return wait

    def is_news(self, sentence: str) -> bool:
        """Whether this was not the last that was said."""
        before, self._said = self._said, sentence
        return sentence != before

    def is_over(self) -> None:
        """Note that the store does its work."""
        if self._said is not None:
            logger.info("The store answers again.")
        self._said, self._next_wait = None, FIRST_WAIT
