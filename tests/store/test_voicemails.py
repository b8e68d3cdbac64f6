"""Messages that callers left: listed until heard, and none of them lost."""

from typing import Any

import msgspec
import pytest
from redis import Redis

from ivr.engine.events import Voicemail
from ivr.store import keys
from ivr.store.calls import CallStore
from ivr.store.scripts import Reply
from ivr.store.voicemails import Heard, Recording, VoicemailStore

NOW = 1_763_700_000.0


def a_voicemail(name: str = "RE1", **changes: Any) -> Voicemail:
    plain = Voicemail(
        call="CA1",
        line="main",
        place="main/leave_message",
        language="nb",
        recording=f"https://carrier.example/Recordings/{name}",
        seconds=7,
        left_at=NOW,
    )
    return msgspec.structs.replace(plain, **changes)


@pytest.fixture
def voicemails(redis: Redis) -> VoicemailStore:
    return VoicemailStore(redis)


def test_messages_are_listed_oldest_first_until_somebody_has_heard_them(
    voicemails: VoicemailStore,
) -> None:
    voicemails.keep(a_voicemail("RE2", left_at=NOW + 2))
    voicemails.keep(a_voicemail("RE1", left_at=NOW + 1))
    assert [one.id for one in voicemails.all()] == ["RE1", "RE2"]
    assert voicemails.mark_heard("RE1", "Aino", NOW + 9) == Reply.DONE
    assert [one.id for one in voicemails.all()] == ["RE2"]
    assert [one.heard for one in voicemails.all(heard=True)] == [Heard("Aino", NOW + 9), None]


def test_who_heard_a_message_first_stays_noted(voicemails: VoicemailStore) -> None:
    voicemails.keep(a_voicemail())
    voicemails.mark_heard("RE1", "Aino", NOW + 1)
    assert voicemails.mark_heard("RE1", "Björn", NOW + 2) == Reply.NOTHING_NEW
    kept = voicemails.read("RE1")
    assert kept is not None
    assert kept.heard == Heard("Aino", NOW + 1)


def test_a_message_that_does_not_exist_cannot_be_heard(
    voicemails: VoicemailStore, redis: Redis
) -> None:
    assert voicemails.mark_heard("RE9", "Aino", NOW) == Reply.UNKNOWN
    assert voicemails.read("RE9") is None
    assert redis.keys() == []


def test_a_message_stays_while_unheard_and_some_time_after(
    voicemails: VoicemailStore, redis: Redis
) -> None:
    voicemails.keep(a_voicemail())
    assert redis.ttl(keys.voicemail("RE1")) == -1
    voicemails.mark_heard("RE1", "Aino", NOW)
    assert 0 < redis.ttl(keys.voicemail("RE1")) <= keys.HEARD_LIFETIME


def test_a_message_whose_time_is_over_leaves_the_list(
    voicemails: VoicemailStore, redis: Redis
) -> None:
    voicemails.keep(a_voicemail())
    redis.delete(keys.voicemail("RE1"))
    assert voicemails.all(heard=True) == []
    assert redis.zcard(keys.VOICEMAILS) == 0


def test_news_of_the_recording_is_told_with_the_message(
    voicemails: VoicemailStore, redis: Redis
) -> None:
    voicemails.keep(a_voicemail())
    [new] = voicemails.all()
    assert (new.recording, new.seconds) == ("under_way", 7)
    CallStore(redis).note_recording("CA1", "RE1", "ready", 9, NOW)
    [ready] = voicemails.all()
    assert (ready.recording, ready.seconds) == ("ready", 9)


def test_a_recording_without_a_message_is_known_but_not_listed(
    voicemails: VoicemailStore, redis: Redis
) -> None:
    assert voicemails.recording("RE1") is None
    CallStore(redis).note_recording("CA1", "RE1", "ready", 9, NOW)
    assert voicemails.recording("RE1") == Recording("CA1", "RE1", "ready", 9, is_kept=False)
    assert voicemails.read("RE1") is None
    assert voicemails.all() == []
    assert voicemails.keep(a_voicemail())
    assert not voicemails.keep(a_voicemail(seconds=1))
    assert voicemails.recording("RE1") == Recording("CA1", "RE1", "ready", 9, is_kept=True)
    assert redis.zcard(keys.DUE) == 0


@pytest.mark.parametrize(
    ("recording", "expected"),
    [
        ("https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE12", "RE12"),
        ("https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE12.mp3?x=1", "RE12"),
        ("RE12", "RE12"),
    ],
)
def test_a_voicemail_is_called_as_the_carrier_calls_its_recording(
    recording: str, expected: str
) -> None:
    assert keys.voicemail_id(recording) == expected


@pytest.mark.parametrize("recording", ["https://a.example/", "https://a.example/%0a*", ""])
def test_a_recording_without_a_plain_name_gets_one(recording: str) -> None:
    name = keys.voicemail_id(recording)
    assert name.isalnum()
    assert name != keys.voicemail_id(recording + "x")
