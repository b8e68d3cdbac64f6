"""Where cards stand: nothing lies upon anything else, whatever the flow is like."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings

from ivr.flow.diagram.drawing import Card, Drawing, Row
from ivr.flow.diagram.layout import MANY, MOST_COLUMNS, Layout, Size, lay_out
from ivr.flow.diagram.placing import Item
from tests.flow.diagram.drawings import drawings, examples


def sizes(drawing: Drawing) -> dict[str, Size]:
    return {
        card.name: Size(
            50.0 + 20 * len(card.rows),
            tuple(60.0 + 20 * number for number in range(len(card.rows))),
            25.0,
        )
        for card in drawing.cards
    }


def laid_out(drawing: Drawing) -> Layout:
    return lay_out(drawing, sizes(drawing))


def chain(*ways: str) -> Drawing:
    """`a>b,c` is a card `a` with ways to `b` and `c`."""
    cards = []
    for way in ways:
        name, _, targets = way.partition(">")
        rows = tuple(Row("", "", to=target) for target in targets.split(",") if target)
        cards.append(Card(name, "kind", "step", rows=rows))
    return Drawing("", "", tuple(cards))


def columns(layout: Layout) -> dict[str, int]:
    return {item.card.name: item.column for item in layout.cards if item.card is not None}


def everything(layout: Layout) -> list[Item]:
    return [*layout.cards, *(lane for arrow in layout.arrows for lane in arrow.lanes)]


def check(drawing: Drawing) -> None:
    layout = laid_out(drawing)
    names = {card.name for card in drawing.cards}
    assert set(columns(layout)) == names
    for one, other in combinations(everything(layout), 2):
        if one.column == other.column:
            assert one.y + one.height <= other.y + 1e-6 or other.y + other.height <= one.y + 1e-6
    for item in everything(layout):
        assert item.y >= -1e-6
        assert item.y + item.height <= layout.height + 1e-6
        assert 0 <= item.column < layout.columns
    for arrow in layout.arrows:
        way = [arrow.source, *arrow.lanes, arrow.target]
        assert [item.column for item in way] == list(
            range(arrow.source.column, arrow.target.column + 1)
        )
        assert len(way) >= 2
    drawn = sum(row.to in names for card in drawing.cards for row in card.rows)
    assert drawn == len(layout.arrows) + len(layout.marks)


@given(drawings())
@settings(max_examples=80, deadline=None)
def test_nothing_lies_upon_anything_and_every_way_is_an_arrow_or_a_mark(drawing: Drawing) -> None:
    check(drawing)


def test_the_example_flows_too() -> None:
    for drawing in examples():
        check(drawing)


@given(drawings())
@settings(max_examples=20, deadline=None)
def test_the_same_drawing_is_laid_out_the_same(drawing: Drawing) -> None:
    first, second = laid_out(drawing), laid_out(drawing)
    assert [item.y for item in everything(first)] == [item.y for item in everything(second)]


def test_a_way_back_is_a_mark_and_the_others_go_to_the_right() -> None:
    layout = laid_out(chain("a>b", "b>c,a", "c>"))
    assert columns(layout) == {"a": 0, "b": 1, "c": 2}
    assert layout.marks == {("b", 1): "back"}


def test_a_step_that_leads_to_itself_is_marked() -> None:
    assert laid_out(chain("a>a")).marks == {("a", 0): "back"}


def test_an_arrow_that_passes_a_column_has_a_lane_there() -> None:
    layout = laid_out(chain("a>b,c", "b>c", "c>"))
    (long,) = [arrow for arrow in layout.arrows if arrow.lanes]
    assert [lane.column for lane in long.lanes] == [1]


def test_what_many_lead_to_stands_apart_and_is_named_in_their_rows() -> None:
    many = [f"m{number}>hub" for number in range(MANY)]
    layout = laid_out(
        chain("a>" + ",".join(f"m{n}" for n in range(MANY)), *many, "hub>end", "end>")
    )
    assert layout.marks == {(f"m{number}", 0): "there" for number in range(MANY)}
    tops = {item.card.name: item.y for item in layout.cards if item.card is not None}
    assert columns(layout)["hub"] == 0
    assert tops["hub"] > max(tops[f"m{number}"] for number in range(MANY))


def test_a_long_way_goes_on_below_and_is_named_where_it_breaks_off() -> None:
    long = [f"s{number}>s{number + 1}" for number in range(MOST_COLUMNS * 2)]
    layout = laid_out(chain(*long, f"s{MOST_COLUMNS * 2}>"))
    assert layout.columns == MOST_COLUMNS
    assert layout.marks == {(f"s{MOST_COLUMNS * n - 1}", 0): "there" for n in (1, 2)}
    assert columns(layout)[f"s{MOST_COLUMNS}"] == 0


def test_ways_in_the_order_of_their_rows_do_not_cross() -> None:
    layout = laid_out(chain("a>b,c,d", "d>", "c>", "b>"))
    tops = {item.card.name: item.y for item in layout.cards if item.card is not None}
    assert tops["b"] < tops["c"] < tops["d"]
