"""The window of a callback as a calendar takes it (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime

LONGEST_LINE = 75
"""Octets of a line, its end left out; what is longer is folded."""


def calendar(
    uid: str, span: tuple[float, float], summary: str, now: float, *, moves: int, details: str = ""
) -> str:
    """One entry, from when until when (seconds since 1970). Who has had it under this `uid` sees it
    moved: of two the one with more `moves` counts."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ringback//Callbacks//EN", "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}", f"SEQUENCE:{moves}", f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(span[0])}", f"DTEND:{_moment(span[1])}",
        f"SUMMARY:{_escaped(summary)}",
        *([f"DESCRIPTION:{_escaped(details)}"] if details else []),
        "TRANSP:TRANSPARENT", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, "\\" + character)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """In lines short enough; no character is cut in two."""
    folded, room = "", LONGEST_LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            folded += "\r\n "
            room = LONGEST_LINE - 1
        folded += character
        room -= size
    return folded
