"""Every promise ends once, by what happened, in whatever order it is heard of."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.promises.account import APOLOGY_WITHIN, LATENESS, Account, Folded, Promise
from ivr.promises.breaks import is_late, owed
from ivr.promises.events import (
    Answered,
    Apologised,
    Apologising,
    By,
    CallPromised,
    Dialled,
    Event,
    Joined,
    Left,
    MovedOn,
    NotApologised,
    NotRung,
    Rang,
    TextPromised,
    TextState,
    TextStood,
    TimePassed,
    TimeTold,
)
from ivr.promises.figures import Share, Speed, kept_shares, speed_of_answer, waited
from ivr.promises.ledger import fold, fold_all

STOCKHOLM = ZoneInfo("Europe/Stockholm")
T = 1_764_000_000.0
MAKING = TimeTold | CallPromised | TextPromised


def told(at: float, until: float, id: str = "t") -> TimeTold:
    return TimeTold(id=id, at=T + at, subject="p", queue="q", until=T + until)


def promised(at: float, until: float, *, window: bool = False, by: By = "person", id: str = "c"
             ) -> CallPromised:  # fmt: skip
    return CallPromised(
        id=id, at=T + at, subject="p", queue="q", until=T + until, window=window, by=by
    )


def text(at: float, until: float) -> TextPromised:
    return TextPromised(id="x", at=T + at, subject="p", queue="q", until=T + until)


def stood(at: float, state: TextState) -> TextStood:
    return TextStood(id=f"s{at}{state}", at=T + at, subject="p", state=state)


def rang(at: float) -> Rang:
    return Rang(id=f"r{at}", at=T + at, subject="p")


def dialled(at: float) -> Dialled:
    return Dialled(id=f"d{at}", at=T + at, subject="p")


def not_rung(at: float) -> NotRung:
    return NotRung(id=f"n{at}", at=T + at, subject="p")


def answered(at: float) -> Answered:
    return Answered(id=f"a{at}", at=T + at, subject="p")


def left(at: float, by: By = "person", *, hung_up: bool = False) -> Left:
    return Left(id=f"l{at}", at=T + at, subject="p", by=by, hung_up=hung_up)


def passed(at: float) -> TimePassed:
    return TimePassed(id=f"c{at}", at=T + at, subject="p")


def sorry(at: float) -> Apologised:
    return Apologised(id=f"y{at}", at=T + at, subject="p")


def after(*events: Event) -> Folded:
    return fold_all(Account("p"), events)


def outcomes(folded: Folded) -> list[tuple[str, str]]:
    return [(promise.kind, promise.outcome) for promise in folded.account.promises]


@pytest.mark.parametrize(
    ("events", "outcome"),
    [
        ((told(0, 600), answered(600)), "kept"),
        ((told(0, 600), rang(590)), "kept"),
        ((told(0, 600), answered(601), passed(700)), "broken"),
        ((told(0, 600), answered(601), rang(600)), "kept"),
        ((told(0, 600), left(500)), "withdrawn"),
        ((told(0, 600), left(601), passed(700)), "broken"),
        ((told(0, 600), left(500, "us")), "broken"),
        ((told(0, 600), passed(600 + LATENESS)), "open"),
        ((told(0, 600), passed(601 + LATENESS)), "broken"),
        ((told(0, 600), promised(300, 9000)), "withdrawn"),
        ((promised(0, 600), rang(600)), "kept"),
        ((promised(0, 600, window=True), rang(599), answered(620)), "kept"),
        ((promised(0, 600, window=True), rang(601), passed(700)), "broken"),
        ((promised(0, 600), dialled(590)), "open"),
        ((promised(0, 600), dialled(590), passed(700)), "kept"),
        ((promised(0, 600), dialled(590), rang(610), answered(620), passed(700)), "kept"),
        ((promised(0, 600), dialled(100), not_rung(110), passed(700)), "broken"),
        ((promised(0, 600), dialled(100), not_rung(110), dialled(300), passed(700)), "kept"),
        ((promised(0, 600), dialled(599), not_rung(660), passed(700)), "kept"),
        ((promised(0, 600), dialled(601), passed(700)), "broken"),
        ((promised(0, 600), dialled(300), left(500, "us")), "kept"),
        ((promised(0, 600), dialled(300), left(500)), "kept"),
        ((promised(0, 600), dialled(300), left(200)), "withdrawn"),
        ((dialled(-10), promised(0, 600), passed(700)), "broken"),
        ((text(0, 600), stood(5, "sent"), stood(9, "delivered")), "kept"),
        ((text(0, 600), stood(5, "sent")), "open"),
        ((text(0, 600), stood(5, "sent"), passed(700)), "kept"),
        ((text(0, 600), passed(700)), "broken"),
        ((text(0, 600), stood(601, "sent"), passed(700)), "broken"),
        ((text(0, 600), stood(600, "sent"), passed(700)), "kept"),
        ((text(0, 600), stood(-5, "sent"), passed(700)), "broken"),
        ((text(0, 600), rang(5), passed(700)), "broken"),
        ((told(0, 600), answered(0)), "kept"),
        ((text(0, 600), stood(5, "failed")), "broken"),
        ((text(0, 600), stood(5, "dropped")), "broken"),
        ((text(0, 600), stood(5, "opted_out")), "withdrawn"),
        ((rang(-10), answered(-5), told(0, 600)), "open"),
    ],
)
def test_a_promise_ends_as_its_events_say(events: tuple[Event, ...], outcome: str) -> None:
    made = next(
        event for event in events if isinstance(event, TimeTold | CallPromised | TextPromised)
    )
    folded = after(*events)
    first = next(one for one in folded.account.promises if one.source == made.id)
    assert first.outcome == outcome


@pytest.mark.parametrize(("by", "outcome"), [("person", "withdrawn"), ("us", "broken")])
def test_a_window_that_is_moved_is_withdrawn_by_the_person_and_broken_by_us(
    by: By, outcome: str
) -> None:
    folded = after(
        promised(0, 3600, window=True), promised(60, 7200, window=True, by=by, id="d"), rang(7000)
    )
    assert [one for one in outcomes(folded) if one[0] == "window"] == [
        ("window", outcome), ("window", "kept"),
    ]  # fmt: skip
    assert [wish.broken for wish in folded.wishes] == (["window:c"] if by == "us" else [])


def test_a_broken_promise_is_apologised_for_once_and_in_time() -> None:
    folded = after(told(0, 600), *(passed(at) for at in range(600, 700, 30)))
    (wish,) = folded.wishes
    assert (wish.broken, wish.how, wish.by) == ("told_wait:t", "now", T + 600 + APOLOGY_WITHIN)
    assert outcomes(folded) == [("told_wait", "broken"), ("apology", "open")]
    given = fold_all(folded.account, [sorry(700), passed(900), answered(1000)])
    assert given.wishes == ()
    assert outcomes(given)[1] == ("apology", "kept")


def test_an_apology_that_nobody_gave_is_broken_and_has_none_of_its_own() -> None:
    folded = after(told(0, 600), passed(660), passed(800), passed(2000))
    assert outcomes(folded) == [("told_wait", "broken"), ("apology", "broken")]
    assert len(folded.wishes) == 1


def test_who_talks_to_an_agent_or_is_gone_gets_no_text_about_it() -> None:
    assert [wish.how for wish in after(told(0, 600), answered(620), passed(700)).wishes] == [
        "by_agent"
    ]
    assert [wish.how for wish in after(told(0, 600), left(620), passed(700)).wishes] == [
        "when_they_ring"
    ]
    assert [wish.how for wish in after(text(0, 600), stood(9, "failed")).wishes] == [
        "when_they_ring"
    ]
    assert [wish.how for wish in after(promised(0, 600), left(60, "us")).wishes] == ["now"]


def test_who_was_told_in_time_that_it_takes_longer_gets_no_apology() -> None:
    folded = after(told(0, 600), told(300, 1500, "u"), passed(700), answered(1400))
    assert outcomes(folded) == [("told_wait", "broken"), ("told_wait", "kept")]
    assert folded.account.promises[0].renewed
    assert folded.wishes == ()


@pytest.mark.parametrize(
    ("events", "is_owed"),
    [
        ((), True),
        ((passed(800),), True),
        ((sorry(660),), False),
        ((answered(660),), False),
        ((left(660),), False),
        ((left(660, "us"),), True),
        ((Apologising(id="1", at=T + 650, subject="p"),), False),
        ((Apologising(id="1", at=T + 650, subject="p"),
          NotApologised(id="2", at=T + 655, subject="p")), True),
        ((NotApologised(id="2", at=T + 655, subject="p"), sorry(700)), False),
    ],
)  # fmt: skip
def test_an_apology_is_owed_until_it_was_heard_or_is_on_its_way(
    events: tuple[Event, ...], is_owed: bool
) -> None:
    folded = after(promised(0, 600), passed(650), *events)
    found = owed(folded.account)
    assert (found.id if found else None) == ("call_back:c" if is_owed else None)
    assert owed(after(promised(0, 600), rang(500)).account) is None


@pytest.mark.parametrize(
    ("events", "late"),
    [
        ((), False),
        ((told(0, 600),), True),
        ((told(0, 600), passed(700)), True),
        ((told(0, 600), told(500, 900, "u")), False),
        ((told(0, 600), rang(500)), False),
        ((promised(0, 9000, window=True),), False),
    ],
)
def test_somebody_is_late_when_the_time_told_last_is_over(
    events: tuple[Event, ...], late: bool
) -> None:
    assert is_late(after(*events).account, T + 700) is late


def test_a_shorter_time_told_later_excuses_nothing() -> None:
    folded = after(told(0, 600), told(300, 500, "u"), passed(700))
    assert [promise.outcome for promise in folded.closed] == ["broken", "broken"]
    assert not any(promise.renewed and promise.id == "told_wait:t" for promise in folded.closed)
    assert len(folded.wishes) == 1


def test_two_promises_that_break_together_have_one_apology() -> None:
    folded = after(promised(0, 600), told(1, 600), passed(660))
    assert [promise.outcome for promise in folded.closed] == ["broken", "broken"]
    assert len(folded.wishes) == 1


def test_an_account_tells_when_the_clock_must_come_by() -> None:
    folded = after(promised(0, 9000), told(1, 600))
    assert folded.account.due == T + 600 + LATENESS
    later = fold(folded.account, passed(700))
    assert later.account.due == T + 600 + APOLOGY_WITHIN + LATENESS
    ended = fold_all(later.account, [sorry(701), rang(800)])
    assert ended.account.due is None


moments = st.integers(0, 5000)
STATES: tuple[TextState, ...] = ("sent", "delivered", "failed", "dropped", "opted_out")
SIDES: tuple[By, ...] = ("person", "us")
states = st.sampled_from(STATES)
whose = st.sampled_from(SIDES)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """A subject's day: promises of any sort, and what may happen to them."""
    events: list[Event] = []
    for number in range(draw(st.integers(1, 4))):
        at, lasts = draw(moments), draw(st.integers(60, 3000))
        match draw(st.sampled_from(["told", "call", "window", "text"])):
            case "told":
                events.append(told(at, at + lasts, f"t{number}"))
            case "text":
                made = text(at, at + lasts)
                events.append(msgspec.structs.replace(made, id=f"x{number}"))
            case kind:
                window = kind == "window"
                events.append(
                    promised(at, at + lasts, window=window, by=draw(whose), id=f"c{number}")
                )
    for _ in range(draw(st.integers(0, 6))):
        at = draw(moments)
        may_happen: list[Event] = [
            rang(at), answered(at), left(at), left(at, "us"), sorry(at), stood(at, draw(states)),
            dialled(at), not_rung(at),
        ]  # fmt: skip
        events.append(draw(st.sampled_from(may_happen)))
    return events


@given(histories(), st.data())
def test_in_any_order_and_however_often_each_promise_ends_once(
    events: list[Event], data: st.DataObject
) -> None:
    repeated = events + data.draw(st.lists(st.sampled_from(events), max_size=5))
    shuffled = data.draw(st.permutations(repeated))
    folded = after(*shuffled, passed(20_000))
    made = [one for one in events if isinstance(one, MAKING)]
    promises = [one for one in folded.account.promises if one.kind != "apology"]
    assert sorted(one.source for one in promises) == sorted(one.id for one in made)
    assert folded.account.open == ()
    assert sorted(one.id for one in folded.closed) == sorted(
        one.id for one in folded.account.promises
    )
    assert len({one.id for one in folded.opened}) == len(folded.account.promises)
    apologised = [one.id for one in folded.account.promises if one.kind == "apology"]
    assert len(apologised) == sum(wish.how == "now" for wish in folded.wishes)
    again = fold_all(folded.account, shuffled)
    assert (again.opened, again.closed, again.wishes) == ((), (), ())
    assert again.account.promises == folded.account.promises


@given(histories())
def test_with_a_clock_that_comes_by_every_break_is_apologised_for_once_within_two_minutes(
    events: list[Event],
) -> None:
    in_order = sorted(events, key=lambda event: event.at)
    times = [passed(at) for at in range(0, 9000, 30)]
    account, wishes = Account("p"), []
    for event in sorted([*in_order, *times], key=lambda event: event.at):
        folded = fold(account, event)
        account = folded.account
        for wish in folded.wishes:
            wishes.append(wish)
            broken = next(one for one in account.promises if one.id == wish.broken)
            assert broken.outcome == "broken"
            assert event.at <= wish.by
        for promise in folded.closed:
            assert promise.ended is not None
            known_by = promise.until if promise.outcome == "kept" else promise.ended
            assert promise.ended <= event.at <= known_by + LATENESS + 30
    breaks = [one for one in account.promises if one.outcome == "broken" and one.kind != "apology"]
    assert len({wish.broken for wish in wishes}) == len(wishes)
    assert {wish.broken for wish in wishes} <= {one.id for one in breaks if not one.renewed}
    for one in breaks:
        shared = any(
            wish.how == "now" and abs(wish.by - APOLOGY_WITHIN - (one.ended or 0)) <= 400
            for wish in wishes
        )
        assert one.renewed or shared or one.id in {wish.broken for wish in wishes}


@given(histories())
def test_what_ends_in_order_does_not_depend_on_the_clock_coming_by(events: list[Event]) -> None:
    """Whether a promise was kept is not a matter of how often we look."""
    in_order = sorted(events, key=lambda event: event.at)
    with_clock: list[Event] = []
    for event in in_order:
        with_clock += [TimePassed(id=f"k{event.at}", at=event.at, subject="p"), event]
    one, other = after(*in_order, passed(20_000)), after(*with_clock, passed(20_000))
    assert {p.id: (p.outcome, p.ended) for p in one.account.promises if p.kind != "apology"} == {
        p.id: (p.outcome, p.ended) for p in other.account.promises if p.kind != "apology"
    }


def test_an_account_survives_being_written_down() -> None:
    account = after(promised(0, 600), told(1, 600), passed(660)).account
    assert msgspec.json.decode(msgspec.json.encode(account), type=Account) == account
    line = msgspec.json.encode(told(0, 600))
    assert msgspec.json.decode(line, type=Event) == told(0, 600)


def test_kept_shares_are_counted_on_the_local_day_on_which_they_were_due() -> None:
    midnight = datetime(2026, 3, 29, 0, 0, tzinfo=STOCKHOLM).timestamp()
    base = Promise("1", "window", "p", "sales", midnight - 9000, midnight - 1, "e", "kept")
    change = msgspec.structs.replace
    promises = [
        base,
        change(base, id="2", outcome="broken"),
        change(base, id="3", until=midnight, outcome="withdrawn"),
        change(base, id="4", queue="support", outcome="broken"),
        change(base, id="5", kind="told_wait", outcome="kept"),
    ]
    shares = kept_shares(promises, STOCKHOLM)
    assert shares["window", "sales", date(2026, 3, 28)] == Share(kept=1, broken=1)
    assert shares["window", "sales", date(2026, 3, 28)].share == 0.5
    assert shares["window", "sales", date(2026, 3, 29)].share is None
    windows = [one for (kind, _, _), one in shares.items() if kind == "window"]
    assert sum(windows, Share()) == Share(kept=1, broken=2, withdrawn=1)
    waiting = Share(withdrawn=2, open=3)
    assert waiting + waiting == Share(withdrawn=4, open=6)
    assert sum(shares.values(), Share()).kept == 2


def join(subject: str, at: float, first_rang: float, *, callback: bool = False) -> Joined:
    return Joined(
        id=f"j{subject}", at=T + at, subject=subject, queue="q", first_rang=T + first_rang,
        callback=callback,
    )  # fmt: skip


@given(st.data())
def test_a_callback_is_answered_from_the_first_ring_to_the_conversation(
    data: st.DataObject,
) -> None:
    events: list[Event] = [
        join("a", 0, 0),
        Answered(id="1", at=T + 30, subject="a"),
        Answered(id="1b", at=T + 400, subject="a"),
        Joined(id="jz", at=T + 300, subject="a", queue="q", first_rang=T + 300),
        join("b", 10, 10),
        Left(id="2", at=T + 70, subject="b", by="person", hung_up=True),
        join("B", 71, 10, callback=True),
        MovedOn(id="jB", at=T + 71, subject="b"),
        Rang(id="3", at=T + 900, subject="B"),
        Answered(id="4", at=T + 910, subject="B"),
        join("c", 20, 20),
        Left(id="5", at=T + 80, subject="c", by="person", hung_up=True),
        join("d", 30, 30),
        Left(id="5d", at=T + 40, subject="d", by="person"),
        Joined(id="jd2", at=T + 50, subject="d", queue="q", first_rang=T + 30),
        join("e", 40, 40),
        Left(id="6", at=T + 90, subject="e", by="us"),
    ]
    shuffled = data.draw(st.permutations(events + events[:4]))
    accounts = [
        fold_all(Account(one), [event for event in shuffled if event.subject == one]).account
        for one in "abBcde"
    ]
    waits = [found for account in accounts if (found := waited(account)) is not None]
    speed = speed_of_answer(waits)["q"]
    assert speed == Speed((30.0, 900.0), (60.0,), otherwise=1, waiting=1)
    assert speed.mean == speed.middle == 465.0
    assert speed.within(30) == pytest.approx(1 / 3)
    assert speed.within(29.9) == 0
    assert Speed().within(60) is Speed().mean is Speed().middle is None
