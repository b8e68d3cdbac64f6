"""What comes with a request for the page `Call me back`: the fields, the language, the address."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

import msgspec
from flask import Request
from msgspec import Struct
from werkzeug.exceptions import BadRequest

from ivr.services.callbacks.form_wish import Wish

JSON = "application/json"
_ALSO = {"no": "nb", "nn": "nb"}
"""Languages whose speakers read another."""
MOST_FIELDS = 40


class Sent(Struct, frozen=True, kw_only=True):
    """A form as it was sent. `switch`: it is only to be shown in that language; `show`: only to be
    shown with every window there is, as one with `every` is already."""

    token: str = ""
    language: str = ""
    switch: str = ""
    show: str = ""
    every: str = ""
    queue: str = ""
    number: str = ""
    when: str = ""
    name: str = ""
    about: str = ""
    texts: bool = False
    email: str = ""
    website: str = ""

    @property
    def wish(self) -> Wish:
        return Wish(
            clean(self.queue), clean(self.number), clean(self.when), clean(self.name),
            clean(self.about), self.texts, clean(self.email), clean(self.website),
        )  # fmt: skip


def read_sent(request: Request, max_body: int) -> Sent:
    """The form in a request's body. Raises BadRequest and RequestEntityTooLarge."""
    request.max_content_length = request.max_form_memory_size = max_body
    request.max_form_parts = MOST_FIELDS
    if request.mimetype == JSON:
        try:
            return msgspec.json.decode(request.get_data(), type=Sent)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadRequest(f"The body is not the JSON that is expected: {error}.") from None
    names = (name for name in Sent.__struct_fields__ if name != "texts")
    fields = {name: request.form.get(name, "") for name in names}
    return Sent(**fields, texts=request.form.get("texts", "") in ("1", "yes", "true", "on"))


def clean(text: str) -> str:
    """In one line, without what cannot be seen."""
    seen = "".join(one if unicodedata.category(one)[0] != "C" else " " for one in text)
    return " ".join(unicodedata.normalize("NFC", seen).split())


def choose_language(request: Request, languages: Sequence[str], wanted: str = "") -> str:
    """The one that was asked for, else the first that the browser would like, else the first."""
    asked = [wanted, request.args.get("l", "")]
    asked += [tag for tag, quality in request.accept_languages if quality > 0]
    for tag in asked:
        code = tag.partition("-")[0].lower()
        code = _ALSO.get(code, code)
        if code in languages:
            return code
    return languages[0]


def address_of(environ: Mapping[str, object], proxies: int) -> str:
    """The address of whoever asks. `proxies` servers of ours each named whom they serve, the last
    one last; what stands before them anybody may have written."""
    named = [one.strip() for one in str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    if proxies and len(named) >= proxies and named[-proxies]:
        return named[-proxies]
    return str(environ.get("REMOTE_ADDR", ""))


def wants_json(request: Request) -> bool:
    """Whether a program asks."""
    if request.mimetype == JSON:
        return True
    best = request.accept_mimetypes.best_match(("text/html", JSON), "text/html")
    return best == JSON
