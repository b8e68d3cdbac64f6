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
    """REST requests under way at once before 429; 0 is no limit. Twilio does not publish its own."""

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

    empty_gather_sends_digits: bool = False
    """Whether the action of ``actionOnEmptyResult`` bears an empty ``Digits`` or none at all."""
    journal_entries: int = 5_000
    finished_calls: int = 5_000
    """How many calls that have ended are remembered."""
    recordings: int = 5_000
    """How many recordings are remembered."""
