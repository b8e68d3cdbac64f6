"""What the ledger makes of what is told."""

import pytest

from ivr.callbacks.record import SYSTEM
from ivr.promises.events import Dialled, Event, Rang
from ivr.services.promises.happenings import Happened, events
from ivr.store.callbacks import CallbackMoved


def moved(event: str, at: float, begins: float | None) -> list[Event]:
    told = CallbackMoved(
        "cb", 3, event, "dialling", SYSTEM, "moving", until=3600, rang_at=0, begins=begins
    )
    return list(events(Happened("1-0.0", at, "", told), {}))


@pytest.mark.parametrize("event", ["dialled", "machine_answered"])
def test_who_is_missed_before_the_window_waits_for_it_all_the_same(event: str) -> None:
    assert moved(event, at=1000, begins=1800) == []
    assert [one.at for one in moved(event, at=1800, begins=1800)] == [1800]
    assert [one.at for one in moved(event, at=1000, begins=None)] == [1000]


def test_who_is_talked_to_before_the_window_was_rung() -> None:
    assert moved("person_answered", at=1000, begins=1800) == [
        Rang(id="1-0.0", at=1000, subject="cb")
    ]
    assert isinstance(moved("dialled", at=2000, begins=1800)[0], Dialled)
