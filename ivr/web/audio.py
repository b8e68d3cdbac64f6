"""The recordings that flows play: /audio and below. The carrier fetches them like any file."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from flask import Flask, Response, send_from_directory
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

MAX_AGE = 3600
"""Seconds for which the carrier may keep a recording."""


def register(app: Flask, folder: Path) -> None:
    root = folder.resolve()

    def audio(path: str) -> Response:
        media_type = MEDIA_TYPES.get(PurePosixPath(path).suffix.lower())
        if media_type is None:
            raise NotFound
        return send_from_directory(
            root, path, mimetype=media_type, conditional=True, max_age=MAX_AGE
        )

    app.add_url_rule("/audio/<path:path>", "audio", audio, methods=["GET"])
