"""Every event has words for the log."""

from __future__ import annotations

from typing import get_args

import pytest

from ivr.engine import events
from ivr.engine.telling import told
from ivr.flow import talk

EXAMPLES: dict[type, events.Event] = {
    type(event): event
    for event in (
        events.CallStarted("main", "main", "abc", withheld=True),
        events.PlaceReached("main/topics"),
        events.ChoiceMade("main/topics", "1", "key"),
        events.Missed("main/topics", "nothing", 2),
        events.NoticeTold("outage"),
        events.CalmedDown("main/topics"),
        events.LookedUp("main/balance", "failed", "it took too long"),
        events.LanguageChosen("fi"),
        events.AnswerGiven("main/due"),
        events.AnswerHelped("main/due"),
        events.PersonSought("main/due", "asked"),
        events.NumberRung("main/person", last_resort=False),
        events.NumberEnded("main/person", "busy", 0),
        events.WaitTold("billing", "CA1", "minutes", 5, 8, 3, longer=True),
        events.PlaceGivenUp("main/wait", "back"),
        events.AgentMet("main/wait", "R1"),
        events.VoicemailLeft("main/message", 12),
        events.Unexpected("main/topics", "MessageLeft"),
        events.WentWrong("main/topics", "UnknownPlace: x"),
        events.CallEnded("completed", 42),
        talk.CallbackOffered("billing", ("place", "window")),
        talk.CallbackDeclined("billing"),
        talk.CallbackPromised("billing", "CA1-cb4", "place"),
        talk.CallbackRefused("billing", "no_room"),
        talk.NumberRefused("billing", "withheld", own=True),
        talk.CallbackRecognised("CA1-cb4", "open"),
        talk.TextsTold(("CA1-3-1",)),
        talk.CallbackChanged("CA1-cb4", "move"),
        talk.ReasonGiven("CA1-cb4", 7),
    )
}


@pytest.mark.parametrize("kind", get_args(events.Event))
def test_every_event_is_told_in_words(kind: type) -> None:
    words = told(EXAMPLES[kind])
    assert len(words) > 5
    assert kind.__name__ not in words
