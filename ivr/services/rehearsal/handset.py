"""A caller's telephone, as scripts are played on it; each stage has one of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from ivr.services.rehearsal.hearing import Sent, Utterance
from ivr.services.rehearsal.script import Step

State = Literal["listening", "ringing", "tone", "line", "ended"]
"""What a call waits for: the caller, a number that is being rung, a message, an agent, or nothing
more."""


class Telephone(Protocol):
    """A caller's telephone. Each act returns when the call waits again, or has ended."""

    @property
    def heard(self) -> str:
        """What has been said since the caller's last act."""

    @property
    def utterances(self) -> Sequence[Utterance]:
        """The same, one by one."""

    @property
    def texts(self) -> Sequence[Sent]:
        """The text messages that were promised in this call so far."""

    @property
    def unanswered(self) -> str:
        """A lookup for which the script has no answer; empty while there is none."""

    @property
    def state(self) -> State: ...

    @property
    def ringing(self) -> str:
        """The number that is being rung, while `state` is `ringing`."""

    @property
    def passing(self) -> bool:
        """The caller may act, but the call goes on by itself: last words, or before a tone."""

    def dial(self) -> None: ...
    def let_pass(self) -> None:
        """Let what is `passing` pass; what was heard stays heard."""

    def press(self, keys: str) -> None: ...
    def say(self, words: str) -> None: ...
    def stay_silent(self) -> None: ...
    def connect(self, outcome: str) -> None: ...
    def wait(self, seconds: int, step: Step) -> None:
        """Wait in the line, which stands as `step` says from now on."""

    def agent(self, does: str) -> None:
        """An agent `accepts` the caller, and they talk; or `is_gone` before they meet."""

    def leave_message(self, seconds: int, key: str) -> None: ...
    def hang_up(self) -> None: ...
    def close(self) -> None:
        """The telephone is put away, whatever the call was doing."""


class TelephoneError(Exception):
    """The telephone itself failed; one sentence. The call cannot go on."""


WAITS: Mapping[State, str] = {
    "listening": "it waits for the caller",
    "ringing": "a number is being rung",
    "tone": "it waits for a message after the tone",
    "line": "the caller waits in the line",
    "ended": "it has ended",
}
"""What to tell a person about it."""
