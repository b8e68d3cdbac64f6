"""What the ways on from a node are called, also from one of a kind that nobody has thought of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from pydantic import BaseModel

from ivr.flow.diagram.ways import TONES, tone_of, ways
from ivr.flow.kinds.node import Node, Path
from ivr.flow.manual import kinds
from tests.flows.company import company


class Prize(BaseModel):
    """One of a list that has neither key nor label."""

    to: str


class Lottery(Node):
    """A kind of which the diagrams know nothing."""

    kind: Literal["lottery"] = "lottery"
    prizes: tuple[Prize, ...] = (Prize(to="car"), Prize(to="bread"))
    nothing_left: str = "sorry"
    to: str = "goodbye"

    def targets(self) -> Iterator[tuple[Path, str]]:
        for index, prize in enumerate(self.prizes):
            yield ("prizes", index, "to"), prize.to
        yield ("nothing_left",), self.nothing_left
        yield ("to",), self.to


def test_a_new_kind_needs_nothing() -> None:
    assert list(ways(Lottery(), "en")) == [
        ("", "prizes.0", "car"),
        ("", "prizes.1", "bread"),
        ("", "nothing left", "sorry"),
        ("", "", "goodbye"),
    ]
    assert tone_of(Lottery()) == "step"


@pytest.mark.parametrize("language", ["fi", "en"])
def test_every_way_of_the_example_flows_is_there(language: str) -> None:
    for flow in company().flows.flows.values():
        for node in flow.nodes.values():
            told = list(ways(node, language))
            assert [target for _, _, target in told] == [target for _, target in node.targets()]
            assert len({(key, label) for key, label, _ in told}) == len(told), "told apart"


def test_the_tones_are_of_kinds_that_there_are() -> None:
    names = {str(kind.model_fields["kind"].annotation) for kind in kinds()}
    assert {f"typing.Literal['{kind}']" for kind in TONES} <= names
