"""Reading and answering are total: nothing else can happen, whatever is written or given."""

from __future__ import annotations

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


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    calls = st.sampled_from(sorted(FUNCTIONS)).flatmap(
        lambda name: st.lists(
            parts, min_size=len(FUNCTIONS[name].takes), max_size=len(FUNCTIONS[name].takes)
        ).map(lambda given: f"{name}({', '.join(given)})")
    )
    signs = st.sampled_from(["and", "or", "=", "!=", "<", ">=", "+", "-", "*", "/", "in"])
    return st.one_of(
        st.tuples(parts, signs, parts).map(lambda three: f"({' '.join(three)})"),
        st.tuples(parts, st.lists(parts, min_size=1, max_size=3)).map(
            lambda two: f"({two[0]} in [{', '.join(two[1])}])"
        ),
        parts.map(lambda part: f"(not {part})"),
        parts.map(lambda part: f"(-{part})"),
        calls,
    )


likely_written = st.recursive(
    st.sampled_from([
        "x", "y", "z", "12", "0.5", "999999999999999", '"4711"', '"2026-12-24"', "true", "nothing",
        "today", "now.time", "now.weekday", "now.hour", "caller.known", "language",
        'open("a")', 'open("none")', 'queue("a").wait', 'queue("b").wait', 'queue("none").agents',
    ]),
    _joined,
    max_leaves=12,
)  # fmt: skip

moments = st.integers(946_684_800, 4_102_444_800).map(
    lambda second: datetime.fromtimestamp(second, STOCKHOLM)
)

worlds = st.builds(
    CallWorld,
    variables=st.dictionaries(st.sampled_from("xyz"), values, max_size=3),
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
@given(likely_written, worlds)
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
@given(likely_written, worlds)
def test_asking_twice_gives_the_same(written: str, world: CallWorld) -> None:
    try:
        expression = parse(written)
        first = expression.value(world)
    except (BadExpression, Unanswerable):
        return
    assert expression.value(world) == first
    assert parse(f"({written})").value(world) == first
