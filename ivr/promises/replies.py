"""What is done about an answer, and what is said to it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from ivr.promises.answers import Answer
from ivr.promises.wordings import TextKind

Deed = Literal["cancel", "move", "back_in_line", "stop_texts", "start_texts"]
"""`move`: to the window of the answer's number. `stop_texts` and `start_texts` change consent."""

DAY = 24 * 3600.0


class Situation(Struct, frozen=True, omit_defaults=True):
    """How the person stands when the answer comes.

    `waits`: for a place in the line, for a window, or for nothing. `time_known`: there is a time
    to tell of the place. `windows`: how many can be offered now. `helped_at`: when they last got
    `help`, `passed_on` or `nothing_open` without having asked for it.
    """

    waits: Literal["place", "window", "nothing"]
    time_known: bool = False
    windows: int = 0
    helped_at: float | None = None


class Reply(Struct, frozen=True, omit_defaults=True):
    """`text`: what is answered, None where nothing is, or can be. `note`: the agent is to read what
    was written. `as_help`: this text counts as the day's help."""

    text: TextKind | None = None
    deeds: tuple[Deed, ...] = ()
    note: bool = False
    as_help: bool = False


def reply_to(answer: Answer, situation: Situation, now: float) -> Reply:
    """What follows from an answer.

    Where the carrier has acted and answered by itself, we say nothing besides: after STOP it would
    refuse it, and after START and HELP the person has had an answer.
    """
    deeds = _deeds(answer, situation)
    if answer.carrier:
        return Reply(None, deeds)
    note = (answer.unsure or answer.wish == "text") and situation.waits != "nothing"
    text, as_help = _text(answer, situation), False
    if answer.wish == "text":
        recent = situation.helped_at is not None and now - situation.helped_at < DAY
        text, as_help = (None, False) if recent else (text, True)
    return Reply(text, deeds, note, as_help)


def _deeds(answer: Answer, situation: Situation) -> tuple[Deed, ...]:
    deeds: list[Deed] = []
    if situation.waits != "nothing":
        match answer.wish:
            case "cancel":
                deeds.append("cancel")
            case "pick":
                deeds.append("move")
            case "again":
                deeds.append("back_in_line")
    if answer.carrier == "STOP" or answer.wish == "stop":
        deeds.append("stop_texts")
    if answer.carrier == "START" or answer.wish == "start":
        deeds.append("start_texts")
    return tuple(deeds)


def _text(answer: Answer, situation: Situation) -> TextKind | None:
    match answer.wish:
        case "thanks":
            return None
        case "stop":
            return "stopped"
        case "start":
            return "started"
        case "help":
            return "help"
    if situation.waits == "nothing":
        return "nothing_open"
    match answer.wish:
        case "how_long":
            if situation.waits == "window":
                return "status_window"
            return "status_time" if situation.time_known else "status_open"
        case "later":
            return "windows" if situation.windows else "no_windows"
        case "pick":
            return "receipt_window"
        case "cancel":
            return "cancelled"
        case "again":
            return "back_in_line"
    # A slip, or a word of which we are not sure, needs advice; a letter needs to know it is read.
    return "passed_on" if answer.perhaps is None else "help"
