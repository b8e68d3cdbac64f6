"""The page `Call me back`: /callback, and below it the page of each callback that was asked for.

There is one only where RINGBACK_FORM_KEY is set and `callbacks.form.queues` of config.yaml names
queues. It needs no script and no cookie. Programs of the company's own ask the same in JSON
(docs/form.md).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from importlib import resources
from typing import Any

import msgspec
from flask import Flask, Response, redirect, request

from ivr.clock import Clock
from ivr.flow.language import load_languages
from ivr.services.callbacks.form import CallbackForm
from ivr.services.callbacks.form_tokens import LIFETIME
from ivr.services.callbacks.form_wish import Refused, Trouble, Wish
from ivr.store.callbacks import StoredCallback
from ivr.store.connection import StoreDown
from ivr.web.form_fields import (
    Sent,
    address_of,
    choose_language,
    read_sent,
    wants_json,
)
from ivr.web.form_pages import FormPages
from ivr.web.parts import Parts

logger = logging.getLogger(__name__)

STATUS: dict[Trouble, int] = {"token_used": 409, "too_often": 429, "too_many": 429, "not_now": 503}
"""Of a refusal; 422 of all others."""


class FormViews:
    """Every view answers with a page or, for programs, with JSON."""

    def __init__(
        self, form: CallbackForm, pages: FormPages, clock: Clock, public_url: str, max_body: int
    ) -> None:
        self._form = form
        self._pages = pages
        self._clock = clock
        self._public_url = public_url
        self._max_body = max_body
        self._style = (resources.files("ivr.web") / "static" / "form.css").read_bytes()

    def ask(self) -> Response:
        """GET /callback"""
        language = self._language()
        queues = self._form.settings.queues
        queue = request.args.get("queue", "")
        if queue not in queues:
            if len(queues) > 1:
                return self._pages.queues(language, queues)
            queue = queues[0]
        return self._show(Wish(queue=queue), language)

    def send(self) -> Response:
        """POST /callback"""
        sent = read_sent(request, self._max_body)
        if wants_json(request):
            return self._send_json(sent)
        language = self._language(sent.switch or sent.language)
        every = bool(sent.every or sent.show)
        if sent.switch or sent.show:
            return self._show(sent.wish, language, every=every)
        answer = self._asked(sent)
        if isinstance(answer, Refused):
            return self._show(sent.wish, language, answer, every=every)
        # So that whoever loads the page again sends nothing.
        link = self._form.tokens.link(answer.id)
        return _see(f"callback/mine/{link}?l={language}&said=promised")

    def token(self) -> Response:
        """GET /callback/token"""
        language, now = self._language(), self._now()
        queues = []
        for queue in self._form.settings.queues:
            offered = self._form.offered(queue, now)
            windows = [
                {"when": value, "said": said}
                for value, said in self._pages.choices(offered, language, now)
            ]
            name = self._pages.queue_name(queue, language)
            queues.append(
                {"queue": queue, "name": name, "kinds": offered.kinds, "windows": windows}
            )
        return _json({**self._new_token(language), "language": language, "queues": queues})

    def mine(self, link: str) -> Response:
        """GET /callback/mine/LINK"""
        stored = self._form.find(link)
        if stored is None:
            return self._gone()
        return self._show_mine(stored, request.args.get("said", ""))

    def change(self, link: str) -> Response:
        """POST /callback/mine/LINK"""
        sent = read_sent(request, self._max_body)
        stored = self._form.find(link)
        if stored is None:
            return self._gone()
        doing = request.form.get("do", "")
        if doing == "cancel":
            changed = self._form.cancel(stored, self._now())
        elif doing == "move":
            changed = self._form.move(stored, sent.when, self._now())
        else:
            return _see(link)
        if isinstance(changed, StoredCallback):
            said = "&said=moved" if doing == "move" else ""
            return _see(f"{link}?l={self._language(sent.language)}{said}")
        # As it is now: somebody else may have changed it.
        return self._show_mine(self._form.find(link) or stored, "", changed, sent.language)

    def ask_no_mail(self, link: str) -> Response:
        """GET /callback/mine/LINK/mail: programs follow links too, so it changes nothing."""
        stored = self._form.find(link)
        return self._gone() if stored is None else self._pages.no_mail(self._spoken(stored))

    def no_mail(self, link: str) -> Response:
        """POST /callback/mine/LINK/mail, by the person or at once by who keeps their mail (RFC
        8058)."""
        stored = self._form.find(link)
        if stored is None:
            return self._gone()
        self._form.no_more_mail(stored)
        language = self._spoken(stored)
        return self._pages.sentence_page(
            self._pages.words(language).mine.no_mail_done, language, 200
        )

    def style(self) -> Response:
        """GET /callback/form.css"""
        response = Response(self._style, content_type="text/css; charset=utf-8")
        response.headers["Cache-Control"] = "public, max-age=3600"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def away(self, error: StoreDown) -> Response:
        """The store is away."""
        logger.error("the page `Call me back` cannot be served: %s", error)
        language = self._language()
        sentence = self._pages.words(language).page.away
        if wants_json(request):
            return _json({"error": sentence}, 503)
        return self._pages.sentence_page(sentence, language, 503)

    def _asked(self, sent: Sent) -> StoredCallback | Refused:
        address = address_of(request.environ, self._form.settings.proxies)
        return self._form.ask(sent.wish, sent.token, address, self._now())

    def _show(
        self, wish: Wish, language: str, refused: Refused | None = None, *, every: bool = False
    ) -> Response:
        queues, now = self._form.settings.queues, self._now()
        if wish.queue not in queues:
            return self._pages.queues(language, queues)
        return self._pages.form(
            wish, self._form.tokens.issue(language, now), language,
            self._form.offered(wish.queue, now), now, refused,
            status=_status(refused) if refused is not None else 200, several=len(queues) > 1,
            every=every,
        )  # fmt: skip

    def _show_mine(
        self, stored: StoredCallback, said: str, trouble: Trouble | None = None, language: str = ""
    ) -> Response:
        now = self._now()
        return self._pages.mine(
            stored, self._form.offered_instead(stored, now), self._form.ahead(stored, now),
            self._spoken(stored, language), now, said=said, trouble=trouble,
            every="every" in request.args,
            status=200 if trouble is None else STATUS.get(trouble, 422),
        )  # fmt: skip

    def _gone(self) -> Response:
        language = self._language()
        sentence = self._pages.words(language).mine.gone
        return self._pages.sentence_page(sentence, language, 404)

    def _send_json(self, sent: Sent) -> Response:
        answer = self._asked(sent)
        language, now = self._language(sent.language), self._now()
        if isinstance(answer, Refused):
            fields = {
                name: self._pages.sentence(why, language) for name, why in answer.fields.items()
            }
            sentence = self._pages.sentence(answer.why, language) if answer.why else ""
            content = {
                "error": sentence or next(iter(fields.values())),
                "why": answer.why or next(iter(answer.fields.values())),
                "fields": fields,
                **self._new_token(language),
            }
            return _json(content, _status(answer))
        told = self._pages.promise(answer, None, language, now)
        window = answer.callback.window
        content = {
            "callback": answer.id,
            "when": told.when,
            "begins": window.begins if window is not None else None,
            "ends": window.ends if window is not None else None,
            "number": answer.callback.number,
            "from": told.shown,
            "code": told.code,
            "page": f"{self._public_url}/callback/mine/{self._form.tokens.link(answer.id)}",
        }
        return _json(content, 201)

    def _new_token(self, language: str) -> dict[str, Any]:
        return {"token": self._form.tokens.issue(language, self._now()), "seconds": LIFETIME}

    def _spoken(self, stored: StoredCallback, wanted: str = "") -> str:
        """The language of somebody's page: their callback's, where no other is asked for."""
        return self._language(wanted or request.args.get("l", "") or stored.about.person.language)

    def _language(self, wanted: str = "") -> str:
        return choose_language(request, self._pages.languages, wanted)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def register(app: Flask, parts: Parts, form: CallbackForm) -> None:
    pages = FormPages(form.config, load_languages(), emails=form.emails)
    views = FormViews(form, pages, parts.clock, parts.public_url, parts.max_body)
    embed = frozenset(form.settings.embed)

    def guarded(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def answer(**values: str) -> Response:
            try:
                response = view(**values)
            except StoreDown as error:
                response = views.away(error)
            return _shared(response, embed)

        return answer

    def preflight() -> Response:
        """OPTIONS, as browsers ask before they send JSON from another site."""
        return Response(status=204)

    rules: tuple[tuple[str, str, Callable[..., Response]], ...] = (
        ("/callback", "GET", views.ask),
        ("/callback", "POST", views.send),
        ("/callback", "OPTIONS", preflight),
        ("/callback/token", "GET", views.token),
        ("/callback/form.css", "GET", views.style),
        ("/callback/mine/<link>", "GET", views.mine),
        ("/callback/mine/<link>", "POST", views.change),
        ("/callback/mine/<link>/mail", "GET", views.ask_no_mail),
        ("/callback/mine/<link>/mail", "POST", views.no_mail),
    )
    for rule, method, view in rules:
        app.add_url_rule(
            rule, f"form_{view.__name__}", guarded(view), methods=[method],
            provide_automatic_options=False,
        )  # fmt: skip


def _shared(response: Response, embed: frozenset[str]) -> Response:
    """Let the pages of the company's other sites read the answer."""
    origin = request.headers.get("Origin", "")
    if origin in embed:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
    response.vary.add("Origin")
    return response


def _see(address: str) -> Response:
    response = redirect(address, 303)
    assert isinstance(response, Response)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _status(refused: Refused) -> int:
    return STATUS.get(refused.why, 422) if refused.why is not None else 422


def _json(content: object, status: int = 200) -> Response:
    response = Response(msgspec.json.encode(content), status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
