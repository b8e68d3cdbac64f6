"""Every call of this network."""

from collections import deque

from ivr.simulator.call import Call


class Calls:
    """Every call that is under way, and the last that were."""

    def __init__(self, remembered: int) -> None:
        self._remembered = remembered
        self._calls: dict[str, Call] = {}
        self._finished: deque[str] = deque()

    def add(self, call: Call) -> None:
        """A call begins."""
        self._calls[call.sid] = call

    def retire(self, call: Call) -> None:
        """A call has ended; the oldest such call may be forgotten for it."""
        self._finished.append(call.sid)
        if len(self._finished) > self._remembered:
            self._calls.pop(self._finished.popleft(), None)

    def forget(self, call: Call) -> None:
        """Let go of a call that has ended."""
        self._calls.pop(call.sid, None)

    def get(self, sid: str) -> Call | None:
        """The call of that identifier."""
        return self._calls.get(sid)

    def all(self) -> list[Call]:
        """Every call that is remembered, oldest first."""
        return list(self._calls.values())

    def live(self) -> list[Call]:
        """The calls that have not ended, oldest first."""
        return [call for call in self.all() if not call.is_over]
