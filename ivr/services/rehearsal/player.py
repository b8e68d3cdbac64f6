"""Plays one script on a telephone, and tells at which line what was heard differs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from rapidfuzz.fuzz import ratio

from ivr.services.rehearsal.script import Script, Step

State = Literal["listening", "ringing", "tone", "ended"]
"""What a call waits for: the caller, a number that is being rung, a message, or nothing more."""


class Telephone(Protocol):
    """A caller's telephone. Each act returns when the call waits again, or has ended."""

    @property
    def heard(self) -> str:
        """What has been said since the caller's last act."""

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
    def leave_message(self, seconds: int, key: str) -> None: ...
    def hang_up(self) -> None: ...
    def close(self) -> None:
        """The telephone is put away, whatever the call was doing."""


@dataclass(frozen=True)
class Failure:
    """Where a call went otherwise than its script says."""

    file: str
    line: int
    title: str
    problem: str
    expected: str = ""
    heard: str = ""

    def __str__(self) -> str:
        told = f"{self.file}:{self.line}: {self.title}: {self.problem}"
        if self.expected:
            told += f"\n  expected: {self.expected}"
        if self.heard or self.expected:
            told += f"\n  heard:    {self.heard or '(nothing)'}"
        where = difference(self.expected, self.heard)
        if where:
            told += f"\n  differs:  {where}"
        return told


ALIKE = 60.0
"""How alike (0 to 100) two texts must be for it to be worth telling where they differ."""


def difference(expected: str, heard: str) -> str:
    """Where the closest passage of `heard` first differs from `expected`; "" when none is close."""
    wanted = expected.split("...")[0].split()
    words = heard.split()
    if not wanted or not words:
        return ""
    starts = range(max(1, len(words) - len(wanted) + 1))
    closest = max(starts, key=lambda start: _alike(wanted, words[start:]))
    passage = words[closest : closest + len(wanted) + 1]
    if _alike(wanted, passage) < ALIKE:
        return ""
    pairs = zip(wanted, passage, strict=False)
    same = next((n for n, (a, b) in enumerate(pairs) if a.casefold() != b.casefold()), None)
    if same is None:
        return ""
    before = " ".join(wanted[max(0, same - 3) : same])
    instead = " ".join(passage[same : same + 3])
    at = f"after `{before}`: " if before else ""
    return f"{at}expected `{' '.join(wanted[same : same + 3])}`, heard `{instead}`"


def _alike(wanted: list[str], heard: list[str]) -> float:
    return ratio(_spoken(" ".join(wanted)), _spoken(" ".join(heard[: len(wanted)])))


class TelephoneError(Exception):
    """The telephone itself failed; one sentence. The call cannot go on."""


class _Differs(Exception):
    def __init__(self, problem: str, expected: str = "", heard: str = "") -> None:
        super().__init__(problem)
        self.problem, self.expected, self.heard = problem, expected, heard


_WAITS = {
    "listening": "it waits for the caller",
    "ringing": "a number is being rung",
    "tone": "it waits for a message after the tone",
    "ended": "it has ended",
}


def play(script: Script, telephone: Telephone, numbers: Mapping[str, str]) -> Failure | None:
    """Play the whole script; None when everything was as written.

    `numbers` are the names that `put_through` may use.
    """
    try:
        return _play(script, telephone, numbers)
    except TelephoneError as error:
        line = script.document.mark(("calls", script.index))[0]
        return Failure(script.file, line, script.title, str(error))
    finally:
        telephone.close()


def _play(script: Script, telephone: Telephone, numbers: Mapping[str, str]) -> Failure | None:
    telephone.dial()
    position = 0
    for index, step in enumerate(script.call.script):
        try:
            if step.hears is not None:
                position = _find(step.hears, telephone.heard, position)
            elif step.hears_not is not None:
                _find_not(step.hears_not, telephone.heard)
            else:
                _act(step, telephone, numbers)
                position = 0
        except _Differs as difference:
            return Failure(
                script.file, script.line_of(index), script.title,
                difference.problem, difference.expected, difference.heard,
            )  # fmt: skip
    while telephone.passing:
        telephone.let_pass()
    if telephone.state == "ended":
        return None
    last = script.line_of(len(script.call.script) - 1)
    return Failure(
        script.file, last, script.title,
        f"The script is at its end and the call is not: {_WAITS[telephone.state]}. "
        "End it with `hangs_up: true` or `call_ends: true`.",
        heard=telephone.heard,
    )  # fmt: skip


def _act(step: Step, telephone: Telephone, numbers: Mapping[str, str]) -> None:
    if step.presses is None and step.says is None and step.hangs_up is None:
        while telephone.passing:
            telephone.let_pass()
    if step.presses is not None:
        _demand(telephone, "listening", f"pressing {step.presses}")
        telephone.press(step.presses)
    elif step.says is not None:
        _demand(telephone, "listening", f"saying `{step.says}`")
        telephone.say(step.says)
    elif step.silent is not None:
        if telephone.state == "ended":
            raise _Differs("Nobody waits for the caller: the call has ended.")
        telephone.stay_silent()
    elif step.put_through is not None:
        _demand(telephone, "ringing", f"putting through to `{step.put_through}`")
        expected = numbers.get(step.put_through, step.put_through)
        if telephone.ringing != expected:
            name = next((n for n, number in numbers.items() if number == telephone.ringing), "")
            raise _Differs("Another number is rung.", expected=step.put_through,
                           heard=name or telephone.ringing)  # fmt: skip
        telephone.connect(str(step.outcome))
    elif step.leaves_message is not None:
        _demand(telephone, "tone", "leaving a message")
        telephone.leave_message(step.leaves_message, step.key or "")
    elif step.hangs_up is not None:
        if telephone.state != "ended":
            telephone.hang_up()
    elif telephone.state != "ended":
        raise _Differs(f"The call did not end: {_WAITS[telephone.state]}.", heard=telephone.heard)


def _demand(telephone: Telephone, state: State, act: str) -> None:
    if telephone.state == state:
        return
    # Before the tone a caller may press or speak as well: it is how a message is cut short.
    if state == "listening" and telephone.state == "tone":
        return
    raise _Differs(f"No {act} now: {_WAITS[telephone.state]}.", heard=telephone.heard)


def _spoken(text: str) -> str:
    return " ".join(text.casefold().split())


def _find(wanted: str, heard: str, position: int) -> int:
    parts = [re.escape(_spoken(part)) for part in wanted.split("...")]
    match = re.compile(".*?".join(parts)).search(_spoken(heard), position)
    if match is None:
        raise _Differs("This was not heard.", expected=wanted, heard=heard)
    return match.end()


def _find_not(unwanted: str, heard: str) -> None:
    if _spoken(unwanted) in _spoken(heard):
        raise _Differs("This should not have been heard.", expected=f"not: {unwanted}", heard=heard)
