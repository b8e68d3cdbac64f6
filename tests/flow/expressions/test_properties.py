"""Reading and answering are total: nothing else can happen, whatever is written or given."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.flow.expressions import BadExpression, QueueState, Unanswerable, parse
from ivr.flow.expressions.facts import FACTS
from ivr.flow.expressions.functions import FUNCTIONS
from ivr.flow.values import LARGEST, LONGEST_TEXT, MOST_DECIMALS, Value
from tests.flow.expressions.worlds import STOCKHOLM, CallWorld

PIECES = [
    "and", "or", "not", "in", "not in", "=", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/",
    "(", ")", "[", "]", ",", ".", "true", "false", "nothing", "12", "0", "12.5", "999999999999999",
    '"text"', "'4711'", '"2026-12-24"', '"14:30"', "x", "y", "now", "queue", "caller", "today",
    'open("a")', 'queue("a").wait', 'queue("a").waiting', '"', "'", "&", "{", "å", "\x00", "1.",
    *FACTS, *(f"{name}(" for name in FUNCTIONS),
]  # fmt: skip

anything_written = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
)

values: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(["", " ", "4711", "12,5", "2026-12-24", "14:30", "x" * LONGEST_TEXT]),
    st.text(max_size=20),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.sampled_from([Decimal("1E+400000"), Decimal("-1E-400000"), LARGEST - 1, Decimal(0)]),
    st.dates(),
    st.times(),
)


LEAVES = {
    "number": ["12", "0", "0.5", "999999999999999", "now.hour", 'queue("a").wait',
               'queue("b").wait', "sum", "sum"],
    "text": ['"4711"', '"2026-12-24"', '""', "now.weekday", "language", "name", "name"],
    "yes_no": ["true", "false", "caller.known", 'open("a")', "agreed", "agreed"],
    "date": ["today", 'date("2026-12-24")', "due"],
    "time": ["now.time", 'time("14:30")', "slot"],
}  # fmt: skip
"""What gives each kind; the variables there usually hold it."""

SHAPES = {
    "number": ["{number} + {number}", "{number} - ({number})", "{number} * ({number})",
               "{number} / ({number})", "-({number})", "({date} - ({date}))", "length({text})",
               "number({text})", "number({number})", "round({number})", "days_until({date})"],
    "text": ["{text} + {text}", "text({number})", "text({text})", "text({date})", "text({yes_no})"],
    "yes_no": ["({number} < {number})", "({date} >= {date})", "({time} = {time})",
               "({text} != {text})", "({yes_no} and {yes_no})", "({yes_no} or {yes_no})",
               "(not {yes_no})", "({text} in {text})", "({number} not in [{number}, {number}])",
               "(name = nothing)", "contains({text}, {text})", "starts_with({text}, {text})"],
    "date": ["{date} + ({number})", "{date} - ({number})", "date({text})"],
    "time": ["time({text})", "time({time})"],
}  # fmt: skip


@st.composite
def likely_written(draw: st.DrawFn) -> str:
    """An expression whose kinds go together as far as they are known."""
    written = "{" + draw(st.sampled_from(sorted(SHAPES))) + "}"
    for shapes in (SHAPES, SHAPES, LEAVES):
        # What is filled in is not looked at again in the same round.
        gaps = re.split(r"\{(\w+)\}", written)
        gaps[1::2] = [draw(st.sampled_from(shapes[kind])) for kind in gaps[1::2]]
        written = "".join(gaps)
    return written


moments = st.integers(946_684_800, 4_102_444_800).map(
    lambda second: datetime.fromtimestamp(second, STOCKHOLM)
)

worlds = st.builds(
    CallWorld,
    variables=st.one_of(
        st.fixed_dictionaries(
            {
                "sum": st.decimals(-1000, 1000, places=2),
                "name": st.sampled_from(["Virtanen", "4711", "12,5", "14:30", "2026-12-24"]),
                "agreed": st.booleans(),
                "due": st.dates(),
                "slot": st.times(),
            }
        ),
        st.dictionaries(st.sampled_from(["sum", "name", "agreed", "due", "slot"]), values),
    ),
    now=moments,
    schedules=st.just({"a": True}),
    queues=st.just({"a": QueueState(3, 2, 4.5), "b": QueueState(0, 0, None)}),
)


@settings(max_examples=150, deadline=None)
@given(anything_written)
def test_any_text_is_read_or_refused_in_one_sentence_at_a_place_within_it(written: str) -> None:
    try:
        parse(written)
    except BadExpression as error:
        assert 1 <= error.column <= len(written) + 1
        assert error.sentence.endswith(".")
        assert "\n" not in error.sentence or "\n" in written


@settings(max_examples=150, deadline=None)
@given(likely_written(), worlds)
def test_any_expression_has_a_bounded_value_or_a_reason_why_not(
    written: str, world: CallWorld
) -> None:
    try:
        expression = parse(written)
    except BadExpression:
        return
    try:
        value = expression.value(world)
    except Unanswerable as error:
        assert error.sentence.endswith(".")
        return
    match value:
        case bool() | None:
            pass
        case Decimal():
            exponent = value.as_tuple().exponent
            assert value.is_finite()
            assert abs(value) < LARGEST
            assert isinstance(exponent, int)
            assert exponent >= -MOST_DECIMALS
        case str():
            assert len(value) <= LONGEST_TEXT
        case _:
            assert isinstance(value, date | time)
    if expression.kind is not None and value is not None:
        assert expression.kind == _kind(value)


def _kind(value: Value) -> str:
    kinds: dict[type, str] = {
        bool: "yes_no", str: "text", Decimal: "number", date: "date", time: "time",
    }  # fmt: skip
    return kinds[type(value)]


@settings(max_examples=50, deadline=None)
@given(likely_written(), worlds)
def test_asking_twice_gives_the_same(written: str, world: CallWorld) -> None:
    try:
        expression = parse(written)
        first = expression.value(world)
    except (BadExpression, Unanswerable):
        return
    assert expression.value(world) == first
    assert parse(f"({written})").value(world) == first
