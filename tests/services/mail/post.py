"""A mail server on loopback, which does what a test wants, and a company that sends mail by it."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from redis import Redis

from ivr.clock import FixedClock
from ivr.flow.language import load_languages
from ivr.services.callbacks.form_tokens import FormTokens
from ivr.services.due import Done, Drained, drain
from ivr.services.texts.composing import Composer
from ivr.services.texts.looking import TextCarrier
from ivr.services.texts.making import text_handlers
from ivr.store.callbacks import CALLBACK, StoredCallback
from ivr.store.due import DueStore
from ivr.store.mail import MailStore, MailTo
from ivr.store.outbox import OutboxStore, StoredText
from ivr.store.senders import SenderStore
from tests.services.texts.promised import NOON, office, promised

KEY = "a key that nobody knows, 32 or more"
PUBLIC = "https://ringback.example.com"
FROM, MAJA = "callback@example.com", "maja@example.org"
USER, PASSWORD = "ringback", "a secret of the post's"
CUT = "cut"


class Post:
    """A mail server. `answers`: what it says next to MAIL, RCPT, DATA (before the mail) and END
    (after it) instead of taking it; CUT breaks the connection off, after END with the mail in
    hand."""

    def __init__(self, certificate: trustme.LeafCert | None = None, *, login: bool = False) -> None:
        self.answers: dict[str, deque[str]] = {}
        self.received: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str, tuple[str, ...]]] = []
        self.secure: list[bool] = []
        self.holds: set[tuple[str, str]] = set()
        """Stages and addresses at which nothing is answered while they are here; `held` waits until
        somebody waits at all of them."""
        self._held: set[tuple[str, str]] = set()
        self._all_held = threading.Event()
        self._login = login
        self._tls: ssl.SSLContext | None = None
        if certificate is not None:
            self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            certificate.configure_cert(self._tls)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0

    def says(self, stage: str, *answers: str) -> None:
        self.answers.setdefault(stage, deque()).extend(answers)

    def __enter__(self) -> Self:
        self._thread.start()
        self.open()
        return self

    def open(self) -> None:
        """Take mail, from the second time on at the same port."""

        async def start() -> asyncio.Server:
            return await self._loop.create_server(self._session, "127.0.0.1", self.port)

        self._server = asyncio.run_coroutine_threadsafe(start(), self._loop).result(5)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        async def stop() -> None:
            self._server.close()

        asyncio.run_coroutine_threadsafe(stop(), self._loop).result(5)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        async def end() -> None:
            self._server.close()
            rest = asyncio.all_tasks() - {asyncio.current_task()}
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)

        self.holds.clear()
        asyncio.run_coroutine_threadsafe(end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _session(self) -> SMTP:
        return _Counter(
            self, loop=self._loop, hostname="localhost", tls_context=self._tls,
            require_starttls=self._tls is not None, auth_required=self._login,
            auth_require_tls=self._tls is not None,
            authenticator=_check if self._login else None,
        )  # fmt: skip

    def next(self, stage: str) -> str:
        waiting = self.answers.get(stage)
        return waiting.popleft() if waiting else ""

    def held(self) -> bool:
        return self._all_held.wait(30)

    async def _hold(self, stage: str, address: str) -> None:
        while (stage, address) in self.holds:
            self._held.add((stage, address))
            if self._held >= self.holds:
                self._all_held.set()
            await asyncio.sleep(0.005)

    # What aiosmtpd asks of us.

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.next("MAIL"):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._hold("RCPT", address)
        if answer := self.next("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.next("END")
        if not answer or answer == CUT:
            content = cast("bytes", envelope.content)
            self.received.append(message_from_bytes(content, policy=policy.default))
            self.raw.append(content)
            self.envelopes.append((str(envelope.mail_from), tuple(map(str, envelope.rcpt_tos))))
            self.secure.append(session.ssl is not None)
        await self._hold("END", envelope.rcpt_tos[0] or "")
        if answer == CUT:
            _abort(server)
        return answer if answer and answer != CUT else "250 OK"


class _Counter(SMTP):
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        answer = cast("Post", self.event_handler).next("DATA")
        if answer == CUT:
            _abort(self)
        elif answer:
            await self.push(answer)
        else:
            await super().smtp_DATA(arg)


def _abort(server: SMTP) -> None:
    with suppress(AttributeError):
        cast("asyncio.Transport", server.transport).abort()


def _check(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (
        USER.encode(), PASSWORD.encode(),
    )  # fmt: skip
    return AuthResult(success=right, handled=False)


def settings(port: int, **mail: Any) -> dict[str, Any]:
    """Of a company that sends mail by the server there."""
    told = {
        "host": "localhost", "port": port, "security": "none", "sender": FROM, "per_second": 0,
        "link_key": KEY, **mail,
    }  # fmt: skip
    form = {"queues": ["billing"]}
    return {
        "web": {"public_url": PUBLIC}, "mail": told,
        "callbacks": {"countries": ["SE"], "form": form},
    }  # fmt: skip


class Mailroom:
    """Mail as workers send it. `at` is how many seconds have passed for them."""

    def __init__(
        self, redis: Redis, post: Post, carrier: TextCarrier | None = None, **mail: Any
    ) -> None:
        self.redis, self.post = redis, post
        self.config = office(**settings(post.port, **mail))
        self.at = 0.0
        self.people = 4
        self.outbox, self.addresses = OutboxStore(redis), MailStore(redis)
        self.senders, self.due = SenderStore(redis), DueStore(redis)
        self.composer = Composer(self.config, redis, load_languages())
        self.tokens = FormTokens(KEY)
        # Without one no text goes by telephone here.
        by_telephone = cast("TextCarrier", carrier)
        self.handlers = {
            **text_handlers(self.config, redis, by_telephone, lambda: self.now),
            CALLBACK: lambda record, now: Done(),
        }

    @property
    def now(self) -> float:
        return NOON + self.at

    def callback(self, name: str = "web-cb1", address: str = MAJA, **more: Any) -> StoredCallback:
        """Somebody who waits, and gave an address but agreed to no text."""
        self.people += 1
        number = f"+467017406{self.people:02}"
        stored = promised(self.redis, name, **{"number": number, "caller": number, **more})
        if address:
            self.addresses.give(stored.id, MailTo(address, self.now, "web"))
        return stored

    def want(self, stored: StoredCallback, kind: Any = "receipt_place", **told: Any) -> str:
        """Have something told to them; the id of the mail."""
        text = self.composer.write(kind, stored, self.now, **told)
        assert text is not None and text.by_mail
        self.outbox.put(text, self.now)
        return text.id

    def after(self, seconds: float) -> Drained:
        """What is due by then is done, so many seconds after the beginning."""
        self.at = seconds
        moment = datetime.fromtimestamp(NOON, UTC) + timedelta(seconds=seconds)
        return drain(self.due, self.handlers, FixedClock(moment))

    def stands(self, text_id: str) -> StoredText:
        found = self.outbox.read(text_id)
        assert found is not None
        return found


def certificates(folder: Path) -> tuple[trustme.LeafCert, Path]:
    """A certificate of `localhost`, and the file that makes it trusted."""
    authority = trustme.CA()
    trusted = folder / "trusted.pem"
    authority.cert_pem.write_to_path(str(trusted))
    return authority.issue_cert("localhost"), trusted
