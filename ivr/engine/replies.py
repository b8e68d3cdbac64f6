"""What follows from what came back: the move that answers a caller, by what the call waits for.

The rules that a flow's author cannot forget are here: 0 and the words for a person, the ladder of
misses, and that nothing a caller said is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast

from msgspec import structs

from ivr.engine import events
from ivr.engine.call import Waiting
from ivr.engine.hearing import understand
from ivr.engine.limits import MOST_MISSES
from ivr.engine.progress import Progress
from ivr.engine.speaking import speak
from ivr.flow.callback_talk import CallbackAnswer, CallbackOffer, NumberChecked, Promised
from ivr.flow.inputs import (
    ConnectionEnded,
    Input,
    LeftQueue,
    LookedUp,
    MessageLeft,
    Met,
    Pressed,
    Said,
    Silent,
)
from ivr.flow.kinds.node import SLOWLY
from ivr.flow.moves import (
    Ask,
    Choice,
    Finish,
    GiveUpPlace,
    Go,
    JoinLine,
    LeaveLine,
    LookUp,
    MeetAgent,
    Move,
    Question,
    ToPerson,
    Wait,
    WaitOn,
    Why,
    WhyLeft,
)
from ivr.flow.spoken import Unsayable

PERSON_KEY = "0"


def reply(progress: Progress, heard: Input | CallbackAnswer) -> Move:
    """The move that answers `heard`."""
    if isinstance(heard, Met) and progress.call.waiting not in ("start", "nothing"):
        # Wherever the caller has got to meanwhile: a person is there for them now.
        return _met(progress, heard)
    if isinstance(heard, CallbackOffer | NumberChecked | Promised):
        return progress.node.answered(progress.scene, heard)
    try:
        return _REPLIES[progress.call.waiting](progress, heard)
    except Unsayable as unsayable:
        # A text to be sent without one of its values: a person takes over.
        progress.tell(events.WentWrong(progress.call.place, str(unsayable)))
        return ToPerson("lost")


def _start(progress: Progress, heard: Input) -> Move:
    call = progress.call
    flow = progress.company.lines[call.line].flow
    progress.tell(events.CallStarted(call.line, flow, call.version, withheld=call.caller is None))
    return Go(f"{flow}/")


def _choice(progress: Progress, heard: Input) -> Move:
    match heard:
        case Pressed(keys):
            return _pressed(progress, keys)
        case Said(words, confidence):
            return _said(progress, words, confidence)
        case Silent():
            return _miss(progress, "nothing")
        case _:
            _unexpected(progress, heard)
            return _ask_again(progress)


def _pressed(progress: Progress, keys: str) -> Move:
    question = progress.question()
    if question.entry is not None:
        # Among many keys a 0 is one of them; alone it asks for a person, as everywhere.
        if keys == PERSON_KEY:
            return ToPerson("asked")
        return progress.node.entered(progress.scene, Pressed(keys)) or _miss(progress, "key")
    if keys.startswith(PERSON_KEY):
        return ToPerson("asked")
    for choice in question.choices:
        if choice.key == keys[:1]:
            return _chosen(progress, choice, "key")
    return _miss(progress, "key")


def _said(progress: Progress, words: str, confidence: float | None) -> Move:
    understood = understand(words, confidence, progress.question())
    spoken = understood.languages
    if spoken and progress.call.language not in spoken:
        # Asked for in another language than the one begun in: go on in theirs.
        progress.speak_in(spoken[0])
        progress.tell(events.LanguageChosen(spoken[0]))
    if understood.verdict == "person":
        return ToPerson("asked")
    if understood.verdict == "calm" and not progress.call.calm:
        progress.calm_down()
        progress.tell(events.CalmedDown(progress.call.place))
        progress.say(progress.language.phrases.one_at_a_time)
        return _ask_again(progress)
    if understood.choice is not None:
        return _chosen(progress, understood.choice, "word")
    taken: Move | None = None
    if understood.verdict == "unclear" and progress.question().entry is not None:
        taken = progress.node.entered(progress.scene, Said(words, confidence))
        if taken is not None and not isinstance(taken, ToPerson):
            return taken
    if not progress.node.is_private:
        progress.keep_words(words)
    if understood.verdict == "complaint":
        return ToPerson("complaint")
    return taken or _miss(progress, "words")


def _ask_again(progress: Progress) -> Ask:
    """The open question, whichever of the node's it is."""
    return Ask(stage=progress.call.stage, pending=progress.call.pending)


def _chosen(progress: Progress, choice: Choice, by: Literal["key", "word"]) -> Move:
    progress.tell(events.ChoiceMade(progress.call.place, choice.name, by))
    if choice.label:
        progress.set(path=(*progress.call.path, choice.label))
    return progress.node.chosen(progress.scene, choice.name)


def _miss(progress: Progress, heard: Literal["nothing", "key", "words"]) -> Move:
    silence = progress.question().silence if heard == "nothing" else ""
    if silence:
        progress.tell(events.ChoiceMade(progress.call.place, silence, "silence"))
        return progress.node.chosen(progress.scene, silence)
    misses = progress.call.misses + 1
    progress.set(misses=misses)
    progress.tell(events.Missed(progress.call.place, heard, misses))
    if misses >= MOST_MISSES:
        return ToPerson("misses")
    # Where a language is still to be chosen, there is none in which to say that it was missed.
    if misses == 1 and len(progress.question().languages) == 1:
        phrases = progress.language.phrases
        progress.say(phrases.not_heard if heard == "nothing" else phrases.not_understood)
    if misses >= SLOWLY:
        progress.calm_down()
    return _ask_again(progress)


def _lookup(progress: Progress, heard: Input) -> Move:
    if isinstance(heard, LookedUp):
        progress.tell(events.LookedUp(progress.call.place, heard.outcome, heard.reason))
        return progress.node.looked_up(progress.scene, heard)
    why = _asks_for_person(progress, heard)
    if why is not None:
        return ToPerson(why)
    if isinstance(heard, Said):
        progress.keep_words(heard.words)
    return LookUp()


def _line(progress: Progress, heard: Input) -> Move:
    standing = progress.standing
    away = standing and progress.node.sent_away(progress.scene, standing)
    match heard:
        case LeftQueue():
            # The carrier could not keep them in its queue.
            return _out_of_line(progress, "failed")
        case Pressed(keys):
            for way in progress.node.ways_out(progress.scene):
                if way.key == keys[:1]:
                    place = progress.call.place
                    progress.tell(events.ChoiceMade(place, way.why, "key"))
                    return GiveUpPlace(way.why)
        case Said(words):
            progress.keep_words(words)
    asked = _asks_for_person(progress, heard)
    stay = progress.call.stay
    if away and stay is not None and stay.alone:
        return GiveUpPlace("person" if asked else away)
    # Whoever asks for a person waits for one already. And nobody is sent away at the first look: an
    # agent who has only just come, and is busy at once, may not be seen yet.
    return WaitOn(asked is not None, isinstance(heard, Pressed | Said), alone=bool(away))


def _leaving(progress: Progress, heard: Input) -> Move:
    # Whatever comes first: the carrier has no other way out of its queue.
    why = progress.call.stage
    progress.set(stage="")
    progress.look_again()
    if why == "person":
        return ToPerson("asked")
    return progress.node.left(progress.scene, cast(WhyLeft, why))


def _out_of_line(progress: Progress, why: WhyLeft) -> Move:
    progress.tell(events.PlaceGivenUp(progress.call.place, why))
    progress.effects.append(LeaveLine(why))
    return progress.node.left(progress.scene, why)


def _met(progress: Progress, heard: Met) -> Move:
    stay = progress.call.stay
    if heard.there or stay is None or not (stay.talking or progress.call.waiting == "line"):
        return MeetAgent(heard.reservation)
    # The agent is gone again: back to where the caller stood.
    lost = speak(progress.language, progress.language.waiting.cut_off)
    if not stay.talking or progress.call.waiting == "leaving":
        return Wait(stay.queue, stay.boost, (lost,))
    progress.prompts.append(lost)
    # Whatever follows, they stand in the line once more.
    progress.effects.append(JoinLine(stay.queue, stay.first, stay.boost))
    return progress.node.instead_of_person(progress.scene, "lost") or ToPerson("lost")


def _connection(progress: Progress, heard: Input) -> Move:
    if not isinstance(heard, ConnectionEnded):
        # The carrier came back without an outcome: it can only be taken for a failure.
        _unexpected(progress, heard)
        heard = ConnectionEnded("failed")
    stay, seconds = progress.call.stay, heard.seconds
    if stay is not None and stay.reservation:
        # The carrier does not tell how long somebody was in a conference.
        seconds = seconds or max(round(progress.now.timestamp() - stay.met), 0)
        progress.set(stay=structs.replace(stay, reservation=""))
    progress.tell(events.NumberEnded(progress.call.place, heard.outcome, seconds))
    if not progress.call.last_resort:
        return progress.node.connected(progress.scene, heard.outcome)
    return Finish() if heard.outcome == "completed" else nobody(progress)


def nobody(progress: Progress) -> Move:
    """There is nobody left to ring: say so and end."""
    return Finish((speak(progress.language, progress.language.phrases.nobody),))


def _message(progress: Progress, heard: Input) -> Move:
    match heard:
        case MessageLeft():
            return _recorded(progress, heard)
        case Silent():
            return progress.node.recorded(progress.scene, None)
        case Pressed() | Said():
            why = _asks_for_person(progress, heard)
            return ToPerson(why) if why else _before_tone(progress, heard)
        case _:
            _unexpected(progress, heard)
            return progress.node.recorded(progress.scene, None)


def _recorded(progress: Progress, message: MessageLeft) -> Move:
    if message.seconds > 0 and progress.node.keeps_message(progress.scene):
        _keep_message(progress, message)
    if message.key == PERSON_KEY:
        return ToPerson("asked")
    return progress.node.recorded(progress.scene, message if message.seconds > 0 else None)


def _keep_message(progress: Progress, message: MessageLeft) -> None:
    call = progress.call
    progress.tell(events.VoicemailLeft(call.place, message.seconds))
    progress.voicemail = events.Voicemail(
        call=call.id,
        line=call.line,
        place=call.place,
        language=call.language,
        recording=message.recording,
        seconds=message.seconds,
        left_at=progress.now.timestamp(),
        caller=call.caller,
        path=call.path,
        said=call.said,
    )


def _before_tone(progress: Progress, heard: Pressed | Said) -> Move:
    """They began before the tone: what was said is kept."""
    if isinstance(heard, Said):
        progress.keep_words(heard.words)
    return progress.node.before_tone(progress.scene, heard)


def _goodbye(progress: Progress, heard: Input) -> Move:
    why = _asks_for_person(progress, heard)
    if why is not None:
        return ToPerson(why)
    if isinstance(heard, Said):
        progress.keep_words(heard.words)
    return Finish()


def _asks_for_person(progress: Progress, heard: Input) -> Why | None:
    """Why what came while nothing was asked leads to a person; None when it does not."""
    if isinstance(heard, Pressed):
        return "asked" if heard.keys.startswith(PERSON_KEY) else None
    if not isinstance(heard, Said):
        return None
    nothing_asked = Question((), (), (progress.language,))
    verdict = understand(heard.words, heard.confidence, nothing_asked).verdict
    if verdict == "complaint":
        progress.keep_words(heard.words)
        return "complaint"
    return "asked" if verdict == "person" else None


def _nothing(progress: Progress, heard: Input) -> Move:
    _unexpected(progress, heard)
    return Finish()


def _unexpected(progress: Progress, heard: Input) -> None:
    progress.tell(events.Unexpected(progress.call.place, type(heard).__name__))


_REPLIES: dict[Waiting, Callable[[Progress, Input], Move]] = {
    "start": _start,
    "choice": _choice,
    "lookup": _lookup,
    "line": _line,
    "leaving": _leaving,
    "connection": _connection,
    "message": _message,
    "goodbye": _goodbye,
    "nothing": _nothing,
}
