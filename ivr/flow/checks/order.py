"""Menus in which another option is chosen more often than the one that is said first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp, lgamma, log, log1p

from ivr.flow.flow import Place
from ivr.flow.kinds import Menu
from ivr.flow.names import Recorded, in_language
from ivr.flow.reader import Source
from ivr.reading import Finding

FEWEST_CALLS = 50
"""With choices of fewer calls nothing is said of a menu."""
TIMES_AS_OFTEN = 1.2
"""Another order gives other keys to those who know the old ones by heart: it must be worth that."""
DOUBT = 0.05
"""How probable it may be at most that a menu is told of although no option is chosen so often."""


@dataclass(frozen=True)
class Offered:
    """A menu as callers met it: its place, and of every option, in order, the key and where it
    leads. What it is called may change without the choice being another."""

    place: str
    options: tuple[tuple[str, str], ...]

    @classmethod
    def by(cls, place: Place, menu: Menu) -> Offered:
        return cls(str(place), tuple((option.key, option.to) for option in menu.options))


Chosen = Mapping[Offered, Mapping[str, int]]
"""In how many calls each option of a menu, by its key, was the first that was chosen there."""


def check(name: str, source: Source, chosen: Chosen) -> Iterator[Finding]:
    """Menus of one flow that callers are known to choose from in another order."""
    for node_name, node in source.flow.nodes.items():
        if not isinstance(node, Menu):
            continue
        counts = chosen.get(Offered.by(Place(name, node_name), node), {})
        calls = [counts.get(option.key, 0) for option in node.options]
        most = max(range(len(calls)), key=calls.__getitem__)
        if sum(calls) < FEWEST_CALLS or not clearly_more(calls[most], calls[0], len(calls) - 1):
            continue
        labels = [in_language(option.label, source.flow.languages[0]) for option in node.options]
        said = [label.text if isinstance(label, Recorded) else label for label in labels]
        yield source.at_name(
            ("nodes", node_name, "options"), "option-order",
            f"In {calls[most]} of {sum(calls)} calls `{said[most]}` was chosen here, and "
            f"`{said[0]}`, which is said first, in {calls[0]}.",
            f"Say `{said[most]}` first.", "note",
        )  # fmt: skip


def clearly_more(calls: int, calls_of_first: int, rivals: int) -> bool:
    """Whether an option, the most chosen of `rivals`, is chosen more than TIMES_AS_OFTEN as often
    as the first, so that being wrong is less probable than DOUBT.

    Of the calls that chose one of two options, how many chose the one is binomial, whatever the
    others chose (W. Nelson, Statistical methods for the ratio of two multinomial proportions, The
    American Statistician 26:3, 1972). It is tested exactly and one-sided; that the most chosen
    was picked out of several is paid for by Bonferroni's division.
    """
    both = calls + calls_of_first
    share = TIMES_AS_OFTEN / (1 + TIMES_AS_OFTEN)
    if rivals < 1 or calls <= both * share:
        return False
    return at_least(calls, both, share) * rivals < DOUBT


def at_least(least: int, of: int, share: float) -> float:
    """How probable it is that a binomial number, `of` draws of probability `share`, comes to
    `least` or more; for a `least` above `of * share`, from where on the terms only fall."""
    term = exp(
        lgamma(of + 1) - lgamma(least + 1) - lgamma(of - least + 1)
        + least * log(share) + (of - least) * log1p(-share)
    )  # fmt: skip
    total = 0.0
    while least <= of and term > total * 1e-12:
        total += term
        term *= (of - least) / (least + 1) * share / (1 - share)
        least += 1
    return total
