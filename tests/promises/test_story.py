"""The parts together: an afternoon of somebody who waits, and the count of a whole day."""

from __future__ import annotations

from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ivr.promises.account import LATENESS, Account, Promise
from ivr.promises.answers import Asked, understand
from ivr.promises.events import Answered, CallPromised, Event, Left, Rang, TimePassed, TimeTold
from ivr.promises.figures import Share, kept_shares
from ivr.promises.ledger import fold, fold_all
from ivr.promises.replies import Situation, reply_to
from ivr.promises.updates import Heard, Words, find_update, heard_after, in_words
from ivr.promises.writing import Fill, write_text
from ivr.queueing.board import Standing
from ivr.queueing.protocol import Estimate

ZONE = ZoneInfo("Europe/Helsinki")
START = datetime(2026, 11, 23, 13, 0, tzinfo=ZONE).timestamp()
NUMBER = "+46 8 465 004 00"


class Afternoon:
    """One person's wait, as a service would lead it."""

    def __init__(self) -> None:
        self.account = Account("cb1")
        self.heard = Heard("cb1", None, START)
        self.said: list[str] = []
        self.events = 0

    def tell(self, minutes: float, low: float, high: float) -> str | None:
        """The clock comes by: the estimate, in minutes, is told if it should be."""
        now = START + 60 * minutes
        estimate = Estimate(60 * low, 60 * (low + high) / 2, 60 * high, 60 * (low + high) / 2)
        standing = Standing(now, 5, estimate=estimate, sound=True)
        self.happen(TimePassed, minutes)
        update = find_update(now, standing, self.heard)
        if update is None:
            return None
        self.heard = heard_after(update, self.heard, now)
        self.happen(TimeTold, minutes, queue="billing", until=float(update.words.ends))
        kind = {"first": "update_first", "worse": "update_worse", "better": "update_better"}
        self.write(kind.get(update.kind, "soon"), now, update.words)
        return update.kind

    def write(self, kind: str, now: float, words: Words | None = None) -> None:
        when = None if words is None else (float(words.begins), float(words.ends))
        fill = Fill("Revontuli", "Aino", when, minutes=5, number=NUMBER)
        self.said.append(write_text(kind, "fi", fill, now, ZONE))  # type: ignore[arg-type]

    def happen(self, what: type, minutes: float, **more: object) -> None:
        self.events += 1
        event: Event = what(id=str(self.events), at=START + 60 * minutes, subject="cb1", **more)
        self.account = fold(self.account, event).account

    def outcomes(self) -> list[tuple[str, str]]:
        return [(one.kind, one.outcome) for one in self.account.promises]


def test_joined_told_worse_better_later_moved_called_kept() -> None:
    day = Afternoon()
    day.happen(CallPromised, 0, queue="billing", until=START + 7200, window=False)
    assert day.tell(3, 20, 30) == "first"
    assert day.tell(8, 15, 25) is None
    assert day.tell(13, 30, 42) == "worse"
    assert day.tell(25, 8, 14) == "better"
    answer = understand("en ehdi nyt, soittakaa myohemmin 🙏", Asked("fi"))
    assert reply_to(answer, Situation("place", windows=3), START + 1600).text == "windows"
    picked = understand("kakkonen kiitos", Asked("fi", windows=3))
    assert (picked.wish, picked.number) == ("pick", 2)
    assert reply_to(picked, Situation("place"), START + 1700).deeds == ("move",)
    day.happen(CallPromised, 29, queue="billing", until=START + 9000, window=True)
    day.happen(Rang, 140)
    day.happen(Answered, 140.5)
    assert day.outcomes() == [
        ("call_back", "withdrawn"),
        ("told_wait", "withdrawn"),
        ("told_wait", "withdrawn"),
        ("told_wait", "withdrawn"),
        ("window", "kept"),
    ]
    assert day.account.due is None
    assert day.said == [
        "Revontuli: Hei Aino, nyt tiedämme enemmän: soitamme arviolta tänään klo 13.20-13.35. "
        "Ei sovi? Vastaa MYÖHEMMIN tai PERU.",
        "Revontuli: Hei Aino, odotus venyy valitettavasti. Soitamme arviolta tänään "
        "klo 13.40-13.55. Ei sovi? Vastaa MYÖHEMMIN.",
        "Revontuli: Hei Aino, jono liikkuu odotettua nopeammin. Soitamme arviolta jo tänään "
        "klo 13.30-13.40. Ei sovi? Vastaa MYÖHEMMIN.",
    ]


people = st.lists(
    st.tuples(
        st.integers(0, 40_000), st.integers(60, 3600), st.sampled_from(["answered", "left"]),
        st.integers(0, 5000),
    ),
    max_size=60,
)  # fmt: skip


@given(people, st.randoms(use_true_random=False))
def test_at_the_end_of_a_day_nothing_is_open_and_the_share_is_what_was_seen_outside(
    day: list[tuple[int, int, str, int]], chance: Random
) -> None:
    kept = broken = withdrawn = 0
    promises: list[Promise] = []
    for number, (told, lasts, how, after) in enumerate(day):
        subject, at, ended = f"p{number}", START + told, START + told + after
        until = at + lasts
        if ended > until:
            broken += 1
        elif how == "answered":
            kept += 1
        else:
            withdrawn += 1
        end: Event = (
            Answered(id="e", at=ended, subject=subject)
            if how == "answered"
            else Left(id="e", at=ended, subject=subject, by="person", hung_up=True)
        )
        events = [TimeTold(id="t", at=at, subject=subject, queue="q", until=until), end, end]
        chance.shuffle(events)
        evening = TimePassed(id="z", at=until + LATENESS + 5000, subject=subject)
        account = fold_all(Account(subject), [*events, evening]).account
        assert account.open == ()
        promises += [one for one in account.promises if one.kind == "told_wait"]
    assert sum(kept_shares(promises, ZONE).values(), Share()) == Share(kept, broken, withdrawn)


def test_what_is_told_is_what_is_promised() -> None:
    """The promise ends when the words do, not when the estimate behind them does."""
    words = in_words(START, START + 610, START + 1210)
    assert (words.begins, words.ends) == (START + 600, START + 1500)
