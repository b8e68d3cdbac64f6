"""What happened in a call, in words for the log: one short clause an event."""

from __future__ import annotations

from ivr.engine import events
from ivr.flow import talk


def told(event: events.Event) -> str:
    """The event as a clause, without anything that a caller said and without numbers."""
    match event:
        case events.CallStarted(line, flow, version, withheld):
            caller = "a withheld number" if withheld else "a caller"
            return f"{caller} rang the line {line} (flow {flow}, version {version})"
        case events.PlaceReached(place, because):
            return f"came to {place}{f' ({because})' if because else ''}"
        case events.ChoiceMade(place, choice, by):
            return f"chose {choice} at {place} by {by}"
        case events.Missed(place, heard, times):
            return f"miss {times} at {place} ({heard})"
        case events.NoticeTold(notice):
            return f"was told the notice {notice}"
        case events.CalmedDown(place):
            return f"asked for it slowly at {place}"
        case events.LookedUp(place, outcome, reason):
            return f"looked up at {place}: {outcome}{f' ({reason})' if reason else ''}"
        case events.LanguageChosen(language):
            return f"speaks {language}"
        case events.AnswerGiven(place):
            return f"was answered at {place}"
        case events.AnswerHelped(place):
            return f"was helped at {place}"
        case events.PersonSought(place, why):
            return f"is led to a person from {place} ({why})"
        case events.NumberRung(place, last_resort):
            return "the fallback number rings" if last_resort else f"a number rings for {place}"
        case events.NumberEnded(place, outcome, seconds):
            return f"the connection ended: {outcome}, {seconds} s"
        case events.WaitTold():
            return _wait(event)
        case events.PlaceGivenUp(place, why):
            return f"leaves the line at {place} ({why})"
        case events.AgentMet(place, reservation):
            return f"meets the agent of {reservation} at {place}"
        case events.VoicemailLeft(place, seconds):
            return f"left a message of {seconds} s at {place}"
        case events.Unexpected(place, came):
            return f"{came} came to {place}, where it was not waited for"
        case events.WentWrong(place, reason):
            return f"something failed at {place}: {reason}"
        case events.CallEnded(status, seconds, found_by):
            length = "" if seconds is None else f" after {seconds} s"
            return f"the call ended{length}: {status}, told by {found_by}"
        case _:
            return _talked(event)


def _wait(told: events.WaitTold) -> str:
    """What was told of a wait."""
    kinds = {
        "soon": "less than 2 minutes",
        "minutes": f"{told.low} to {told.high} minutes",
        "ahead": f"{told.ahead} ahead",
        "nothing": "nothing of the wait",
    }
    longer = ", longer than before" if told.longer else ""
    return f"was told in the line of {told.queue}: {kinds[told.kind]}{longer}"


def _talked(event: talk.TalkEvent) -> str:
    """What happened in a talk about callbacks."""
    match event:
        case talk.CallbackOffered(queue, kinds):
            return f"was offered a callback of {queue}: {' or '.join(kinds)}"
        case talk.CallbackDeclined(queue):
            return f"would rather not have a callback of {queue}"
        case talk.CallbackPromised(queue, callback, kind):
            return f"was promised the callback {callback} of {queue} ({kind})"
        case talk.CallbackRefused(queue, why):
            return f"could not be promised a callback of {queue} ({why})"
        case talk.NumberRefused(queue, why, own):
            whose = "their own number" if own else "the number they gave"
            return f"heard that {whose} is not rung for {queue} ({why or 'unknown'})"
        case talk.CallbackRecognised(callback, status):
            return f"heard how the callback {callback} stands ({status})"
        case talk.CallbackChanged(callback, change, why):
            done = f": not done ({why})" if why else ""
            return f"changed the callback {callback} ({change}){done}"
        case talk.TextsTold(texts):
            return f"heard what could not be texted: {', '.join(texts)}"
        case talk.ReasonGiven(callback, seconds):
            return f"said in {seconds} s what the callback {callback} is about"
