"""A stateless menu as a careful user of Flask and Twilio's library writes it, without Ringback.

It says the same words and checks the signature. It remembers nothing: no second attempt in other
words, no repeated delivery, no record of the call.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps

from flask import Flask, Response, abort, request, url_for
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

from benchmarks.webhook.answers import Answer, Answers
from benchmarks.webhook.requests import PUBLIC_URL

LANGUAGES = {"4": "en"}
"""The others are as long, and never asked for here."""


def create_app() -> Flask:
    """The application, of the environment's token and words."""
    app = Flask(__name__)
    validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
    words = Answers.read()
    topics = {"en": words.key_pressed}

    def signed(view: Callable[[], str]) -> Callable[[], Response]:
        @wraps(view)
        def checked() -> Response:
            url = PUBLIC_URL + request.full_path.rstrip("?")
            signature = request.headers.get("X-Twilio-Signature", "")
            if not validator.validate(url, request.form, signature):
                abort(403)
            return Response(view(), content_type="text/xml")

        return checked

    @app.post("/voice")
    @signed
    def language() -> str:
        return _asked(words.first_menu, url_for("menu"))

    @app.post("/voice/turn/2")
    @signed
    def menu() -> str:
        code = LANGUAGES.get(request.form.get("Digits", ""))
        if code is None:
            return _asked(words.first_menu, url_for("menu"))
        return _asked(topics[code], url_for("topic", language=code))

    @app.post("/voice/topic/<language>")
    def topic(language: str) -> Response:
        abort(404)

    return app


def _asked(words: Answer, action: str) -> str:
    response = VoiceResponse()
    gather = Gather(
        input="dtmf speech", action=PUBLIC_URL + action, method="POST", num_digits=1, timeout=6,
        speech_timeout="auto", language=words.language, hints=words.hints,
        action_on_empty_result=True,
    )  # fmt: skip
    for spoken in words.spoken:
        gather.say(spoken.text, voice=spoken.voice, language=spoken.language)
    response.append(gather)
    return str(response)
