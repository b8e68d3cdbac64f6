"""The recordings that flows play: /audio/VERSION and below. The carrier fetches them like files.

A version never changes, so what was fetched once may be kept.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import PurePosixPath
from zlib import adler32

from flask import Flask, Response, send_file
from werkzeug.exceptions import NotFound

MEDIA_TYPES = {
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
    ".gsm": "audio/gsm",
    ".ulaw": "audio/ulaw",
}
"""What Twilio plays. Files of any other kind are not served."""

MAX_AGE = 30 * 24 * 3600
"""Seconds for which the carrier may keep a recording."""


def register(app: Flask, recording: Callable[[str, str], bytes | None]) -> None:
    """`recording` gives what a version of the flows has under a name."""

    def audio(version: str, path: str) -> Response:
        media_type = MEDIA_TYPES.get(PurePosixPath(path).suffix.lower())
        content = recording(version, path) if media_type is not None else None
        if content is None:
            raise NotFound
        tag = f"{version}-{adler32(content):x}"
        return send_file(BytesIO(content), media_type, conditional=True, etag=tag, max_age=MAX_AGE)

    app.add_url_rule("/audio/<version>/<path:path>", "audio", audio, methods=["GET"])
