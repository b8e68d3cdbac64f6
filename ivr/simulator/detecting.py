"""Telling the application what answering-machine detection found on a leg."""

from dataclasses import dataclass

from ivr.simulator.call import Call
from ivr.simulator.machines import Finding


@dataclass(frozen=True)
class Told:
    """Who is told what detection found."""

    url: str
    method: str = "POST"


def report_in_time(call: Call, finding: Finding, told: Told | None) -> None:
    """Tell what detection found once it has found it, unless the call has ended by then."""

    def done() -> None:
        if not call.is_over:
            report(call, finding, told)

    call.carrier.clock.call_later(finding.seconds, done)


def report(call: Call, finding: Finding, told: Told | None) -> tuple[tuple[str, str], ...]:
    """Write down who answered, and tell the application if it wants to know."""
    call.answered_by = finding.answered_by
    found = (
        ("AnsweredBy", finding.answered_by),
        ("MachineDetectionDuration", str(finding.milliseconds)),
    )
    if told is not None:
        fields = [
            ("CallSid", call.sid), ("AccountSid", call.carrier.settings.account_sid), *found,
        ]  # fmt: skip
        call.carrier.callbacks.send(call, told.url, told.method, fields, "amd-callback")
    return found
