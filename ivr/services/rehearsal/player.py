"""Plays one script on a telephone, and tells at which line what was heard differs."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.services.rehearsal.failure import Failure
from ivr.services.rehearsal.handset import WAITS, State, Telephone, TelephoneError
from ivr.services.rehearsal.hearing import Passage, contains, find, reworded, spoken
from ivr.services.rehearsal.script import Script, Step


class _Differs(Exception):
    def __init__(self, problem: str, expected: str = "", heard: str = "") -> None:
        super().__init__(problem)
        self.problem, self.expected, self.heard = problem, expected, heard


Heard = dict[int, str]
"""What `hears` should say, by the index of the step."""


def play(
    script: Script,
    telephone: Telephone,
    numbers: Mapping[str, str],
    anew: Heard | None = None,
) -> Failure | None:
    """Play the whole script; None when everything was as written.

    `numbers` are the names that `put_through` may use. With `anew`, words that are heard in the
    place of those of a `hears` are put there, and the call goes on.
    """
    try:
        return _Playing(script, telephone, numbers, anew).play()
    except TelephoneError as error:
        problem = str(error)
    except Exception as error:
        # A real caller would be put through; whoever wrote the script is told why.
        problem = f"The call failed: {type(error).__name__}: {error}"
    finally:
        telephone.close()
    line = script.document.mark(("calls", script.index))[0]
    return Failure(script.file, line, script.title, problem)


class _Playing:
    def __init__(
        self,
        script: Script,
        telephone: Telephone,
        numbers: Mapping[str, str],
        anew: Heard | None,
    ) -> None:
        self._script = script
        self._telephone = telephone
        self._numbers = numbers
        self._anew = anew
        self._position = 0
        self._texts_seen = 0

    def play(self) -> Failure | None:
        telephone, script = self._telephone, self._script
        telephone.dial()
        for index, step in enumerate(script.call.script):
            try:
                self._answered()
                self._take(index, step)
            except _Differs as differs:
                return self._failure(index, differs.problem, differs.expected, differs.heard)
        while telephone.passing:
            telephone.let_pass()
        last = len(script.call.script) - 1
        try:
            self._answered()
        except _Differs as differs:
            return self._failure(last, differs.problem)
        if telephone.state == "ended":
            return None
        return self._failure(
            last,
            f"The script is at its end and the call is not: {WAITS[telephone.state]}. "
            "End it with `hangs_up: true` or `call_ends: true`.",
            heard=telephone.heard,
        )

    def _failure(self, index: int, problem: str, expected: str = "", heard: str = "") -> Failure:
        script = self._script
        return Failure(script.file, script.line_of(index), script.title, problem, expected, heard)

    def _answered(self) -> None:
        if self._telephone.unanswered:
            raise _Differs(
                f"{self._telephone.unanswered} asks the company's own system, and the script has "
                "no answer: give it under `lookups`."
            )

    def _take(self, index: int, step: Step) -> None:
        telephone = self._telephone
        if step.hears is not None:
            self._hear(index, step)
        elif step.hears_not is not None:
            _find_not(step.hears_not, telephone.heard)
        elif step.text_sent is not None:
            self._sent(step.text_sent, self._recipient(step.to))
        else:
            _act(step, telephone, self._numbers)
            self._position = 0

    def _sent(self, wanted: str, to: str) -> None:
        texts = self._telephone.texts[self._texts_seen :]
        for number, text in enumerate(texts, self._texts_seen + 1):
            if text.to == to and contains(wanted, text.text):
                self._texts_seen = number
                return
        told = " | ".join(f"to {text.to}: {text.text}" for text in texts)
        raise _Differs("This text was not sent.", f"to {to}: {wanted}", told)

    def _recipient(self, to: str | None) -> str:
        return self._script.call.caller if to in (None, "caller") else self._numbers.get(to, to)

    def _passage(self, wanted: str) -> Passage | None:
        """Where it is heard; what passes by itself is waited for."""
        telephone = self._telephone
        while True:
            passage = find(wanted, telephone.utterances, self._position)
            if passage is not None or not telephone.passing:
                return passage
            telephone.let_pass()

    def _hear(self, index: int, step: Step) -> None:
        assert step.hears is not None
        wanted = step.hears
        passage = self._passage(wanted)
        if passage is None and self._anew is not None:
            better = reworded(wanted, self._telephone.heard, self._position)
            if better is not None:
                self._anew[index] = better
                passage = self._passage(better)
        if passage is None:
            raise _Differs("This was not heard.", expected=wanted, heard=self._telephone.heard)
        self._position = passage.end
        for said in passage.utterances:
            if step.language is not None and said.language not in (step.language, ""):
                raise _Differs(
                    "This was said in another language.",
                    f"in `{step.language}`: {wanted}", f"in `{said.language}`: {passage.text}",
                )  # fmt: skip
            if step.slowly is not None and said.slow != step.slowly:
                paces = {True: "slowly", False: "at the usual pace"}
                raise _Differs(
                    "This was said at another pace.",
                    f"{paces[step.slowly]}: {wanted}", f"{paces[said.slow]}: {passage.text}",
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
    elif step.waits is not None:
        _demand(telephone, "line", "waiting in the line")
        telephone.wait(step.waits, step)
    elif step.agent is not None:
        _demand(telephone, "line", "agent")
        telephone.agent(step.agent)
    elif step.leaves_message is not None:
        _demand(telephone, "tone", "leaving a message")
        telephone.leave_message(step.leaves_message, step.key or "")
    elif step.hangs_up is not None:
        if telephone.state != "ended":
            telephone.hang_up()
    elif telephone.state != "ended":
        raise _Differs(f"The call did not end: {WAITS[telephone.state]}.", heard=telephone.heard)


def _demand(telephone: Telephone, state: State, act: str) -> None:
    if telephone.state == state:
        return
    # Before the tone a caller may press or speak as well, which cuts a message short; and keys are
    # heard in the line.
    if state == "listening" and telephone.state in ("tone", "line"):
        return
    raise _Differs(f"No {act} now: {WAITS[telephone.state]}.", heard=telephone.heard)


def _find_not(unwanted: str, heard: str) -> None:
    if spoken(unwanted) in spoken(heard):
        raise _Differs("This should not have been heard.", expected=f"not: {unwanted}", heard=heard)
