"""Twilio's error and warning codes, and the exceptions that carry them."""

from functools import cache

from ivr.simulator.data import load

HOP_LIMIT = 11215
"""Our choice for a call that runs in a circle: the nearest of Twilio's codes."""


@cache
def _messages() -> dict[str, str]:
    codes: dict[str, str] = load("error-codes.json")["codes"]
    return codes


def message(code: int) -> str:
    """Twilio's words for a code."""
    return _messages().get(str(code), "Error")


class SimulatorError(Exception):
    """The root of what this package raises."""


class ApplicationError(SimulatorError):
    """The TwiML application failed: its fallback is asked, or the caller hears the canned words."""

    def __init__(self, code: int, detail: str, url: str = "") -> None:
        super().__init__(f"{code} {message(code)}: {detail}")
        self.code = code
        self.detail = detail
        self.url = url


class DirectoryError(SimulatorError):
    """A directory of numbers that makes no sense; one sentence, for a person."""


class RestError(SimulatorError):
    """A REST request that Twilio refuses."""

    def __init__(self, status: int, code: int, detail: str = "") -> None:
        super().__init__(detail or message(code))
        self.status = status
        self.code = code
        self.detail = detail or message(code)
