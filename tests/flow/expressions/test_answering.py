"""What expressions come to in a call."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from ivr.flow.expressions import Unanswerable, Value, parse
from tests.flow.expressions.worlds import STOCKHOLM, CallWorld

GIVEN: dict[str, Value] = {
    "invoice_number": "004711",
    "sum": Decimal("120.50"),
    "name": "  Virtanen ",
    "due": date(2026, 12, 24),
    "slot": time(9, 30),
    "confirmed": True,
    "found": None,
    "thousand_letters": "x" * 1000,
}
WORLD = CallWorld(GIVEN)


@pytest.mark.parametrize(
    "holds",
    [
        'name = "VIRTANEN"',
        'name == "virtanen"',
        'name != "Korhonen"',
        "sum > 120 and sum <= 120.5",
        "sum + 1 = 121.5",
        "-sum < 0",
        "1 + 2 * 3 = 7",
        "(1 + 2) * 3 = 9",
        "10 - 2 - 3 = 5",
        "12 / 4 / 3 = 1",
        "-2 * -3 = 6",
        "1/3*3 < 1",
        "not sum = 3 and confirmed",
        "not (confirmed and false)",
        "false and true or true",
        "true or false and false",
        "confirmed = true",
        "invoice_number = nothing or length(invoice_number) = 6",
        "found = nothing",
        "not found != nothing",
        "never_set = nothing",
        "nothing = never_set",
        "invoice_number != nothing",
        'invoice_number != nothing and starts_with(invoice_number, "00")',
        "never_set != nothing and never_set > 3 or true",
        "number(invoice_number) = 4711",
        '"VIRT" in name',
        'not "korhonen" in name',
        '"korhonen" not in name',
        'name in ["Korhonen", "virtanen"]',
        "sum in [1, 2, 120.5]",
        "sum not in [1, 2,]",
        'found in ["a", nothing]',
        'due = date("2026-12-24")',
        "due - today = 31",
        "days_until(due) = 31",
        "today + 31 = due",
        "due - 31 = today",
        "days_until(today - 2) = -2",
        'slot >= time("9:30") and slot < time("09.31")',
        'now.time = time("14:30")',
        "now.hour = 14",
        'now.weekday = "Monday"',
        'now.weekday not in ["saturday", "sunday"]',
        'now.date = date("2026-11-23") and today = now.date',
        'language = "fi" and line = "main"',
        "caller.known and not caller.mobile",
        'open("customer_service") and not open("outages")',
        'queue("support").waiting > 10',
        'queue("support").agents = 3',
        'queue("support").wait = 7.5',
        'queue("billing").wait = nothing',
        'queue("billing").wait != 3',
        'number("12,5") = 12.5 and number(" -1 200 ") = -1200',
        'text(sum) = "120.5" and text(due) = "2026-12-24" and text(slot) = "09:30"',
        'text(confirmed) = "true" and text(found) = ""',
        '"46" + text(701) = "46701"',
        "round(2.5) = 3 and round(-2.5) = -3 and round(2.4) = 2",
        'ends_with(name, "nen") and contains(name, "RTA")',
        "'it\"s' = 'IT\"S'",
    ],
)
def test_it_holds(holds: str) -> None:
    assert parse(holds).is_true(WORLD) is True
    assert parse(f"not ({holds})").is_true(WORLD) is False


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12.50 * 2", Decimal(25)),
        ('"a" + "b"', "ab"),
        ("due + 8", date(2027, 1, 1)),
        ("slot", time(9, 30)),
        ("nothing", None),
        ("now.weekday", "monday"),
        ("1 / 3", Decimal("0.3333333333")),
        ("0.1 + 0.2", Decimal("0.3")),
    ],
)
def test_it_gives(written: str, value: Value) -> None:
    given = parse(written).value(WORLD)
    assert (given, type(given)) == (value, type(value))


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("never_set = 3", "`never_set` has not been set in this call."),
        ("invoice_number = 4711",
         "`invoice_number` is a text and `4711` is a number: they cannot be compared."),
        ("invoice_number > 4711", "`invoice_number` is a text, not a number, a date or a time of "
         "day."),
        ("due > slot", "`due` is a date and `slot` is a time of day: they cannot be compared."),
        ("found > 3", "`found` is nothing, not a number, a date or a time of day."),
        ("sum and true", "`sum` is a number, not a yes or no."),
        ("sum", "`sum` is a number, not a yes or no."),
        ("not name", "`name` is a text, not a yes or no."),
        ("-name = 3", "`name` is a text, not a number."),
        ("number(name) = 3", "The text that `number` was given is no number."),
        ("date(name) = today", "The text that `date` was given is no date like 2026-12-24."),
        ('date(name + "2026-02-30") = today',
         "The text that `date` was given is no date like 2026-12-24."),
        ('time(name) = now.time',
         "The text that `time` was given is no time of day like 14:30."),
        ("length(sum) = 3", "`sum` is a number, not a text, as `length` needs it."),
        ("sum / (sum - sum) = 1", "Nothing can be divided by 0."),
        ("sum * 999999999999999 * 999999999999999 = 1", "The number is too large."),
        ("due + 999999999 = today", "The date is too far away."),
        ("due + 999999999999999 = today", "The date is too far away."),
        ("due + 0.5 = today", "Only whole days can be added to a date."),
        ("due + name = today", "`+` cannot take a date and a text."),
        ("name * sum = 3", "`*` cannot take a text and a number."),
        ('thousand_letters + "x" = "x"', "The text would have more than 1000 characters."),
        ('open("support")', "There is no schedule `support`."),
        ('queue("nobody").waiting = 0', "Nothing is known of the queue `nobody`."),
        ('queue("billing").wait < 5',
         '`queue("billing").wait` is nothing, not a number, a date or a time of day.'),
        ("sum in name", "`sum` is a number, not a text."),
        ("sum in [invoice_number]",
         "`sum` is a number and `invoice_number` is a text: they cannot be compared."),
    ],
)  # fmt: skip
def test_what_has_no_answer_says_why(written: str, why: str) -> None:
    with pytest.raises(Unanswerable) as error:
        parse(written).is_true(WORLD)
    assert error.value.sentence == why


@pytest.mark.parametrize("written", ["number(secret) = 1", "secret > 3", "date(secret) = today",
                                     "secret = 3", "length(secret + secret) = secret"])  # fmt: skip
def test_no_reason_quotes_what_a_caller_gave(written: str) -> None:
    with pytest.raises(Unanswerable) as error:
        parse(written).value(CallWorld({"secret": "190101-123X"}))
    assert "1901" not in error.value.sentence


def test_what_is_decided_by_its_left_side_does_not_ask_for_its_right() -> None:
    assert parse("false and never_set").is_true(WORLD) is False
    assert parse("true or never_set").is_true(WORLD) is True
    with pytest.raises(Unanswerable):
        parse("true and never_set").is_true(WORLD)


@pytest.mark.parametrize(
    "outsized",
    ["x" * 1001, Decimal("1E+999999"), Decimal("NaN"), Decimal("Infinity"), Decimal(10) ** 15],
)
def test_a_variable_beyond_the_limits_is_not_computed_with(outsized: Value) -> None:
    with pytest.raises(Unanswerable, match="`big` cannot be used"):
        parse("big = big").value(CallWorld({"big": outsized}))


def test_a_number_with_endless_decimals_is_rounded() -> None:
    world = CallWorld({"tiny": Decimal("1E-999999"), "third": Decimal(1) / Decimal(3)})
    assert parse("tiny").value(world) == 0
    assert parse("text(third)").value(world) == "0.3333333333"


def test_the_clock_is_the_companys_on_the_night_when_clocks_go_back() -> None:
    once = datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM, fold=0)
    again = datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM, fold=1)
    for now in (once, again):
        world = CallWorld({}, now=now)
        assert parse('now.time = time("2:30") and now.weekday = "sunday"').is_true(world)
        assert parse('days_until(date("2026-10-26")) = 1').is_true(world)


def test_days_are_counted_across_the_end_of_the_year() -> None:
    world = CallWorld({}, now=datetime(2026, 12, 31, 23, 59, 59, tzinfo=STOCKHOLM))
    assert parse('days_until(date("2027-01-01")) = 1').is_true(world)
    assert parse('now.time = time("23:59")').is_true(world)
