"""A mail as it goes to a server: plain and in HTML, with what ends it and what a calendar takes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from ivr.config import Config
from ivr.mail_settings import MailSettings
from ivr.promises.calendar import calendar
from ivr.promises.mail_writing import MailWordings, load_mail_wordings, what_calls
from ivr.services.callbacks.form_tokens import FormTokens
from ivr.store.texts import OutboxText

_NO_MORE = "List-Unsubscribe"


class _Policy(EmailPolicy):
    """An address of the web stands in one line: folded, it is encoded, and no program finds it."""

    def fold(self, name: str, value: str) -> str:
        return _unfolded(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return _unfolded(name, value).encode("ascii") or super().fold_binary(name, value)


def _unfolded(name: str, value: str) -> str:
    return f"{name}: {value}\r\n" if name == _NO_MORE else ""


# What old servers take as well.
_POLICY = _Policy(linesep="\r\n", cte_type="7bit")
_CALENDAR_FROM = 1_767_225_600
"""The beginning of 2026: the changes of an entry are counted in seconds since then."""


class Letters:
    """Makes what is sent of what waits in the outbox."""

    def __init__(self, config: Config, settings: MailSettings) -> None:
        self._company = config.company
        self._from = Address(settings.name or config.company, addr_spec=settings.sender)
        self._zone = ZoneInfo(config.time_zone)
        self._tokens = FormTokens(settings.link_key.get_secret_value())
        self._pages = f"{config.web.public_url}/callback/mine/"

    def make(self, text: OutboxText, to: str, now: float) -> EmailMessage:
        """The mail to an address. The same text again bears the same Message-ID."""
        words = load_mail_wordings()[text.language]
        page = self._pages + self._tokens.link(text.subject)
        no_more = f"{page}/mail"
        mail = EmailMessage(_POLICY)
        mail["From"] = self._from
        mail["To"] = Address(addr_spec=to)
        mail["Subject"] = text.title
        mail["Date"] = format_datetime(datetime.fromtimestamp(int(now), UTC))
        mail["Message-ID"] = self.message_id(text)
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = text.language
        mail[_NO_MORE] = f"<{no_more}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        paragraphs = text.text.split("\n\n")
        mail.set_content(self._plain(paragraphs, words, page, no_more))
        mail.add_alternative(self._html(text, paragraphs, words, page, no_more), subtype="html")
        if text.kind == "receipt_window" and text.tells is not None:
            mail.add_attachment(
                self._calendar(text, paragraphs, page, now).encode(), maintype="text",
                subtype="calendar", filename="call.ics",
                params={"method": "PUBLISH", "charset": "utf-8"},
            )  # fmt: skip
        return mail

    def message_id(self, text: OutboxText) -> str:
        return f"<{self._name(text.id)}>"

    def _name(self, what: str) -> str:
        digest = hashlib.sha256(what.encode()).hexdigest()[:32]
        return f"{digest}@{self._from.domain}"

    def _plain(
        self, paragraphs: Sequence[str], words: MailWordings, page: str, no_more: str
    ) -> str:
        told = [
            *paragraphs, f"{words.change}\n{page}", f"{words.regards}\n{self._company}",
            f"-- \n{words.why}\n{words.stop}\n{no_more}",
        ]  # fmt: skip
        return "\n\n".join(told) + "\n"

    def _html(
        self, text: OutboxText, paragraphs: Sequence[str], words: MailWordings, page: str,
        no_more: str,
    ) -> str:  # fmt: skip
        told = "\n".join(f"<p>{escape(one)}</p>" for one in paragraphs)
        return (
            f'<!doctype html>\n<html lang="{text.language}">\n<head><meta charset="utf-8">'
            f"<title>{escape(text.title)}</title></head>\n"
            '<body style="font-family: sans-serif; line-height: 1.5; max-width: 36em">\n'
            f'{told}\n<p><a href="{escape(page)}">{escape(words.change_label)}</a></p>\n'
            f"<p>{escape(words.regards)}<br>{escape(self._company)}</p>\n<hr>\n"
            f'<p><small>{escape(words.why)} <a href="{escape(no_more)}">'
            f"{escape(words.stop_label)}</a></small></p>\n</body>\n</html>\n"
        )

    def _calendar(self, text: OutboxText, paragraphs: Sequence[str], page: str, now: float) -> str:
        assert text.tells is not None
        return calendar(
            self._name(text.subject), text.tells,
            what_calls(text.language, self._company, now, self._zone), now,
            moves=max(int(text.wanted_at) - _CALENDAR_FROM, 0),
            details=f"{paragraphs[1]}\n{page}",
        )  # fmt: skip
