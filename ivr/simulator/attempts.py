"""How an HTTP attempt can fail, and which of Twilio's codes that is."""

import aiohttp


class AttemptError(Exception):
    """An attempt that failed; `kind` is what a retry policy calls it."""

    def __init__(self, kind: str, code: int, detail: str, status: int | None = None) -> None:
        super().__init__(detail)
        self.kind, self.code, self.detail, self.status = kind, code, detail, status


def classify(error: Exception, begun: bool) -> AttemptError:
    """Which of Twilio's codes a failure of the HTTP client is. What had begun is not retried."""
    words = str(error) or type(error).__name__
    if begun:
        return AttemptError("", 11200, f"the answer broke off: {words}")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return AttemptError("ct", 11210, words)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return AttemptError("ct", 11237, words)
    if isinstance(error, aiohttp.ClientSSLError):
        return AttemptError("ct", 11220, words)
    if isinstance(error, aiohttp.ConnectionTimeoutError | aiohttp.ClientConnectorError):
        return AttemptError("ct", 11205, words)
    if isinstance(error, aiohttp.ServerTimeoutError):
        return AttemptError("rt", 11200, "no answer in time")
    if isinstance(error, aiohttp.ClientResponseError):
        return AttemptError("", 11206, words)
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return AttemptError("", 11100, words)
    return AttemptError("", 11200, words)
