"""Drawings for the tests here: the example company's, and some that nobody would write."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

from ivr.flow.diagram import flow_drawing, overview
from ivr.flow.diagram.drawing import Card, Drawing, Row
from ivr.flow.language import load_languages
from tests.flows.company import LANGUAGES, company

WORDS = st.text(alphabet="abc WMåäö…<&>\"'|#", max_size=60)


def examples() -> Iterator[Drawing]:
    """Every flow of the example company in every language, and all flows together."""
    flows = company().flows
    for language in LANGUAGES:
        for name in flows.flows:
            yield flow_drawing(flows, name, language, load_languages())
        yield overview(flows, {"main": "main"}, language, "Revontuli Energia")


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    """Cards with ways between them at random: circles, dead ends, cards that nothing leads to."""
    names = [f"step_{number}" for number in range(draw(st.integers(1, 14)))]
    targets = st.sampled_from(names)
    ways = st.builds(Row, st.sampled_from(["", "1", "9"]), WORDS, to=targets)
    ways_out = st.builds(Row, st.just(""), WORDS, exit=WORDS.map(lambda text: f"→ {text}"))
    rows = st.lists(ways | ways_out, max_size=5).map(tuple)
    cards = [
        Card(
            name,
            "kind",
            "step",
            draw(WORDS),
            draw(rows),
            draw(st.sampled_from([(), ("start",), ("start", "0")])),
            draw(st.none() | st.floats(0, 100)),
        )
        for name in names
    ]
    return Drawing(draw(WORDS), draw(WORDS), tuple(cards))
