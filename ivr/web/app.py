"""The Flask application. Every answer is TwiML, a recording, or one plain sentence."""

from __future__ import annotations

import gc
import logging
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import NullSession, SessionInterface, SessionMixin
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import MapAdapter, Rule

from ivr.web import (
    agents,
    api,
    api_callbacks,
    api_door,
    audio,
    callbacks,
    form,
    text_status,
    texts,
    voice,
)
from ivr.web.parts import Parts

logger = logging.getLogger(__name__)

Found = tuple[Rule, Mapping[str, Any]]
"""The rule of a path, and the values in it."""
MOST_PATHS = 1_000
ASKED_ONCE = ("text_status", api_callbacks.ENDPOINTS)
"""How views begin whose paths are not worth remembering: each names something of its own."""

_SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address is not asked with that method.",
    416: "The recording has no such part.",
}
_PLAIN = "text/plain; charset=utf-8"


class _NoSession(SessionInterface):
    """Nobody who asks has a browser: there is nothing to keep for them in cookies."""

    session = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self.session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """There is nothing to save."""


class _App(Flask):
    """Flask without what a webhook never needs: a caller is waiting for every answer."""

    session_interface = _NoSession()

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Find views by the path alone: what `Host` claims counts for nothing here."""
        if request is None:
            return None
        paths = _Paths(self.url_map, "localhost", "/", "", "http", request.path, request.method)
        paths.found = self.found
        return paths

    @cached_property
    def found(self) -> dict[tuple[str, str], Found]:
        """By method and path: the views of paths that were asked for."""
        return {}


class _Paths(MapAdapter):
    """Finds the view of a path once: the carrier asks for the same few all day."""

    found: dict[tuple[str, str], Found]

    def match(self, *args: Any, **options: Any) -> Any:
        if args or options != {"return_rule": True}:
            return super().match(*args, **options)
        asked = (self.default_method, self.path_info)
        known = self.found.get(asked)
        if known is None:
            # A path that there is not raises here, and is not remembered.
            known = super().match(return_rule=True)
            if len(self.found) < MOST_PATHS and not known[0].endpoint.startswith(ASKED_ONCE):
                self.found[asked] = known
        rule, values = known
        return rule, dict(values)


def create_app(parts: Parts | None = None) -> Flask:
    """The application made of `parts`; by default of those that config.yaml describes.

    Raises gunicorn's AppImportError, with a sentence for people, when that is not possible.
    """
    if parts is None:
        from ivr.web.wiring import parts_from_settings

        parts = parts_from_settings()
    app = _App("ivr.web", static_folder=None)
    # A redirect is no answer to a caller, and its page is HTML.
    app.url_map.merge_slashes = False
    voice.register(app, parts)
    audio.register(app, parts.recording)
    if parts.agents is not None:
        agents.register(app, parts, parts.agents)
        api.register(app, parts, parts.agents)
    if parts.overseer is not None:
        api_callbacks.register(app, parts, parts.overseer)
    if parts.text_news is not None:
        text_status.register(app, parts, parts.text_news)
    if parts.texts is not None:
        texts.register(app, parts, parts.texts)
    if parts.callbacks is not None:
        callbacks.register(app, parts, parts.callbacks)
    if parts.form is not None:
        form.register(app, parts, parts.form)
    _register_health(app, parts)

    def refused(error: HTTPException) -> Response:
        status = error.code or 500
        sentence = _sentence(error, status)
        for_program = request.path.startswith(api_door.PREFIX)
        answer = (api_door.refusal if for_program else _plain)(sentence, status)
        if isinstance(error, MethodNotAllowed):
            answer.allow.update(error.valid_methods or ())
        return answer

    def failed(error: Exception) -> Response:
        logger.error("a request failed: %s", error, exc_info=error)
        return _plain("Something of ours failed; the log says what.", 500)

    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(Exception, failed)
    _spare_the_collector()
    return app


def _spare_the_collector() -> None:
    """Keep what lives as long as the process (flows, words, holidays) out of every later garbage
    collection: going through it all takes tens of milliseconds, in which callers wait."""
    gc.collect()
    gc.freeze()


def _register_health(app: Flask, parts: Parts) -> None:
    def healthz() -> Response:
        return _plain("Alive.", 200)

    def readyz() -> Response:
        try:
            reason = parts.why_not_ready()
        except Exception as error:
            logger.exception("whether we are ready cannot be told")
            reason = f"Whether calls can be answered cannot be told ({type(error).__name__})."
        return _plain(reason or "Ready.", 503 if reason else 200)

    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


def _sentence(error: HTTPException, status: int) -> str:
    if status in _SENTENCES:
        return _SENTENCES[status]
    return error.description or error.name


def _plain(sentence: str, status: int) -> Response:
    return Response(sentence + "\n", status, content_type=_PLAIN)
