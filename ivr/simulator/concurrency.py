"""The limit on REST requests under way at once: what is beyond it is refused and not processed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ivr.simulator.errors import RestError


@dataclass
class Concurrency:
    """Counts the requests under way; a limit of 0 is none, and may be changed at any time."""

    limit: int = 0
    under_way: int = 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """One more request is under way meanwhile."""
        self.under_way += 1
        try:
            yield
        finally:
            self.under_way -= 1

    def check(self) -> None:
        """Raise 429 when more are under way than may be."""
        if self.limit and self.under_way > self.limit:
            raise RestError(429, 20429)
