"""Where two trees of settings differ, leaf by leaf."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ivr.reading.tree import Path

NOT_THERE = None
EMPTY = "(empty)"
_NAMES = ("key", "name", "id", "when", "to")
"""The settings by which the items of a list are told apart, the best first."""


@dataclass(frozen=True)
class Leaf:
    """A value that differs: its path on either side, and that path in words."""

    old_path: Path | None
    new_path: Path | None
    names: tuple[str, ...]
    old: str
    new: str

    @property
    def name(self) -> str:
        return shown(self.names)


def shown(names: Sequence[str]) -> str:
    """A path in words: `options 2, label`."""
    return ", ".join(names)


def compare(old: object, new: object) -> Iterator[Leaf]:
    """Every leaf in which the two differ, in the order of the newer."""
    yield from _compare(old, new, (), (), ())


def _compare(
    old: object, new: object, old_path: Path | None, new_path: Path | None, names: tuple[str, ...]
) -> Iterator[Leaf]:
    if old == new:
        return
    if _is(Mapping, old, new):
        olds, news = _mapping(old), _mapping(new)
        told = False
        for key in [*news, *(key for key in olds if key not in news)]:
            for leaf in _compare(
                olds.get(key), news.get(key),
                _step(old_path, key, key in olds), _step(new_path, key, key in news),
                (*names, key),
            ):  # fmt: skip
                told = True
                yield leaf
        if not told:
            # One of them is empty, and the other is not there.
            yield Leaf(old_path, new_path, names, _written(old), _written(new))
    elif _is(list, old, new) and not _plain(old) and not _plain(new):
        yield from _lists(_items(old), _items(new), old_path, new_path, names)
    else:
        yield Leaf(old_path, new_path, names, _written(old), _written(new))


def _lists(
    olds: list[object], news: list[object],
    old_path: Path | None, new_path: Path | None, names: tuple[str, ...],
) -> Iterator[Leaf]:  # fmt: skip
    by = next((by for by in _NAMES if _tells_apart(by, olds) and _tells_apart(by, news)), None)
    old_at, new_at = _by_name(olds, by), _by_name(news, by)
    *above, last = names or ("",)
    for name in [*new_at, *(name for name in old_at if name not in new_at)]:
        before, after = old_at.get(name), new_at.get(name)
        yield from _compare(
            None if before is None else _item(olds[before], None if after is not None else by),
            None if after is None else _item(news[after], None if before is not None else by),
            _step(old_path, before, before is not None),
            _step(new_path, after, after is not None),
            (*above, f"{last} {name}".strip()),
        )
    if [name for name in old_at if name in new_at] != [name for name in new_at if name in old_at]:
        order = f"{last}, order".strip()
        yield Leaf(
            old_path, new_path, (*above, order), ", ".join(old_at), ", ".join(new_at)
        )  # fmt: skip


def _item(item: object, by: str | None) -> object:
    """The item; one that came or went without its name, which is told anyway."""
    if by in ("key", "name", "id") and isinstance(item, Mapping):
        return {name: value for name, value in item.items() if name != by}
    return item


def _tells_apart(by: str, items: list[object]) -> bool:
    found = [item.get(by) for item in items if isinstance(item, Mapping)]
    plain = [one for one in found if isinstance(one, str)]
    return len(plain) == len(items) and len(set(plain)) == len(plain)


def _by_name(items: list[object], by: str | None) -> dict[str, int]:
    if by is None:
        return {str(number): number - 1 for number in range(1, len(items) + 1)}
    return {str(_mapping(item)[by]): index for index, item in enumerate(items)}


def _is(kind: type, old: object, new: object) -> bool:
    """Whether both are of that kind, or one is and the other is not there."""
    sides = [one for one in (old, new) if one is not NOT_THERE]
    return bool(sides) and all(isinstance(one, kind) for one in sides)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _plain(value: object) -> bool:
    """A list of words only, which is told as a whole."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _step(path: Path | None, key: str | int | None, there: bool) -> Path | None:
    return (*path, key) if path is not None and key is not None and there else None


def _written(value: object) -> str:
    if value is NOT_THERE:
        return ""
    if not value:
        return EMPTY
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_written(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(_written, value))
    return str(value)
