"""The pages of `Call me back`, made of what is known; nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

import phonenumbers
from flask import Response, request
from jinja2 import Environment, PackageLoader, Template
from phonenumbers import PhoneNumberFormat

from ivr.callbacks.record import Window
from ivr.callbacks.states import ENDS, ON_THE_WAY, find_move
from ivr.callbacks.wording import zone_of
from ivr.config import Config
from ivr.flow.language import Language
from ivr.services.callbacks.form_wish import (
    LONGEST_ABOUT,
    LONGEST_EMAIL,
    LONGEST_NAME,
    PLACE,
    Offered,
    Refused,
    Trouble,
    Wish,
    written,
)
from ivr.store.callbacks import StoredCallback
from ivr.web.form_times import city_of, show_day, show_window
from ivr.web.form_words import Words, load_form_words

Choice = tuple[str, str]
"""A value, and what is read of it."""


@dataclass(frozen=True)
class Promise:
    """A callback as the person is told of it. `when` empty: no call is planned (any more)."""

    status: str
    when: str
    about: str
    shown: str
    number: str
    code: str
    ahead: int | None
    may_move: bool
    may_cancel: bool
    is_over: bool


class FormPages:
    """Renders in each language, for the request under way."""

    def __init__(
        self, config: Config, languages: Mapping[str, Language], *, emails: bool = False
    ) -> None:
        self._emails = emails
        self._config = config
        self._packs = languages
        self._words = load_form_words()
        self._zone = ZoneInfo(config.time_zone)
        self._line = next(iter(config.lines.values())).number
        form = config.callbacks.form
        known = [code for code in languages if code in self._words]
        self.languages = tuple(code for code in form.languages if code in known) or tuple(known)
        self._headers = {
            "Content-Security-Policy": (
                "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
                "base-uri 'none'; frame-ancestors " + (" ".join(form.embed) or "'none'")
            ),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
            "Cache-Control": "no-store",
            "Vary": "Accept, Accept-Language, Origin",
        }

    def words(self, language: str) -> Words:
        return self._words[language]

    def sentence(self, trouble: Trouble, language: str) -> str:
        return self._words[language].troubles.root[trouble]

    def queue_name(self, queue: str, language: str) -> str:
        """As people read it."""
        settings = self._config.queues.get(queue)
        named = settings.names.get(language) if settings is not None else None
        shown = named or queue.replace("_", " ")
        return shown[:1].upper() + shown[1:]

    def choices(self, offered: Offered, language: str, now: float) -> list[Choice]:
        """The windows to choose from."""
        return [
            (written(one), self._window(one, language, now, self._zone)) for one in offered.windows
        ]

    def _times(self, offered: Offered, language: str, now: float, every: bool) -> dict[str, object]:
        """What templates need of what is offered."""
        choices = self.choices(offered, language, now)
        days: dict[str, list[Choice]] = {}
        for window, choice in zip(offered.windows, choices, strict=True):
            locale = self._words[language].locale
            day = show_day(window, self._packs[language], locale, now, self._zone)
            days.setdefault(day, []).append(choice)
        return {
            "place": PLACE in offered.kinds,
            "windows": choices[: offered.first],
            "days": days if every else {},
            "more": not every and len(choices) > offered.first,
        }

    def queues(self, language: str, queues: tuple[str, ...]) -> Response:
        """What is it about?"""
        named = [(name, self.queue_name(name, language)) for name in queues]
        return self._page("queues", language, 200, queues=named)

    def form(
        self, wish: Wish, token: str, language: str, offered: Offered, now: float,
        refused: Refused | None = None, status: int = 200, *, several: bool = False,
        every: bool = False,
    ) -> Response:  # fmt: skip
        """The form, with what was filled in before and what is wrong with it."""
        troubles = refused.fields if refused is not None else {}
        wrong = {name: self.sentence(why, language) for name, why in troubles.items()}
        why = self.sentence(refused.why, language) if refused and refused.why else ""
        when = wish.when
        if not offered.has(when):
            when = PLACE if "place" in offered.kinds and not wrong.get("when") else ""
        return self._page(
            "form", language, status, wish=wish, token=token, wrong=wrong, why=why, when=when,
            queue_name=self.queue_name(wish.queue, language), several=several,
            emails=self._emails, **self._times(offered, language, now, every),
            longest={"name": LONGEST_NAME, "about": LONGEST_ABOUT, "email": LONGEST_EMAIL},
        )  # fmt: skip

    def mine(
        self, stored: StoredCallback, offered: Offered, ahead: int | None, language: str,
        now: float, *, said: str = "", trouble: Trouble | None = None, status: int = 200,
        every: bool = False,
    ) -> Response:  # fmt: skip
        """The page of one callback."""
        promise = self.promise(stored, ahead, language, now)
        return self._page(
            "mine", language, status, promise=promise, said=said,
            why=self.sentence(trouble, language) if trouble is not None else "",
            **self._times(offered, language, now, every),
        )  # fmt: skip

    def promise(
        self, stored: StoredCallback, ahead: int | None, language: str, now: float
    ) -> Promise:
        """What the person is told of a callback."""
        callback, words = stored.callback, self._words[language].mine
        line = self._config.lines.get(stored.about.person.line)
        is_over = callback.state in ENDS
        planned = callback.state in ("waiting", "booked", "due", "reserved", "retry")
        moved, cancelled = (find_move(event, callback.state) for event in ("moved", "cancelled"))
        return Promise(
            status=_status(stored, words.model_dump()).replace("{line}", self.line),
            when=self._when(stored, language, now) if planned and callback.state != "retry" else "",
            about=self.queue_name(callback.queue, language),
            shown=_shown(line.number if line is not None else self._line),
            number="" if is_over else _shown(callback.number, callback.extension),
            code="" if is_over else stored.about.code,
            ahead=ahead if planned else None,
            may_move=moved is not None and "person" in moved.by and planned,
            may_cancel=cancelled is not None and "person" in cancelled.by,
            is_over=is_over,
        )

    def no_mail(self, language: str) -> Response:
        """No more mail?"""
        return self._page("mail", language, 200)

    def sentence_page(self, sentence: str, language: str, status: int) -> Response:
        """One sentence, and the number to ring."""
        return self._page("sentence", language, status, sentence=sentence)

    @property
    def line(self) -> str:
        """The number that people ring, as it is read."""
        return _shown(self._line)

    def _when(self, stored: StoredCallback, language: str, now: float) -> str:
        words = self._words[language].mine
        window = stored.callback.window
        if window is None:
            return words.in_line
        here = self._window(window, language, now, self._zone)
        zone = zone_of(stored.callback.number, window.begins, self._zone)
        if zone == self._zone:
            return here
        locale = self._words[language].locale
        told = [
            words.there.replace("{when}", self._window(window, language, now, one)).replace(
                "{city}", city_of(one, locale)
            )
            for one in (zone, self._zone)
        ]
        return f"{told[0]} ({told[1][:1].lower()}{told[1][1:]})"

    def _window(self, window: Window, language: str, now: float, zone: ZoneInfo) -> str:
        return show_window(window, self._packs[language], self._words[language].locale, now, zone)

    def _page(self, name: str, language: str, status: int, **values: object) -> Response:
        words = self._words[language]
        html = _template(name).render(
            # Ours may be below any address: the page is led from where it is.
            root="../" * (request.path.count("/") - 1) + "callback",
            words=words,
            page=words.page,
            mine=words.mine,
            language=language,
            languages=[(code, self._words[code].name) for code in self.languages],
            company=self._config.company,
            line=self.line,
            line_link=f"tel:{self._line}",
            city=city_of(self._zone, words.locale),
            **values,
        )
        return Response(html, status, self._headers, content_type="text/html; charset=utf-8")


@cache
def _template(name: str) -> Template:
    return _templates().get_template(f"{name}.html")


@cache
def _templates() -> Environment:
    loader = PackageLoader("ivr.web", "templates/callback")
    return Environment(loader=loader, autoescape=True, auto_reload=False, trim_blocks=True)


def _shown(number: str, extension: str = "") -> str:
    parsed = phonenumbers.parse(number)
    text = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    return f"{text}, {extension}" if extension else text


def _status(stored: StoredCallback, words: Mapping[str, str]) -> str:
    state = stored.callback.state
    if state in ON_THE_WAY:
        return words["on_the_way"]
    if state in ("due", "reserved", "waiting", "booked"):
        return words["planned"]
    named = {
        "retry": "again", "unreached": "not_reached", "could_not_reach": "not_reached",
        "flagged": "looked_at", "called_off": "withdrawn",
    }  # fmt: skip
    return words[named.get(state, state)]
