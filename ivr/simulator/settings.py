"""Every limit and every choice of the telephone company, with its default, in one place.

Where Twilio's documentation leaves something open, the choice made here is the stricter one and is
listed in docs/simulator.md under "Choices".
"""

from dataclasses import dataclass

DEFAULT_ACCOUNT_SID = "AC" + "0" * 31 + "1"
DEFAULT_AUTH_TOKEN = "loopback-auth-token"  # noqa: S105  (it guards nothing but loopback)
TEST_ACCOUNT_SID = "AC" + "0" * 31 + "2"
TEST_AUTH_TOKEN = "loopback-test-token"  # noqa: S105


@dataclass(frozen=True)
class Settings:
    """How this telephone company behaves. Times are seconds unless the name says otherwise."""

    account_sid: str = DEFAULT_ACCOUNT_SID
    auth_token: str = DEFAULT_AUTH_TOKEN
    api_keys: tuple[tuple[str, str], ...] = ()
    """Identifiers (SK...) and secrets that open the REST API besides the account's token."""
    test_account_sid: str = TEST_ACCOUNT_SID
    test_auth_token: str = TEST_AUTH_TOKEN
    """Test credentials: magic numbers, and nothing happens."""
    rest_concurrency: int = 0
    """REST requests under way at once before 429; 0 is no limit. Twilio publishes none."""

    speech_rate: float = 15.0
    """Characters that Say speaks in a second."""
    end_of_speech: float = 1.0
    """The pause after which ``speechTimeout="auto"`` takes a caller's sentence as finished."""
    confidence: float = 0.9
    """Confidence of recognised speech when the speaker gives none."""
    beep: float = 0.5
    unknown_audio: float = 5.0
    """How long a Play lasts when the length cannot be read from the file."""
    extra_ring_time: float = 5.0
    """Added by Twilio to every ring time-out."""
    call_length: float = 14_400.0
    calls_per_second: float = 1.0
    """How many created calls are placed in a second; the others wait. 0 places all at once."""
    forwarding_hops: int = 10
    """How many lines of this company may dial one another in a row."""

    webhook_time: float = 15.0
    """The most that one call-related HTTP request may take, retries included; real time."""
    webhook_redirects: int = 10
    time_header: str = ""
    """The name of a header that tells the application telephony time (ISO 8601); empty: none is
    sent, as by Twilio."""
    document_bytes: int = 64 * 1024
    inline_characters: int = 4_000
    documents_without_hearing: int = 50
    """Documents fetched in a row while nothing was heard and no time passed, before the call is
    ended as a loop."""
    documents_per_call: int = 5_000
    loop_rounds: int = 1_000
    """What ``loop="0"`` means."""
    parallel_numbers: int = 10

    queue_size: int = 1_000
    """How many calls a queue takes that was made without a size."""
    hold_music: float = 60.0
    """How long one piece of Twilio's own music lasts, heard while waiting without ``waitUrl``."""
    queue_fields_in_whole_wait: bool = False
    """Whether every document heard in a queue is asked for with how the queue stands, or only the
    ``waitUrl``."""
    wait_gathers_both: bool = False
    """Whether a Gather heard in a queue may listen for keys and speech at once."""
    lost_member_rejoins: bool = False
    """Whether a call whose dequeuer goes before the two are connected returns to the front."""

    text_characters: int = 1_600
    """The longest body of a text, in UTF-16 code units."""
    segments_per_second: float = 1.0
    """How fast a number, or a sender of letters, may send texts."""
    short_code_segments_per_second: float = 100.0
    sender_queue: float = 36_000.0
    """How long the texts in one sender's queue may take before further ones are refused."""
    message_routing: float = 0.2
    """What a Messaging Service takes to choose a sender."""
    message_sending: float = 0.3
    message_delivery: float = 2.0
    """From sent to what becomes of a text."""
    schedule_least: float = 300.0
    """A text may be scheduled more than this and at most `schedule_most` ahead."""
    schedule_most: float = 35 * 86_400.0
    scheduled_messages: int = 500_000
    landlines_refused: bool = True
    """A text to a landline is refused at once (21614); else it is undelivered later (30006)."""
    service_judges_later: bool = False
    """With a Messaging Service, landlines and opted-out people are found out after the create."""
    unknown_sender_code: int = 21606
    """For a From that is not the account's; 21659 is seen as well."""
    countries_without_texts: frozenset[str] = frozenset()
    """Two-letter countries to which the account may not text (21408)."""
    filtered_words: tuple[str, ...] = ()
    """Texts that contain one of these are filtered (30007)."""
    replies_per_text: int = 10
    documents_per_text: int = 50
    finished_messages: int = 5_000
    """How many texts of which nothing more will become are remembered."""

    conference_ends_unstarted: bool = False
    """Whether a conference that has not started can be ended through REST."""
    empty_gather_sends_digits: bool = False
    """Whether the action of ``actionOnEmptyResult`` bears an empty ``Digits`` or none at all."""
    journal_entries: int = 5_000
    finished_calls: int = 5_000
    """How many calls that have ended are remembered."""
    conferences: int = 1_000
    """How many conferences that have ended are remembered."""
    recordings: int = 5_000
    """How many recordings are remembered."""
