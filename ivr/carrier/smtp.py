"""Giving one mail to the company's mail server (SMTP, RFC 5321), so that it is known whether the
server has it.

A server must not deliver what it was not given to the end. So the end goes by itself: what is lost
before is certainly not delivered, and of what is lost after it nobody knows.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from email.message import EmailMessage

from msgspec import Struct

from ivr.promises.mail_rules import Stage, Trouble

PATIENCE = 8.0
"""Seconds to wait for each answer."""
BEGUN_WITHIN = 25.0
"""Seconds after which a mail is not given any more that a slow server has not yet wanted."""
_DONE, _GO_ON = 2, 3
"""The first digit of an answer."""
_DETAIL = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")


class NotMailed(Exception):
    """The server did not take a mail, or it is not known. `code` and `detail` (RFC 3463) are its
    answer; None where there was none. `trouble` is with the server itself."""

    def __init__(
        self, stage: Stage, code: int | None = None, detail: str = "",
        trouble: Trouble | None = None,
    ) -> None:  # fmt: skip
        super().__init__(f"{stage}: {code} {detail}")
        self.stage = stage
        self.code = code
        self.detail = detail
        self.trouble = trouble


class MailServer(Struct, frozen=True):
    """Where mail is given. `security` is `starttls`, `tls` or `none`; with the first two, the
    certificate must be one that this machine trusts, and of that host."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""

    def send(self, sender: str, to: str, mail: EmailMessage, may_end: Callable[[], bool]) -> None:
        """Raises NotMailed where the server has not taken it, or nobody knows. `may_end` is asked
        when all but the end has gone: what it refuses is not sent."""
        began = time.monotonic()
        server = self._connect()
        try:
            self._introduce(server)
            _say("sender", lambda: server.mail(sender))
            _say("recipient", lambda: server.rcpt(to))
            if time.monotonic() > began + BEGUN_WITHIN:
                raise NotMailed("content")
            _say("content", lambda: server.docmd("DATA"), _GO_ON)
            _give(server, _body(mail))
            if not may_end():
                raise NotMailed("content")
            _say("end", lambda: server.docmd("."))
        finally:
            _leave(server)

    def _connect(self) -> smtplib.SMTP:
        try:
            if self.security == "tls":
                return smtplib.SMTP_SSL(
                    self.host, self.port, timeout=PATIENCE, context=ssl.create_default_context()
                )
            return smtplib.SMTP(self.host, self.port, timeout=PATIENCE)
        except ssl.SSLCertVerificationError:
            raise NotMailed("connect", trouble="certificate") from None
        except smtplib.SMTPResponseException as error:
            raise _answered("connect", error.smtp_code, error.smtp_error) from None
        except (OSError, smtplib.SMTPException):
            raise NotMailed("connect") from None

    def _introduce(self, server: smtplib.SMTP) -> None:
        try:
            server.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                if not server.has_extn("starttls"):
                    raise NotMailed("connect", trouble="unencrypted")
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if self.user:
                server.login(self.user, self.password)
        except ssl.SSLCertVerificationError:
            raise NotMailed("connect", trouble="certificate") from None
        except smtplib.SMTPResponseException as error:
            raise _answered("login", error.smtp_code, error.smtp_error) from None
        except smtplib.SMTPNotSupportedError:
            # It knows no way to say who we are.
            raise NotMailed("login", 504) from None
        except (OSError, smtplib.SMTPException):
            raise NotMailed("login") from None


def _say(stage: Stage, say: Callable[[], tuple[int, bytes]], wanted: int = _DONE) -> None:
    try:
        code, said = say()
    except (OSError, smtplib.SMTPException):
        raise NotMailed(stage) from None
    if code // 100 != wanted:
        raise _answered(stage, code, said)


def _give(server: smtplib.SMTP, body: bytes) -> None:
    try:
        server.send(body)
    except (OSError, smtplib.SMTPException):
        raise NotMailed("content") from None


def _answered(stage: Stage, code: int, said: bytes | str) -> NotMailed:
    if not 400 <= code <= 599:
        # Nothing that a mail server says; it has said something, though, and not that it has it.
        return NotMailed(stage)
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else said
    detail = _DETAIL.match(text)
    return NotMailed(stage, code, detail[1] if detail else "")


def _body(mail: EmailMessage) -> bytes:
    """The whole mail but its end, with every dot at the beginning of a line doubled."""
    body = re.sub(rb"(?m)^\.", b"..", mail.as_bytes(policy=mail.policy.clone(linesep="\r\n")))
    return body if body.endswith(b"\r\n") else body + b"\r\n"


def _leave(server: smtplib.SMTP) -> None:
    """What it says to that does not matter any more, and is not waited for."""
    try:
        server.putcmd("quit")
        if server.sock is not None:
            server.sock.shutdown(socket.SHUT_WR)
    except (OSError, smtplib.SMTPException):
        pass
    finally:
        server.close()
