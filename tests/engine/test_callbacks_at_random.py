"""Whatever callers do and whatever can be promised: what is told is true, and nobody loses their
place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.engine import events
from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.limits import MOST_MISSES
from ivr.engine.turn import Turn, begin
from ivr.flow.actions import Listen, Say, TakeMessage
from ivr.flow.inputs import (
    Arrived,
    ConnectionEnded,
    Input,
    LeftQueue,
    MessageLeft,
    Met,
    Pressed,
    Said,
    Silent,
)
from ivr.flow.kinds.callback_stages import MOST_NUMBERS, MOST_REFUSALS, OFFER, OTHER, STAGES
from ivr.flow.language import load_languages
from ivr.flow.moves import JoinLine, LeaveLine
from ivr.flow.queue_rules import QueueRules
from ivr.flow.talk import CallbackDeclined, CallbackPromised, CallbackRefused
from ivr.queueing.board import Board, Standing
from ivr.services.deciding import decide, no_lookups
from tests.engine.desks import RandomDesk
from tests.support import MOBILE, SUNDAY, WEDNESDAY, company_of

FLOW = """
    languages: [LANGUAGE]
    start: known
    person: wait
    nodes:
      known: {kind: recognise_callback, waits: {support: wait}, settled: bye, otherwise: topics}
      topics:
        kind: menu
        text: What is it about?
        options: [{key: 1, label: something, to: wait}, {key: 2, label: a call, to: offer}]
      offer: {kind: offer_callback, queue: support, booked: bye, declined: wait, otherwise: message}
      wait:
        kind: queue
        queue: support
        text: I am putting you in the line.
        message: message
        back: topics
        otherwise: message
      message: {kind: voicemail, text: Please leave a message., to: bye, nothing: bye}
      bye: {kind: hang_up, text: Goodbye.}
"""
PACKS = load_languages()
COMPANIES = {
    code: replace(
        company_of(main=FLOW.replace("LANGUAGE", code)),
        rules={"support": QueueRules(callbacks=True, hours="office", music="music.wav")},
    )
    for code in PACKS
}
_KEYS = [Pressed(key) for key in ("1", "2", "3", "4", "5", "*", "9", "1", "2")]
_CHOICES: list[Input] = [
    *_KEYS, Pressed("0701740605#"), Pressed("0701740605*12"), Said("zero seven zero one"),
    Said("hm hm"), Said("yes"), Said("no"), Silent(), Silent(), Pressed("0"), Said("a person"),
]  # fmt: skip
HEARD: dict[str, list[Input]] = {
    "choice": _CHOICES,
    "line": [Silent(), Silent(), *map(Pressed, "0122*5"), LeftQueue(failed=True)],
    "leaving": [LeftQueue()],
    "connection": [ConnectionEnded("completed"), ConnectionEnded("failed")],
    "message": [
        MessageLeft("https://example.com/r", 4, "#"), MessageLeft("", 0), Silent(), Pressed("#"),
        Pressed("0"), Said("it is about"), MessageLeft("", 0, "0"),
    ],
    "goodbye": [Silent(), Silent(), Pressed("0")],
}  # fmt: skip
MEETS: list[Input] = [Met("R1"), Met("R1", there=False)]


@dataclass
class Watched:
    """A call by chance, and what must hold in every turn of it."""

    chance: Random
    code: str
    now: datetime
    desk: RandomDesk = field(init=False)
    turn: Turn | None = None
    stands: bool = False
    told: list[str] = field(default_factory=list)
    """The promises that were spoken."""
    asked: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.desk = RandomDesk(self.chance)

    def company(self) -> Company:
        chance = self.chance
        board = Board(
            "support", 0.0, chance.choice([0, 9]), chance.choice([0, 1, 1, 1]),
            callbacks=chance.choice([(), ("place",), ("place", "window")]),
        )  # fmt: skip
        return replace(COMPANIES[self.code], boards={"support": board})

    def make(self) -> None:
        caller = self.chance.choice([None, MOBILE])
        company = self.company()
        call = begin(company, call_id="CA1", line="main", caller=caller, now=self.now)
        self._take(call, Arrived())
        for _ in range(250):
            assert self.turn is not None
            call = self.turn.call
            if call.waiting == "nothing":
                break
            self.now += timedelta(seconds=self.chance.choice([5, 45, 400]))
            self._take(call, self._act(call))
        else:
            raise AssertionError(f"still waiting for {call.waiting}")
        assert sorted(self.told) == sorted(self.desk.made.values())

    def _act(self, call: Call) -> Input:
        """Mostly they want a callback."""
        chance = self.chance
        if self.stands and chance.random() < 0.05:
            return chance.choice(MEETS)
        if call.waiting == "choice" and call.stage in STAGES and chance.random() < 0.7:
            return Pressed("0701740605") if call.stage == OTHER else Pressed(chance.choice("112"))
        return chance.choice(HEARD[call.waiting])

    def _take(self, call: Call, heard: Input) -> None:
        ahead, agents = self.chance.choice([0, 2, None]), self.chance.choice([0, 1, 1])
        standing = Standing(self.now.timestamp(), ahead, agents=agents)
        made = dict(self.desk.made)
        turn = decide(self.company(), call, heard, self.now, no_lookups, standing, self.desk)
        assert turn.request is None
        assert turn.actions
        assert msgspec.json.decode(msgspec.json.encode(turn.call), type=Call) == turn.call
        self._promises(turn, {k: v for k, v in self.desk.made.items() if k not in made})
        self._place(call, heard, turn)
        self._not_in_circles(turn)
        self.turn = turn

    def _promises(self, turn: Turn, made: dict[str, str]) -> None:
        """What is promised is spoken in that very turn, and nothing else is."""
        spoken = " ".join(_said(turn))
        assert [said for said in made.values() if said in spoken] == list(made.values())
        told = [event for event in turn.events if isinstance(event, CallbackPromised)]
        assert [event.callback for event in told] == list(made)
        self.told += made.values()
        phrases = PACKS[self.code].callbacks
        if not made:
            beginning = phrases.promised.partition("{")[0]
            changed = any(type(event).__name__ == "CallbackChanged" for event in turn.events)
            assert changed or beginning not in spoken
            assert phrases.code.partition("{")[0] not in spoken

    def _place(self, before: Call, heard: Input, turn: Turn) -> None:
        """Whoever talks in the line, or waits, stands there, at their place; nobody else does."""
        for effect in turn.effects:
            if isinstance(effect, JoinLine):
                self.stands = True
                stay = before.stay
                given_up = stay is not None and stay.until is not None
                kept = stay is not None and effect.first == stay.first
                old_place = effect.first in (0.0, 5e8)
                assert effect.first == before.started or kept or old_place or given_up
            elif isinstance(effect, LeaveLine):
                self.stands = False
        if any(isinstance(event, events.AgentMet) for event in turn.events):
            self.stands = False
        call, stay = turn.call, turn.call.stay
        stands = call.waiting == "line" or (stay is not None and stay.talking)
        assert stands is self.stands
        back = any(isinstance(event, CallbackDeclined | CallbackRefused) for event in turn.events)
        if back and call.node == "wait" and call.waiting != "choice":
            assert call.waiting in ("line", "leaving") or not self.stands

    def _not_in_circles(self, turn: Turn) -> None:
        call = turn.call
        if call.waiting != "choice" or call.stage not in STAGES:
            return
        self.asked[f"{call.stage} {len(call.talk.offered if call.talk else ())}"] += 1
        offers = len(call.talk.offered) if call.talk else 0
        assert self.asked[f"{OFFER} {offers}"] <= MOST_MISSES
        assert self.asked[f"{OTHER} {offers}"] <= MOST_MISSES * (MOST_NUMBERS + MOST_REFUSALS)


def _said(turn: Turn) -> list[str]:
    return [
        prompt.text
        for action in turn.actions
        for prompt in (action.prompts if isinstance(action, Listen) else (action,))
        if isinstance(prompt, Say)
    ]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(sorted(PACKS)), st.sampled_from([WEDNESDAY, SUNDAY]))
def test_promises_are_made_before_they_are_told_and_places_are_kept(
    seed: int, code: str, at: datetime
) -> None:
    Watched(Random(seed), code, at).make()


def test_a_reason_is_no_message_that_somebody_has_to_hear() -> None:
    for seed in range(60):
        watched = Watched(Random(seed), "en", WEDNESDAY)
        watched.make()
        assert watched.turn is not None
        if watched.turn.voicemail is not None:
            assert not isinstance(watched.turn.actions[-1], TakeMessage)
