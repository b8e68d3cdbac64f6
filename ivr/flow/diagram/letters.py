"""How wide text is drawn, erring on the wide side: nobody's fonts are known."""

from __future__ import annotations

from functools import cache

_NARROW = frozenset("iljtfrI.,:;'’|!()[]/\\ -")
_WIDE = frozenset("mwMWQO@%☎→↺—")


@cache
def _em(letter: str) -> float:
    if letter in _NARROW:
        return 0.42
    if letter in _WIDE or ord(letter) > 0x2E80:
        return 1.0
    return 0.73 if letter.isupper() else 0.64


def width(text: str, size: float) -> float:
    """Of `text` in a sans-serif of this size, in the same unit."""
    return size * sum(map(_em, text))


def shortened(text: str, size: float, most: float) -> str:
    """`text`, cut with an ellipsis where it is wider than `most`."""
    if width(text, size) <= most:
        return text
    left = most - width("…", size)
    cut = ""
    for letter in text:
        left -= width(letter, size)
        if left < 0:
            break
        cut += letter
    return cut.rstrip(" ,.:;-") + "…"


def wrapped(text: str, size: float, most: float, lines: int) -> list[str]:
    """`text` in at most so many lines of this width; the last is shortened."""
    rest = text.split()
    done: list[str] = []
    while rest and len(done) < lines - 1:
        line = rest.pop(0)
        while rest and width(f"{line} {rest[0]}", size) <= most:
            line += f" {rest.pop(0)}"
        done.append(shortened(line, size, most))
    if rest:
        done.append(shortened(" ".join(rest), size, most))
    return done
