"""A small town with a real store: people ring, are told, promised, rung and texted, by chance from
a seed; and a judge who knows only what was done, and counts for itself what was kept."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import NamedTuple

from redis import Redis

from ivr.callbacks.limits import Limits
from ivr.callbacks.moves import Details, promise
from ivr.callbacks.record import SYSTEM, Actor, Window
from ivr.callbacks.states import ENDS, Event
from ivr.engine.call import Call
from ivr.engine.events import WaitTold
from ivr.promises.account import LATENESS
from ivr.promises.events import TextState
from ivr.store.agents import AgentStore
from ivr.store.callbacks import About, Asking, CallbackStore, StoredCallback
from ivr.store.calls import CallStore
from ivr.store.line import LineStore, Person, new_place
from ivr.store.number_locks import NumberLocks
from ivr.store.outbox import Change, OutboxStore, OutboxText, Stands

BEGAN = 1_800_003_600.0
"""Friday, 15 January 2027, 10:00 in Stockholm."""
PERSON, EVA = Actor("person"), Actor("supervisor", "Eva")
ASKING = Asking(Limits(number_a_day=99, calls_a_day=99, others_a_day=99, everybody_an_hour=9999))
LINE, CALLED = "billing", "moving"
"""The queue of those who wait on the line, and that of those who are called back."""


class Made(NamedTuple):
    """A promise, as whoever made it knows it."""

    kind: str
    subject: str
    at: float
    until: float
    order: int


class Done(NamedTuple):
    """Something that happened to somebody. "dialled" tells in `since` when the carrier was asked;
    "silent": nothing rang."""

    what: str
    subject: str
    at: float
    order: int
    since: float = 0.0


class Town:
    """Every method but `judge` is something that happens, at `now`."""

    def __init__(self, redis: Redis, seed: int) -> None:
        self.redis = redis
        self.chance = Random(seed)
        self.line, self.agents = LineStore(redis), AgentStore(redis)
        self.callbacks, self.locks = CallbackStore(redis), NumberLocks(redis, "town")
        self.calls, self.outbox = CallStore(redis), OutboxStore(redis)
        self.now = BEGAN
        self.made: list[Made] = []
        self.done: list[Done] = []
        self.joined: dict[str, tuple[str, float]] = {}
        self.turns: Counter[str] = Counter()
        self.open_callbacks: list[str] = []
        self.texts: list[str] = []
        self.numbers = 0

    def live(self, steps: int) -> None:
        """So many things happen, some time apart."""
        ways = [
            (self.ring, 5), (self.tell, 6), (self.leaves, 2), (self.agent, 6), (self.promise, 3),
            (self.callback, 9), (self.text_promised, 1), (self.text, 3),
        ]  # fmt: skip
        for _ in range(steps):
            self.now += self.chance.choice([0.001, 0.4, 3.0, 20.0, 90.0])
            (way,) = self.chance.choices([one for one, _ in ways], [weight for _, weight in ways])
            way()

    # -- On the line

    def ring(self) -> None:
        name = self._name("CA")
        first = self.now - self.chance.choice([0, 7])
        self.line.join(new_place(name, LINE, Person(), first=first, call=name), self.now)
        self.joined[name] = LINE, first

    def tell(self) -> None:
        for name in self._waiting(1):
            self.turns[name] += 1
            minutes = self.chance.choice([0, 1, 3, 10])
            told = WaitTold(
                LINE, name, "minutes" if minutes else "ahead", 0, minutes, 2,
                longer=self.chance.random() < 0.3,
            )  # fmt: skip
            call = Call(name, "main", "v1", "sv", self.now, turn=self.turns[name])
            self.calls.take_turn(call, answer="", events=(told,), voicemail=None, now=self.now)
            if minutes:
                self._made("told_wait", name, self.now + 60 * minutes)

    def leaves(self) -> None:
        for name in self._waiting(1):
            why = self.chance.choice(["hung_up", "hung_up", "back", "closed", "nobody"])
            if self.line.leave(name, why, self.now):
                ours = why in ("closed", "nobody")
                self._done("sent_away" if ours else why, name)

    def agent(self) -> None:
        found = self.agents.read("anna")
        if found is None or found.presence == "away":
            self.agents.arrive("anna", {LINE: 1.0}, self.now)
        elif found.presence in ("reserved", "busy"):
            reservation = self.agents.reservation(found.reservation)
            assert reservation is not None
            match reservation.state:
                case "offered" if self.chance.random() < 0.2:
                    self.agents.end_reservation(found.reservation, "declined", self.now, self.now)
                case "offered":
                    self.agents.accept(found.reservation, "CAanna", self.now)
                    self._done("answered", reservation.place)
                case "person_left":
                    self.agents.release(found.reservation, self.now)
                case "accepted" if self.chance.random() < 0.4:
                    self.agents.end_talk(found.reservation, self.now, self.now)

    # -- Called back

    def promise(self) -> None:
        self.numbers += 1
        name, number = self._name("CB"), f"+4670174{600 + self.numbers % 99:04}"
        window = self._window() if self.chance.random() < 0.5 else None
        until = None if window else self.now + self.chance.choice([100, 900, 4000])
        waiting = self._waiting(1) if self.chance.random() < 0.7 else []
        place = waiting[0] if waiting else ""
        first = self.joined[place][1] if place else self.now
        made = promise(
            name, CALLED, number, name, first, PERSON, self.now, window=window, until=until
        )
        about = About(Person(caller=number), source="call" if place else "web")
        stored = self.callbacks.promise(
            made, about, ASKING, self.now, capacity=999, instead_of=place, on_disk=False
        )
        if not isinstance(stored, StoredCallback):
            assert stored == "turn_came"
            return
        self.joined[name] = CALLED, first
        if place:
            self._done("moved_on", place)
        self.open_callbacks.append(name)
        self._made("window" if window else "call_back", name, stored.callback.until)

    def callback(self) -> None:
        if not self.open_callbacks:
            return
        stored = self.callbacks.read(self.chance.choice(self.open_callbacks))
        assert stored is not None
        callback, number = stored.callback, stored.callback.number
        match callback.state:
            case "booked" | "retry" if self.now >= callback.not_before:
                event: Event = "window_opened" if callback.state == "booked" else "retry_came"
                self._move(stored, event)
            case "waiting" | "booked" | "due" | "retry" if self.chance.random() < 0.25:
                self._wanted_otherwise(stored)
            case "waiting" | "due":
                self._move(stored, "reserved", Details(agent="bo"))
            case "reserved":
                fence = self.locks.take(number, self.now)
                if fence is not None:
                    written, asked = self._move(stored, "attempt_written", fence=fence), self.now
                    self.now += self.chance.choice([0.1, 2.0, 30.0])
                    self.locks.give_back(number, fence, self.now)
                    self._move(written, "dialled", Details(call=f"CX{stored.id}"))
                    self._done("dialled", stored.id, asked)
            case "dialling":
                self._comes_of_it(stored)
            case "answered":
                self._move(stored, "agent_joined")
                self._done("answered", stored.id)
            case "talking":
                self._move(stored, "ended")

    def _comes_of_it(self, stored: StoredCallback) -> None:
        chance = self.chance.random()
        if chance < 0.5:
            self._move(stored, "person_answered")
            return
        outcome = self.chance.choice(["busy", "no_answer", "failed"])
        again = self.now + 30
        if chance < 0.8:
            self._move(stored, "try_again", Details("x", outcome=outcome, not_before=again))  # type: ignore[arg-type]
        else:
            self._move(stored, "given_up", Details("x", outcome=outcome))  # type: ignore[arg-type]
        if outcome == "failed":
            self._done("silent", stored.id)
        if chance >= 0.8:
            self._done("sent_away", stored.id)

    def _wanted_otherwise(self, stored: StoredCallback) -> None:
        who = self.chance.choice([PERSON, EVA])
        wish = self.chance.choice(["moved", "cancelled", "called_off"])
        if wish == "moved":
            moved = self._move(stored, "moved", Details("x", self._window()), who)
            self._done("moved" if who == PERSON else "moved_by_us", stored.id)
            self._made("window", stored.id, moved.callback.until)
        elif wish == "cancelled":
            self._move(stored, "cancelled", Details("x"), who)
            self._done("back", stored.id)
        else:
            self._move(stored, "called_off", Details("x"), EVA)
            self._done("sent_away", stored.id)

    def _move(
        self, stored: StoredCallback, event: Event, details: Details | None = None,
        who: Actor = SYSTEM, fence: int | None = None,
    ) -> StoredCallback:  # fmt: skip
        moved = self.callbacks.move(
            stored, event, who, self.now, details or Details(), capacity=999, fence=fence,
            calls_a_day=99,
        )  # fmt: skip
        assert isinstance(moved, StoredCallback), moved
        if moved.callback.state in (*ENDS, "unreached", "called_off"):
            self.open_callbacks.remove(stored.id)
        return moved

    def _window(self) -> Window:
        begins = self.now + self.chance.choice([1, 300, 50_000])
        return Window(begins, begins + self.chance.choice([200, 1800]))

    # -- Texted

    def text_promised(self) -> None:
        name = self._name("T")
        until = self.now + self.chance.choice([10, 100, 600])
        self.outbox.put(
            OutboxText(
                name, "+46701740605", "information", "sv", "Hej", "Hej", self.now, self.now + 3600,
                "CAx", LINE, promised_by=until,
            ),
            self.now,
        )  # fmt: skip
        self.texts.append(name)
        self._made("text", name, until)

    def text(self) -> None:
        if not self.texts:
            return
        name = self.chance.choice(self.texts)
        stored = self.outbox.read(name)
        assert stored is not None
        states: tuple[TextState, ...] = ("sent", "failed", "dropped", "opted_out")
        state = self.chance.choice(states if stored.state == "wanted" else ("delivered", "failed"))
        change = Change(Stands(state, self.now), told=state)
        assert self.outbox.write(stored, change, self.now) is not None
        self._done(state, name)
        if state != "sent":
            self.texts.remove(name)

    # -- The judge

    def judge(self) -> Counter[tuple[str, str, str]]:
        """How many promises of each kind and queue came to what, when all times are over."""
        found: Counter[tuple[str, str, str]] = Counter()
        for made in self.made:
            queue = LINE if made.kind == "text" else self.joined[made.subject][0]
            found[made.kind, queue, self._outcome(made)] += 1
        return found

    def speeds(self) -> Counter[tuple[str, str, float]]:
        """By queue: what came of everybody, and after how many whole seconds since they rang."""
        found: Counter[tuple[str, str, float]] = Counter()
        for name, (queue, first) in self.joined.items():
            theirs = [one for one in self.done if one.subject == name]
            if any(one.what == "moved_on" for one in theirs):
                continue
            talked = [one for one in theirs if one.what == "answered"]
            gone = [one for one in theirs if one.what in ("hung_up", "back", "sent_away")]
            if talked:
                found[queue, "answered", round(talked[0].at - first, 3)] += 1
            elif gone:
                how = "hung_up" if gone[-1].what == "hung_up" else "otherwise"
                found[queue, how, round(gone[-1].at - first, 3) if how == "hung_up" else 0] += 1
            else:
                found[queue, "waiting", 0] += 1
        return found

    def _outcome(self, made: Made) -> str:
        after = [one for one in self.done
                 if one.subject == made.subject and one.order > made.order]  # fmt: skip
        in_time = [one for one in after if one.at <= made.until]
        if made.kind == "text":
            ends = {"delivered": "kept", "failed": "broken", "dropped": "broken",
                    "opted_out": "withdrawn"}  # fmt: skip
            ended = [ends[one.what] for one in in_time if one.what in ends]
            return ended[0] if ended else "kept" if in_time else "broken"
        ends = {"answered": "kept", "hung_up": "withdrawn", "back": "withdrawn",
                "moved_on": "withdrawn", "moved": "withdrawn", "sent_away": "broken",
                "moved_by_us": "broken"}  # fmt: skip
        ended_at = min((one.order for one in in_time if one.what in ends), default=None)
        silent = [one.order for one in after
                  if one.what == "silent" and one.at <= made.until + LATENESS]  # fmt: skip
        for one in after:
            is_before = ended_at is None or one.order < ended_at
            rang = not any(order == self._next(one) for order in silent)
            if one.what == "dialled" and is_before and rang and made.at <= one.since < made.until:
                return "kept"
        return next((ends[one.what] for one in in_time if one.order == ended_at), "broken")

    def _next(self, done: Done) -> int:
        """What came of it."""
        theirs = [one.order for one in self.done
                  if one.subject == done.subject and one.order > done.order]  # fmt: skip
        return min(theirs, default=-1)

    def _waiting(self, most: int) -> list[str]:
        found = self.redis.zrange(f"ringback:line:{LINE}", 0, -1)
        names = [one.decode() for one in found]  # type: ignore[union-attr]
        return self.chance.sample(names, min(most, len(names)))

    def _name(self, prefix: str) -> str:
        return f"{prefix}{len(self.joined) + len(self.made) + len(self.done)}-{self.numbers}"

    def _made(self, kind: str, subject: str, until: float) -> None:
        order = len(self.made) + len(self.done)
        self.made.append(Made(kind, subject, self.now, until, order))

    def _done(self, what: str, subject: str, since: float = 0.0) -> None:
        order = len(self.made) + len(self.done)
        self.done.append(Done(what, subject, self.now, order, since))


__all__ = ["BEGAN", "CALLED", "LINE", "Town"]
