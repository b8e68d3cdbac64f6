"""An error told by its type and by the lines of code that it came through, and not in its own
words: those may hold what a caller gave at a private step, or what was looked up for one."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_ROOMS = ("ivr", "workers")


def where(error: BaseException) -> str:
    """What was raised and where: `KeyError at ivr/flow/flow.py:93`."""
    frames = _frames(error)
    ours = [frame for frame in frames if frame.startswith("ivr/")]
    return " at ".join([type(error).__name__, *(ours or frames)[-1:]])


def way(error: BaseException) -> str:
    """The same with every line on the way there, outermost first, and the errors behind it."""
    return "; raised from ".join(
        " > ".join([*_frames(one), type(one).__name__]) for one in _behind(error)
    )


def _behind(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _frames(error: BaseException) -> list[str]:
    return [
        f"{_short(Path(frame.f_code.co_filename))}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]


def _short(file: Path) -> str:
    ours = file.is_relative_to(_ROOT) and file.relative_to(_ROOT).parts[0] in _ROOMS
    return file.relative_to(_ROOT).as_posix() if ours else "/".join(file.parts[-2:])
