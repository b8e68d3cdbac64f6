"""Carrying out moves, one after another, until the call waits for somebody or ends.

The rules of the way are here: an answer is given once, a place come to a third time without
progress ends at a person, and when the person cannot be reached either, at the fallback number.
"""

from __future__ import annotations

from msgspec import structs

from ivr.engine import events
from ivr.engine.call import Visit
from ivr.engine.limits import (
    FIRST_TIMEOUT,
    GOODBYE_TIMEOUT,
    LAST_RESORT_TIMEOUT,
    LATER_TIMEOUT,
    MESSAGE_TIMEOUT,
    MOST_STEPS,
    MOST_VISITS,
)
from ivr.engine.progress import Progress
from ivr.engine.replies import nobody
from ivr.engine.speaking import Reached, closing, joined, speak
from ivr.engine.waiting import (
    come_into_line,
    give_up_place,
    leave_line_behind,
    meet_agent,
    stand_in_line,
    wait_on,
)
from ivr.flow.actions import Action, Connect, GoOn, HangUp, Listen, TakeMessage
from ivr.flow.flow import Place
from ivr.flow.kinds.node import FIRST
from ivr.flow.moves import (
    Ask,
    AskDesk,
    Entry,
    Finish,
    GiveUpPlace,
    Go,
    LookUp,
    MeetAgent,
    Move,
    Question,
    Record,
    Ring,
    Talking,
    ToPerson,
    Wait,
    WaitOn,
    Why,
)
from ivr.flow.spoken import Unsayable


def follow(progress: Progress, move: Move) -> None:
    """Carry out `move` and every move that follows from it; sets `progress.actions`."""
    onward: Move | None = move
    steps = 0
    while onward is not None:
        steps += 1
        if steps > MOST_STEPS:
            progress.tell(events.PersonSought(progress.call.place, "too_many_steps"))
            _ring_last_resort(progress)
            return
        try:
            onward = _carry_out(progress, onward)
        except Unsayable as unsayable:
            # A text without one of its values: nothing half is said, a person says it.
            progress.tell(events.WentWrong(progress.call.place, str(unsayable)))
            onward = ToPerson("lost")
    leave_line_behind(progress)


def _carry_out(progress: Progress, move: Move) -> Move | None:
    """Do one move; the next one, or None when the turn is over."""
    if isinstance(move, Talking):
        progress.talked(move)
    match move:
        case Go():
            return _go(progress, move)
        case ToPerson(why):
            return _to_person(progress, why)
        case Ask(said, stage, pending):
            progress.prompts.extend(said)
            if move.in_line is not None:
                stand_in_line(progress, move.in_line)
            progress.ask_at(stage, pending)
            _put_question(progress)
        case AskDesk(stage, said):
            progress.prompts.extend(said)
            progress.ask_at(stage, None)
            progress.set(waiting="lookup")
            progress.request = progress.node.request(progress.scene)
        case LookUp(said):
            progress.prompts.extend(said)
            _look_up(progress)
        case Ring(number, timeout, said):
            progress.prompts.extend(said)
            _ring(progress, number, timeout)
        case Record(longest, silence, said, stage):
            progress.prompts.extend(said)
            progress.ask_at(stage, None)
            progress.tell_notices()
            progress.set(waiting="message")
            message = TakeMessage(longest, silence)
            progress.actions = (*_overheard(progress, MESSAGE_TIMEOUT), message)
        case Finish(said):
            progress.prompts.extend(said)
            _finish(progress)
        case Wait():
            progress.prompts.extend(move.said)
            come_into_line(progress, move)
        case WaitOn():
            wait_on(progress, move)
        case GiveUpPlace():
            give_up_place(progress, move)
        case MeetAgent():
            meet_agent(progress, move)
    return None


def _go(progress: Progress, move: Go) -> Move | None:
    progress.prompts.extend(move.said)
    progress.went.append(move.target)
    progress.effects.extend(move.effects)
    if move.assigned:
        progress.remember(move.assigned)
    if move.progress:
        progress.set(visits=())
        progress.tell(events.AnswerHelped(progress.call.place))
    if move.language is not None:
        progress.speak_in(move.language)
        progress.tell(events.LanguageChosen(move.language))
    place = progress.company.flows.place(progress.call.flow, move.target)
    return _come_to(progress, place, move.because)


def _come_to(progress: Progress, place: Place, because: str = "") -> Move | None:
    call, name = progress.call, str(place)
    node = progress.company.flows.node(place)
    visits, times = [], 1
    for visit in call.visits:
        if visit.place == name:
            times += visit.times
        else:
            visits.append(visit)
    # From here on the person is the one of the flow that was come to.
    if times > MOST_VISITS:
        progress.stand_at(place, node)
        if place == progress.person:
            return _ring_last_resort(progress)
        return ToPerson("going_round")
    if node.gives_answer and name in call.answered:
        progress.stand_at(place, node)
        return ToPerson("told_already")
    visits.append(Visit(name, times))
    answered = (*call.answered, name) if node.gives_answer else call.answered
    progress.stand_at(place, node, misses=0, visits=tuple(visits), answered=answered)
    progress.tell(events.PlaceReached(name, because))
    if node.gives_answer:
        progress.tell(events.AnswerGiven(name))
    return node.enter(progress.scene)


def _to_person(progress: Progress, why: Why) -> Move | None:
    instead = progress.node.instead_of_person(progress.scene, why)
    if instead is not None:
        return instead
    progress.tell(events.PersonSought(progress.call.place, why))
    if progress.call.last_resort:
        return nobody(progress)
    phrases = progress.language.phrases
    if why == "misses":
        person = progress.reached() == "person"
        progress.say(phrases.giving_up if person else phrases.giving_up_message)
    elif why == "told_already":
        progress.say(phrases.told_already)
    elif why == "going_round":
        progress.say(phrases.going_round)
    return _come_to(progress, progress.person)


def _put_question(progress: Progress) -> None:
    question = progress.question()
    # While a language is still to be chosen, it is not known in which to tell anything.
    if len(question.languages) == 1:
        progress.tell_notices()
    listen = _listening(progress, question)
    if progress.prompts or progress.call.calm:
        told = progress.spoken((*progress.prompts, *listen.prompts))
        listen = structs.replace(listen, prompts=told)
    if progress.call.waiting != "choice":
        progress.set(waiting="choice")
    progress.actions = (listen,)


def _listening(progress: Progress, question: Question) -> Listen:
    """How the question is put to a caller who needs no time, with nothing said before it."""
    call, wording = progress.call, progress.wording
    reached = progress.reached() if question.offers_person else None
    if not progress.node.asks_the_same:
        return _made(progress, question, wording, reached)
    key = (call.flow, call.node, call.language, wording, call.calm, reached)
    listening = progress.company.listening
    known = listening.get(key)
    if known is None:
        known = listening[key] = _made(progress, question, wording, reached)
    return known


def _made(progress: Progress, question: Question, wording: int, reached: Reached | None) -> Listen:
    company, language = progress.company, progress.language
    prompts = list(question.prompts)
    if reached is not None:
        prompts.append(closing(language, wording, reached))
        # A question with an entry of its own has said what to say.
        if wording == FIRST and question.entry is None and company.speech:
            prompts.append(speak(language, language.phrases.or_say_it))
    entry = question.entry or Entry(keys=1)
    unhurried = wording == FIRST and not progress.call.calm
    return Listen(
        joined(prompts),
        language.code,
        timeout=FIRST_TIMEOUT if unhurried else LATER_TIMEOUT,
        keys=max(entry.keys, 1),
        finish=entry.finish if entry.keys > 1 else "",
        speech=company.speech,
        hints=question.hints,
    )


def _look_up(progress: Progress) -> None:
    """Say what there is to say first; whoever asks the company's own system does it after that."""
    progress.set(waiting="lookup")
    if progress.prompts:
        progress.actions = (*_overheard(progress, MESSAGE_TIMEOUT), GoOn())
    else:
        progress.request = progress.node.request(progress.scene)


def _ring(progress: Progress, number: str, timeout: int) -> None:
    progress.tell_notices()
    progress.tell(events.NumberRung(progress.call.place, progress.call.last_resort))
    progress.set(waiting="connection")
    progress.actions = (*progress.spoken(), Connect(number, timeout))


def _ring_last_resort(progress: Progress) -> Move | None:
    if progress.call.last_resort:
        return nobody(progress)
    progress.set(last_resort=True)
    _ring(progress, progress.company.fallback, LAST_RESORT_TIMEOUT)
    return None


def _finish(progress: Progress) -> None:
    """End the call after what is still to be said; 0 works to the last word, while there is
    somebody left to ring."""
    progress.tell_notices()
    if progress.prompts and not progress.call.last_resort:
        progress.set(waiting="goodbye")
        progress.actions = (*_overheard(progress, GOODBYE_TIMEOUT), HangUp())
    else:
        progress.set(waiting="nothing")
        progress.actions = (*progress.spoken(), HangUp())


def _overheard(progress: Progress, timeout: int) -> tuple[Action, ...]:
    """The prompts, said while 0 and the words for a person are still listened for."""
    if not progress.prompts:
        return ()
    return (
        Listen(
            progress.spoken(),
            progress.call.language,
            timeout=timeout,
            speech=progress.company.speech,
            reports_silence=False,
        ),
    )
