"""The talk about a callback: what is asked, what is told, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from msgspec import structs

from ivr.engine.company import Company
from ivr.engine.turn import Turn, begin
from ivr.flow.actions import Enqueue, GoOn, HangUp, LeaveQueue, Listen, Meet, Say, TakeMessage
from ivr.flow.callback_talk import (
    CallbackOffer,
    CallbackWanted,
    ChangeWanted,
    KnownCallback,
    NumberChecked,
    NumberWanted,
    Promised,
    PromiseWanted,
    ReasonTold,
    UntoldText,
)
from ivr.flow.inputs import Arrived, Input, LeftQueue, MessageLeft, Met, Pressed, Said, Silent
from ivr.flow.moves import JoinLine, LeaveLine
from ivr.flow.queue_rules import QueueRules
from ivr.flow.talk import CallbackOffered, TextsTold
from ivr.queueing.board import Board, Standing
from ivr.queueing.protocol import Estimate
from ivr.services.deciding import decide, no_lookups
from tests.engine.desks import BOTH, TODAY, Desk
from tests.engine.test_callbacks_at_random import COMPANIES
from tests.support import MOBILE, SUNDAY, WEDNESDAY

KNOWN = KnownCallback(
    "C1", "support", "open", ("keep", "move", "cancel", "wait_here"),
    WEDNESDAY.timestamp() - 900, 60.0, window=False, said="", ahead=2,
)  # fmt: skip


@dataclass
class Caller:
    """Somebody who rings, chooses `to` in the menu, and goes on by what they press and say."""

    desk: Desk = field(default_factory=Desk)
    to: str = "1"
    caller: str | None = MOBILE
    now: datetime = WEDNESDAY
    company: Company = COMPANIES["en"]
    heard: str = ""
    turns: list[Turn] = field(default_factory=list)

    def __post_init__(self) -> None:
        board = Board("support", 0.0, 4, 1, callbacks=("place", "window"))
        self.company = replace(self.company, boards={"support": board})
        call = begin(self.company, call_id="CA1", line="main", caller=self.caller, now=self.now)
        offer, self.desk.offer = self.desk.offer, CallbackOffer()
        self._take(call, Arrived())
        self.desk.offer = offer
        self.act(Pressed(self.to))

    @property
    def turn(self) -> Turn:
        return self.turns[-1]

    @property
    def place(self) -> str:
        return self.turn.call.node

    def act(self, *inputs: Input | str) -> Caller:
        """A text of digits is pressed."""
        for heard in inputs:
            self._take(self.turn.call, Pressed(heard) if isinstance(heard, str) else heard)
        return self

    def round(self, seconds: int = 45, left: float = 900.0) -> Caller:
        self.now += timedelta(seconds=seconds)
        estimate = Estimate(left / 2, left, left * 2, left)
        standing = Standing(self.now.timestamp(), 3, estimate=estimate, sound=True, agents=1)
        self._take(self.turn.call, Silent(), standing)
        return self

    def effects(self) -> list[object]:
        return [effect for turn in self.turns for effect in turn.effects]

    def _take(self, call: object, heard: Input, standing: Standing | None = None) -> None:
        turn = decide(
            self.company, call, heard, self.now, no_lookups, standing, self.desk  # type: ignore[arg-type]
        )  # fmt: skip
        self.turns.append(turn)
        self.heard = " ".join(
            prompt.text
            for action in turn.actions
            for prompt in (action.prompts if isinstance(action, Listen) else (action,))
            if isinstance(prompt, Say)
        )


def test_whoever_takes_the_place_is_promised_it_with_the_one_they_have_in_the_line() -> None:
    caller = Caller()
    assert caller.heard == (
        "I am putting you in the line. Many people are waiting just now. We can call you back in "
        "about twenty minutes, and you keep your place in the line. For that, press 1. To choose a "
        "time for us to call, press 2. Or just stay on the line."
    )
    assert caller.effects() == [JoinLine("support", WEDNESDAY.timestamp())]
    caller.act("1")
    assert "plus 4 6, 7 0, 1 7 4, 0 6, 0 5. If that is right, press 1." in caller.heard
    caller.act("1")
    assert caller.heard == "Good. We call you in about twenty minutes. Goodbye."
    assert isinstance(caller.turn.actions[-1], HangUp)
    (promise,) = caller.desk.asked_for(PromiseWanted)
    assert promise == PromiseWanted("support", "place", MOBILE, WEDNESDAY.timestamp())
    assert caller.turn.effects == (LeaveLine("callback"),)


def test_a_time_is_chosen_and_the_number_is_another_with_an_extension() -> None:
    caller = Caller().act("2")
    assert "Today between 14:00 and 14:30: press 1." in caller.heard
    caller.act(Said("the second one"), "2")
    assert caller.heard.startswith("Key in the number that we can call, and then the hash key.")
    caller.act("0701740612*34#")
    assert caller.desk.asked_for(NumberWanted) == [NumberWanted("support", "0701740612*34")]
    assert "extension 3 4" in caller.heard
    caller.act("1")
    assert caller.heard.startswith("Good. We call you today between 15:00 and 15:30.")
    (promise,) = caller.desk.asked_for(PromiseWanted)
    assert (promise.number, promise.extension, promise.own) == ("+46701740612", "34", False)
    assert promise.window == (TODAY[1].begins, TODAY[1].ends)


@pytest.mark.parametrize("no", [Silent(), Pressed("3"), Pressed("0"), Said("I will wait")])
def test_whoever_would_rather_not_waits_on_at_the_same_place(no: Input) -> None:
    caller = Caller().act(no)
    assert isinstance(caller.turn.actions[-1], Enqueue)
    again = JoinLine("support", WEDNESDAY.timestamp(), again=True)
    assert caller.turn.effects == (again,)
    assert caller.turn.call.waiting == "line"


def test_an_agent_who_accepts_while_they_are_asked_is_met() -> None:
    caller = Caller().act("2").act(Met("R1"))
    assert caller.turn.actions == (Meet("R1"),)
    assert not any(isinstance(effect, LeaveLine) for effect in caller.effects())


def test_an_agent_who_is_gone_again_leaves_them_in_the_line() -> None:
    caller = Caller().act("2").act(Met("R1", there=False))
    assert caller.heard.startswith("I'm sorry, the connection was lost.")
    assert caller.turn.call.waiting == "line"
    assert caller.turn.effects[0] == JoinLine("support", WEDNESDAY.timestamp())


def test_while_they_wait_a_key_begins_the_talk_and_nobody_leaves_the_line_for_it() -> None:
    caller = Caller().act(Silent()).round()
    assert "press 2" not in caller.heard
    caller.act("2")
    assert caller.turn.actions == (LeaveQueue(),)
    assert not caller.turn.effects
    caller.act(LeftQueue())
    assert caller.heard.startswith("We can call you back in about twenty minutes")
    assert caller.desk.asked_for(CallbackWanted)[-1].asked
    caller.act(Silent())
    assert caller.turn.call.waiting == "line"
    assert caller.turn.effects == (JoinLine("support", WEDNESDAY.timestamp(), again=True),)


@pytest.mark.parametrize(("seconds", "left", "told"), [(45, 900, 0), (300, 60, 0), (300, 900, 1)])
def test_it_is_offered_once_more_when_the_wait_has_got_long(
    seconds: int, left: float, told: int
) -> None:
    caller = Caller().act(Silent()).round()
    for _ in range(4):
        caller.round(seconds, left)
    offered = [e for t in caller.turns for e in t.events if isinstance(e, CallbackOffered)]
    assert len(offered) == 1 + told


def test_a_queue_that_offers_none_asks_nobody() -> None:
    company = replace(COMPANIES["en"], rules={"support": QueueRules(hours="office")})
    caller = Caller(company=company)
    assert caller.desk.asked == []
    assert caller.turn.call.waiting == "line"


def test_without_an_offer_nothing_is_said_of_it() -> None:
    caller = Caller(Desk(offer=CallbackOffer()))
    assert caller.heard == "I am putting you in the line."
    assert isinstance(caller.turn.actions[-1], Enqueue)


def test_a_withheld_number_is_told_and_another_can_be_given() -> None:
    offer = structs.replace(BOTH, number="", why_number="withheld")
    caller = Caller(Desk(offer=offer), caller=None).act("1")
    assert caller.heard.startswith("Your number is withheld, so we need one to call you on.")
    caller.act(Said("zero seven zero one seven four zero six one two"))
    assert "If that is right" in caller.heard
    caller.act("1")
    assert caller.heard.startswith("Good. We call you")


def test_two_numbers_that_are_not_rung_are_enough() -> None:
    refuse = NumberChecked(why="not_allowed")
    caller = Caller(Desk(lambda r: refuse if isinstance(r, NumberWanted) else None)).act("1", "2")
    caller.act("00442079460123#")
    assert caller.heard.startswith("We do not call numbers of that kind. Key in the number")
    caller.act("00442079460123#")
    assert caller.heard == (
        "We do not call numbers of that kind. So there will be no callback. "
        "You keep your place in the line."
    )
    assert caller.turn.call.waiting == "line"


@pytest.mark.parametrize(("answer", "agreed"), [("1", True), ("2", False), (Silent(), False)])
def test_consent_to_texts_is_asked_once_and_silence_is_none(answer: Input, agreed: bool) -> None:
    caller = Caller(Desk(offer=structs.replace(BOTH, texts="ask"))).act("1", "1")
    assert caller.heard == "May we send you text messages about it? Press 1 for yes, 2 for no."
    caller.act(answer)
    assert [one.texts for one in caller.desk.asked_for(PromiseWanted)] == [agreed]


def test_a_time_that_somebody_took_is_told_with_those_that_are_left() -> None:
    taken = Promised("no_room", windows=TODAY[1:])
    caller = Caller(Desk(lambda r: taken if isinstance(r, PromiseWanted) else None))
    caller.act("2", "1", "1")
    assert caller.heard.startswith("Somebody has just taken that time. Which time suits you?")
    assert "14:00" not in caller.heard
    caller.act("1", "1")
    assert caller.heard == (
        "I'm sorry, there is no time free any more. You keep your place in the line."
    )
    assert caller.turn.call.waiting == "line"


def test_who_wanted_a_place_of_which_no_more_are_kept_is_not_told_of_a_time_that_is_taken() -> None:
    full = Promised("no_room", windows=TODAY)
    caller = Caller(Desk(lambda r: full if isinstance(r, PromiseWanted) else None)).act("1", "1")
    assert caller.heard.startswith(
        "There are enough kept places in the line just now. You can choose a time instead."
    )
    none = Promised("no_room")
    caller = Caller(Desk(lambda r: none if isinstance(r, PromiseWanted) else None)).act("1", "1")
    assert caller.heard == (
        "I'm sorry, we cannot offer a callback just now. You keep your place in the line."
    )
    assert caller.turn.call.waiting == "line"


def test_whoever_has_their_turn_meanwhile_is_told_so_and_waits_for_it() -> None:
    came = Promised("turn_came")
    caller = Caller(Desk(lambda r: came if isinstance(r, PromiseWanted) else None)).act("1", "1")
    assert caller.heard == "It is your turn now: somebody is about to take your call."
    assert caller.turn.effects == (JoinLine("support", WEDNESDAY.timestamp(), again=True),)


@pytest.mark.parametrize("skip", [Pressed("#"), Silent(), MessageLeft("", 0, "#")])
def test_what_it_is_about_is_asked_after_the_promise_and_can_be_skipped(skip: Input) -> None:
    caller = Caller(Desk(offer=structs.replace(BOTH, ask_reason=True))).act("1", "1")
    assert "Good. We call you in about twenty minutes. If you like, tell us after" in caller.heard
    assert isinstance(caller.turn.actions[-1], TakeMessage)
    caller.act(skip)
    assert caller.heard == "Goodbye."
    assert caller.desk.asked_for(ReasonTold) == []


def test_what_it_is_about_goes_with_the_callback_and_is_no_voicemail() -> None:
    caller = Caller(Desk(offer=structs.replace(BOTH, ask_reason=True))).act("1", "1")
    caller.act(MessageLeft("https://example.com/r", 6, "#"))
    (promised,) = [one.call.talk.promised for one in caller.turns[-1:] if one.call.talk]
    assert caller.desk.asked_for(ReasonTold) == [ReasonTold(promised, "https://example.com/r", 6)]
    assert all(turn.voicemail is None for turn in caller.turns)
    assert caller.heard == "Thank you. Goodbye."


def test_whoever_has_a_callback_hears_how_it_stands_and_can_cancel_it() -> None:
    caller = Caller(Desk(offer=CallbackOffer(windows=TODAY, known=KNOWN)))
    assert (
        "You have a callback from us. We call you when it is your turn. "
        "There are 2 people ahead of you. To leave it like that, press 1."
    ) in caller.heard
    caller.act(Said("cancel it please"))
    assert caller.desk.asked_for(ChangeWanted) == [ChangeWanted("C1", "cancel")]
    assert caller.heard == "Your callback is cancelled."
    assert caller.turn.call.waiting == "line"


def test_whoever_would_rather_wait_has_the_place_of_their_callback() -> None:
    caller = Caller(Desk(offer=CallbackOffer(windows=TODAY, known=KNOWN))).act("4")
    assert caller.desk.asked_for(ChangeWanted) == [ChangeWanted("C1", "wait_here")]
    assert caller.heard == "You have your old place in the line."
    assert caller.turn.effects == (JoinLine("support", KNOWN.first, KNOWN.boost),)


def test_whoever_could_not_be_reached_is_in_the_line_at_the_old_place_at_once() -> None:
    missed = structs.replace(KNOWN, status="not_reached", choices=("wait_here",))
    caller = Caller(Desk(offer=CallbackOffer(known=missed)))
    assert caller.heard == (
        "I am putting you in the line. We tried to call you, but could not reach you. "
        "You have your old place in the line."
    )
    assert caller.turn.effects == (JoinLine("support", KNOWN.first, KNOWN.boost),)


def test_what_could_not_be_texted_is_heard_once_in_a_call() -> None:
    untold = (UntoldText("T1", "sv", "Vi har öppet."), UntoldText("T2", "en"))
    caller = Caller(Desk(offer=CallbackOffer(("window",), TODAY, MOBILE, untold=untold,
                                             notices=("T3",))))  # fmt: skip
    assert "This is what it says: Vi har öppet. We could not send you" in caller.heard
    assert "just ask for a person. Many people are waiting" in caller.heard
    # A notice of a callback is told by how the callback stands, and nothing was said of one.
    assert TextsTold(("T1", "T2")) in caller.turn.events
    talk = caller.turn.call.talk
    assert talk is not None and talk.heard == ("T1", "T2") and talk.offer.untold == ()
    caller.act("3").round().act("2", LeftQueue())
    assert len(caller.desk.asked_for(CallbackWanted)) > 2
    told = [one for turn in caller.turns for one in turn.events if isinstance(one, TextsTold)]
    assert len(told) == 1 and "This is what it says" not in caller.heard


def test_notices_of_a_callback_are_told_by_how_it_stands() -> None:
    offer = CallbackOffer(windows=TODAY, known=KNOWN, notices=("T3", "T4"))
    caller = Caller(Desk(offer=offer))
    assert caller.turn.events[-1] == TextsTold(("T3", "T4"))
    gone = structs.replace(KNOWN, status="cancelled", choices=())
    caller = Caller(Desk(offer=structs.replace(offer, known=gone)))
    assert caller.heard == "I am putting you in the line. Your callback is cancelled."
    assert TextsTold(("T3", "T4")) in caller.turn.events
    assert caller.turn.call.waiting == "line"


def test_an_offer_after_hours_is_of_times_and_stands_in_no_line() -> None:
    offer = CallbackOffer(("window",), TODAY, MOBILE)
    caller = Caller(Desk(offer=offer), to="2", now=SUNDAY)
    assert caller.heard.startswith("We can call you back. Which time suits you?")
    assert caller.effects() == []
    caller.act(Silent())
    assert "Sorry" in caller.heard or "did not hear" in caller.heard
    caller.act("1", "1")
    assert caller.heard.startswith("Good. We call you today between 14:00 and 14:30. Goodbye.")
    assert caller.place == "bye"


def test_an_offer_that_is_declined_goes_on_in_the_line_that_they_stand_in() -> None:
    caller = Caller(to="2")
    assert caller.effects() == [JoinLine("support", WEDNESDAY.timestamp())]
    caller.act(Silent())
    assert caller.place == "wait"
    assert caller.turn.effects == (JoinLine("support", WEDNESDAY.timestamp(), again=True),)
    assert len(caller.desk.asked_for(CallbackWanted)) == 2, "the beginning of the call, and once"


def test_a_round_of_the_line_plays_on_after_the_talk() -> None:
    caller = Caller().act(Silent()).round()
    assert isinstance(caller.turn.actions[-1], GoOn)
