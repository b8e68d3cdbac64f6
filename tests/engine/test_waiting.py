"""Waiting in the line: what is told is true, new, and never the same twice in a row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from math import inf
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ivr.engine import events
from ivr.engine.company import Company
from ivr.engine.limits import CHOICES_EVERY, THANKS_EVERY
from ivr.engine.turn import Turn, begin, take_turn
from ivr.flow.actions import Enqueue, GoOn, LeaveQueue, Listen, Meet, Play, Say
from ivr.flow.inputs import Arrived, ConnectionEnded, Input, LeftQueue, Met, Pressed, Silent
from ivr.flow.language import load_languages
from ivr.flow.moves import JoinLine, LeaveLine, WhyLeft
from ivr.flow.queue_rules import QueueRules
from ivr.queueing.board import Board, Standing
from ivr.queueing.protocol import Estimate
from tests.support import SOMEBODY, WEDNESDAY, company_of

FLOW = """
    languages: [LANGUAGE]
    start: topics
    person: wait
    nodes:
      topics:
        kind: menu
        text: What is it about?
        options: [{key: 1, label: something, to: wait}, {key: 2, label: nothing, to: bye}]
      wait:
        kind: queue
        queue: support
        boost: 60
        text: I am putting you in the line.
        message: message
        back: topics
        otherwise: message
      message: {kind: voicemail, text: Please leave a message., to: bye, nothing: bye}
      bye: {kind: hang_up, text: Goodbye.}
"""
PACKS = load_languages()
COMPANIES = {code: company_of(main=FLOW.replace("LANGUAGE", code)) for code in PACKS}
EVERY = QueueRules().announce_every


def rest(low: float, high: float) -> Estimate:
    return Estimate(low, (low + high) / 2, high, (low + high) / 2)


@dataclass
class Caller:
    """Somebody who waits, hears what is said, and lets time pass."""

    company: Company = field(default_factory=lambda: COMPANIES["en"])
    now: datetime = WEDNESDAY
    turns: list[Turn] = field(default_factory=list)

    def __post_init__(self) -> None:
        call = begin(self.company, call_id="CA1", line="main", caller=None, now=self.now)
        self.turns.append(take_turn(self.company, call, Arrived(), self.now))
        self.take(Pressed("1"))

    @property
    def turn(self) -> Turn:
        return self.turns[-1]

    def take(self, heard: Input, standing: Standing | None = None) -> Caller:
        self.turns.append(take_turn(self.company, self.turn.call, heard, self.now, standing))
        return self

    def round(self, ahead: int | None = 3, wait: Any = None, agents: int = 2) -> Caller:
        """The next round, in which they stand so."""
        if self.turn.call.stay is not None and self.turn.call.stay.rounds:
            self.now += timedelta(seconds=EVERY)
        return self.take(Silent(), self.standing(ahead, wait, agents))

    def standing(self, ahead: int | None, wait: Any = None, agents: int = 2) -> Standing:
        estimate = None if wait is None else rest(*wait)
        return Standing(self.now.timestamp(), ahead, False, estimate, wait is not None, agents)

    @property
    def waits_for(self) -> str:
        """What the call waits for now."""
        return self.turn.call.waiting

    @property
    def heard(self) -> str:
        return " ".join(said(self.turn))

    @property
    def told(self) -> events.WaitTold | None:
        return next((e for e in self.turn.events if isinstance(e, events.WaitTold)), None)


def said(turn: Turn) -> list[str]:
    """The sentences, one by one."""
    prompts = [
        prompt
        for action in turn.actions
        for prompt in (action.prompts if isinstance(action, Listen) else (action,))
    ]
    texts = " ".join(prompt.text for prompt in prompts if isinstance(prompt, Say))
    return [sentence.strip() for sentence in texts.replace(". ", ".|").split("|") if sentence]


def test_who_comes_to_a_queue_stands_in_the_line_as_one_who_rang_then_less_the_boost() -> None:
    turn = Caller().turn
    assert turn.effects == (JoinLine("support", WEDNESDAY.timestamp(), 60.0),)
    assert turn.actions == (Say("I am putting you in the line.", "en"), Enqueue("support"))
    assert turn.call.waiting == "line"


def test_a_round_tells_where_they_stand_then_plays_music_and_comes_again() -> None:
    turn = Caller().round(3, (300, 470)).turn
    listen, onward = turn.actions
    assert isinstance(listen, Listen)
    assert isinstance(onward, GoOn)
    assert said(turn)[:2] == [
        "There are 3 people ahead of you.", "Your wait should be between 5 and 8 minutes.",
    ]  # fmt: skip
    assert listen.prompts[-1] == Play("music.wav", 1)
    assert (listen.speech, listen.reports_silence) == (False, False)


def test_what_was_told_is_written_with_its_estimate() -> None:
    told = Caller().round(3, (300, 470)).told
    assert told == events.WaitTold(
        "support", "CA1", "minutes", 5, 8, 3, longer=False,
        estimate_low=300, estimate_median=385, estimate_high=470,
    )  # fmt: skip


def test_nothing_is_said_when_nothing_has_changed() -> None:
    caller = Caller().round(3).round(3)
    assert (caller.heard, caller.told) == ("", None)


def test_the_choices_come_first_and_then_every_third_time() -> None:
    caller = Caller()
    offered = []
    for _ in range(2 * CHOICES_EVERY + 1):
        offered.append("press 1" in caller.round(3).heard)
    assert [number for number, one in enumerate(offered) if one] == [0, 3, 6]


def test_in_a_long_silence_they_are_thanked_in_changing_words() -> None:
    company = replace(COMPANIES["en"], flows=company_of(main=FLOW.replace("LANGUAGE", "en").replace(
        "message: message", "").replace("back: topics", "")).flows)  # fmt: skip
    caller = Caller(company)
    times, thanks = [], []
    for number in range(30):
        if caller.round(3).heard and number:
            times.append(number * EVERY)
            thanks.append(caller.heard)
    assert all(later - sooner >= THANKS_EVERY for sooner, later in pairwise(times))
    assert len(thanks) >= 5
    assert all(one != other for one, other in pairwise(thanks))


def test_who_asks_for_a_person_is_told_that_they_wait_for_one_and_where_they_stand() -> None:
    caller = Caller().round(3, (300, 470))
    caller.take(Pressed("0"), caller.standing(2, (290, 460)))
    assert caller.heard.startswith(
        "You are in the line for a person. 2 people are helped before you. "
        "It should take between 4 and 8 minutes."
    )
    assert caller.turn.call.waiting == "line"


def test_who_asks_for_a_person_when_nobody_is_left_is_not_sent_back_into_the_line() -> None:
    caller = Caller(replace(COMPANIES["en"], boards={}))
    assert caller.waits_for == "message"
    caller = Caller().round(3)
    caller.company = replace(caller.company, boards={})
    caller.take(Pressed("0"), caller.standing(3, agents=0))
    assert caller.waits_for == "line"
    caller.take(Pressed("0"), caller.standing(3, agents=0))
    assert caller.turn.actions == (LeaveQueue(),)
    caller.take(LeftQueue())
    assert caller.waits_for == "message"
    assert "nobody is there" in caller.heard


@pytest.mark.parametrize(
    ("key", "why", "then"), [("1", "message", "message"), ("*", "back", "choice")]
)
def test_who_chooses_to_leaves_the_line_and_then_the_carrier_s_queue(
    key: str, why: WhyLeft, then: str
) -> None:
    caller = Caller().round(3)
    caller.take(Pressed(key), caller.standing(3))
    assert caller.turn.effects == (LeaveLine(why),)
    assert caller.turn.actions == (LeaveQueue(),)
    caller.take(LeftQueue())
    assert caller.turn.call.waiting == then


@pytest.mark.parametrize(("minutes", "kept"), [(4, True), (6, False)])
def test_a_place_is_kept_for_a_while_for_one_who_went_back_to_the_menu(
    minutes: int, kept: bool
) -> None:
    caller = Caller().round(3)
    caller.take(Pressed("*"), caller.standing(3)).take(LeftQueue())
    caller.now += timedelta(minutes=minutes)
    caller.take(Pressed("1"))
    (join,) = caller.turn.effects
    assert isinstance(join, JoinLine)
    assert (join.first == WEDNESDAY.timestamp()) is kept
    assert ("We have kept your place." in caller.heard) is kept


def test_the_agent_who_accepts_is_met_and_what_follows_is_the_end() -> None:
    caller = Caller().round(3).take(Met("R7"))
    assert caller.turn.actions == (Meet("R7"),)
    caller.now += timedelta(seconds=100)
    caller.take(ConnectionEnded("completed"))
    assert events.NumberEnded("main/wait", "completed", 100) in caller.turn.events
    assert caller.turn.call.waiting == "nothing"


def test_an_agent_who_is_gone_again_costs_nobody_their_place() -> None:
    caller = Caller().round(3).take(Met("R7", there=False))
    assert caller.turn.effects == (JoinLine("support", WEDNESDAY.timestamp(), 60.0),)
    assert caller.heard == "I'm sorry, the connection was lost. You still have your place."


def test_who_meets_an_agent_is_met_wherever_they_have_got_to() -> None:
    caller = Caller().round(3)
    caller.take(Pressed("1"), caller.standing(3))
    caller.take(Met("R7"))
    assert caller.turn.actions == (Meet("R7"),)


def test_who_stands_nowhere_any_more_is_let_in_again_unless_somebody_has_taken_them() -> None:
    (join,) = Caller().round(None).turn.effects
    assert join == JoinLine("support", WEDNESDAY.timestamp(), 60.0, again=True)
    caller = Caller()
    caller.take(Silent(), Standing(0.0, 0, reserved=True, agents=1))
    assert caller.turn.effects == ()


BOARD = Board("support", 0.0, agents=1)
CLOSES_AT_FOUR = QueueRules(hours="office")


@pytest.mark.parametrize(
    ("board", "rules", "hour", "told", "then"),
    [
        (None, QueueRules(), 9, "nobody is there", "message"),
        (Board("support", 0.0, 0, 0, 10.0), QueueRules(), 9, "in the line", "line"),
        (Board("support", 0.0, 100, 3), QueueRules(), 9, "the line is full", "message"),
        (BOARD, CLOSES_AT_FOUR, 9, "in the line", "line"),
        (BOARD, CLOSES_AT_FOUR, 15, "nobody answers here at this hour", "message"),
        (Board("support", 0.0, 9, 1, None, rest(900, 1500), True), CLOSES_AT_FOUR, 14.8,
         "we close before anyone could take your call. You can leave", "message"),
        (Board("support", 0.0, 9, 1, None, rest(900, 1500), True), CLOSES_AT_FOUR, 14.5,
         "in the line", "line"),
        (Board("support", 0.0, 9, 1, None, rest(900, 1500)), CLOSES_AT_FOUR, 14.8,
         "in the line", "line"),
    ],
)  # fmt: skip
def test_where_nobody_can_be_waited_for_it_is_said_why(
    board: Board | None, rules: QueueRules, hour: float, told: str, then: str
) -> None:
    company = replace(
        COMPANIES["en"],
        rules={"support": rules},
        boards={} if board is None else {"support": board},
    )
    at = WEDNESDAY.replace(hour=0) + timedelta(hours=hour)
    caller = Caller(company, at)
    assert (caller.turn.call.waiting, told in caller.heard) == (then, True), caller.heard


@pytest.mark.parametrize(
    ("at_closing", "agents", "away"),
    [("serve", 1, None), ("serve", 0, "closed"), ("send_away", 1, "closed")],
)
def test_those_who_wait_at_closing_are_served_or_sent_away_as_the_queue_says(
    at_closing: Any, agents: int, away: WhyLeft | None
) -> None:
    rules = QueueRules(hours="office", at_closing=at_closing)
    caller = Caller(replace(COMPANIES["en"], rules={"support": rules}))
    caller.now = WEDNESDAY.replace(hour=15, minute=1)
    caller.round(3, agents=agents)
    # At the first look somebody may only not be seen yet.
    assert caller.turn.effects == ()
    caller.round(3, agents=agents)
    assert caller.turn.effects == (() if away is None else (LeaveLine(away),))
    if away is not None:
        assert "we have closed" in caller.take(LeftQueue()).heard


def test_nobody_is_sent_away_whose_agent_s_telephone_rings() -> None:
    caller = Caller(replace(COMPANIES["en"], boards={"support": SOMEBODY}))
    caller.take(Silent(), Standing(0.0, 0, reserved=True, agents=0))
    assert caller.heard.startswith("You are next.")


@pytest.mark.parametrize("failed", [True, False])
def test_a_queue_that_the_carrier_cannot_keep_anybody_in_leads_otherwise(failed: bool) -> None:
    caller = Caller().take(LeftQueue(failed))
    assert caller.turn.effects == (LeaveLine("failed"),)
    assert "I could not put you in the line." in caller.heard


def test_who_needs_time_is_told_slowly() -> None:
    caller = Caller()
    company = caller.company
    call = begin(company, call_id="CA1", line="main", caller=None, now=WEDNESDAY)
    turn = take_turn(company, call, Arrived(), WEDNESDAY)
    for heard in (Silent(), Silent(), Pressed("1")):
        turn = take_turn(company, turn.call, heard, WEDNESDAY)
    turn = take_turn(company, turn.call, Silent(), WEDNESDAY, Standing(0.0, 3, agents=1))
    (listen, _) = turn.actions
    assert isinstance(listen, Listen)
    assert all(prompt.slow for prompt in listen.prompts if isinstance(prompt, Say))


WAITS = st.one_of(
    st.none(),
    st.just((inf, inf)),
    st.tuples(st.floats(0, 5000), st.floats(0, 5000)).map(lambda pair: tuple(sorted(pair))),
)
ROUNDS = st.lists(
    st.tuples(st.sampled_from([0, 0, 1, 2, 3, 12]), WAITS, st.sampled_from(["", "", "0", "5"])),
    min_size=1, max_size=14,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(PACKS)), ROUNDS)
@example("en", [(0, (0.0, 0.0), ""), *[(0, None, "")] * 3, (0, (0.0, 0.0), "")])
def test_however_the_line_moves_what_is_told_is_true_and_never_the_same_twice(
    code: str, rounds: list[tuple[int, Any, str]]
) -> None:
    caller, phrases = Caller(COMPANIES[code]), PACKS[code].waiting
    before: list[str] = []
    promised: float | None = None
    for ahead, wait, key in rounds:
        standing = caller.standing(ahead, wait)
        if key and caller.turn.call.stay and caller.turn.call.stay.rounds:
            caller.take(Pressed(key), standing)
        else:
            caller.round(ahead, wait)
        sentences, told, at = said(caller.turn), caller.told, caller.now.timestamp()
        assert not set(sentences) & set(before)
        if ahead:
            assert not set(sentences) & set(phrases.next)
        before = sentences or before
        if told is None or told.kind not in ("soon", "minutes"):
            if told is not None and promised is not None and at > promised:
                # It is owned up to with how many are ahead, and done with.
                assert told.longer
                promised = None
            continue
        end = at + 60 * told.high
        assert wait is not None
        assert at + wait[1] <= end
        if promised is not None and at + wait[1] > promised:
            assert told.longer
            assert set(sentences) & set(phrases.longer)
        stay = caller.turn.call.stay
        assert stay is not None and stay.told is not None
        promised = stay.told.not_after


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([Silent(), Pressed("0"), Pressed("1"), Pressed("*"), Met("R1"),
                             Met("R1", there=False), LeftQueue(failed=True), LeftQueue(),
                             ConnectionEnded("completed"), ConnectionEnded("failed")]),
            st.sampled_from([None, 0, 3]), st.sampled_from([0, 1]),
        ),
        max_size=25,
    )
)  # fmt: skip
def test_whoever_stands_in_the_line_waits_for_it_and_nobody_else_does(
    acts: list[tuple[Input, int | None, int]],
) -> None:
    caller, stands = Caller(), True
    for heard, ahead, agents in acts:
        if caller.turn.call.waiting == "nothing":
            return
        caller.take(heard, caller.standing(ahead, agents=agents))
        for effect in caller.turn.effects:
            if isinstance(effect, JoinLine) and not effect.again:
                stands = True
            elif isinstance(effect, LeaveLine):
                stands = False
        if any(isinstance(event, events.AgentMet) for event in caller.turn.events):
            stands = False
        assert (caller.turn.call.waiting == "line") is stands
