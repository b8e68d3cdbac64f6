"""What can be read, and what is said about the rest."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ivr.flow import expressions
from ivr.flow.expressions import RESERVED, BadExpression, parse


@pytest.mark.parametrize(
    ("written", "column", "sentence", "advice"),
    [
        ("", 1, "The expression is empty.", "Write a condition or a value."),
        ("   ", 1, "The expression is empty.", "Write a condition or a value."),
        ("x = 1 or 2", 10, "`or` joins conditions, and `2` is a number.",
         "Write the whole comparison again, or `x in [...]`."),
        ("x and 2", 7, "`and` joins conditions, and `2` is a number.",
         "Write a comparison there."),
        ('"a" and x', 1, '`and` joins conditions, and `"a"` is a text.',
         "Write a comparison there."),
        ("not 3", 5, "`not` turns a condition round, and `3` is a number.",
         "Write a comparison there."),
        ('now.weekday = "mondag"', 15, '`now.weekday` is never "mondag".',
         "Did you mean `monday`?"),
        ('"sundae" = now.weekday', 1, '`now.weekday` is never "sundae".',
         "Did you mean `sunday`?"),
        ('now.weekday in ["monday", "fryday"]', 27, '`now.weekday` is never "fryday".',
         "Did you mean `friday`?"),
        ("now.weekday = 1", 13,
         "`now.weekday` is a text and `1` is a number: they cannot be compared.",
         'Write the day in quotes: "monday".'),
        ('now.time > "14:30"', 12, '`>` compares numbers, dates and times, and `"14:30"` is a '
         "text.", "Leave the quotes out for a number, or write `date(...)` or `time(...)`."),
        ('now.time = "14:30"', 10,
         '`now.time` is a time of day and `"14:30"` is a text: they cannot be compared.',
         'Write `time("14:30")`.'),
        ('now.hour = "9"', 10,
         '`now.hour` is a number and `"9"` is a text: they cannot be compared.',
         "Leave the quotes out for a number."),
        ("language = 3", 10,
         "`language` is a text and `3` is a number: they cannot be compared.",
         "Write `number(language)`, or put the number in quotes."),
        ("caller.known = 1", 14,
         "`caller.known` is a yes or no and `1` is a number: they cannot be compared.", ""),
        ("true < false", 1, "`<` compares numbers, dates and times, and `true` is a yes or no.",
         ""),
        ('opne("x")', 1, "There is no function `opne`.", "Did you mean `open`?"),
        ("lenght(x) > 3", 1, "There is no function `lenght`.", "Did you mean `length`?"),
        ("today() = x", 1, "There is no function `today`.", "Write `today` without brackets."),
        ("now.tme > 3", 1, "There is no `now.tme`.", "Did you mean `now.time`?"),
        ("now. > 3", 1, "There is no `now.`.", "Did you mean `now.time`?"),
        ("now > 3", 1, "`now` alone is no value.",
         "There is `now.time`, `now.date`, `now.weekday`, `now.hour`."),
        ("call.known", 1, "`call.` begins nothing.", "Did you mean `caller`?"),
        ("length = 3", 1, "`length` needs brackets behind it.", "Write `length(text)`."),
        ("open", 1, "`open` needs brackets behind it.", 'Write `open("customer_service")`.'),
        ("open(customer_service)", 6, "`open` takes a name in quotes.",
         'Write `open("customer_service")`.'),
        ('open("Customer service")', 6, "`Customer service` is not a name.",
         "Names have small letters a to z, digits and `_`."),
        ('queue("a")', 1, "A queue alone is no value.",
         'Write `queue("a").waiting`, `.agents` or `.wait`.'),
        ('queue("a").wating > 3', 12, "A queue has no `wating`.", "Did you mean `waiting`?"),
        ('queue("a").', 12, "The expression ends too early.",
         "There is `agents`, `wait`, `waiting`."),
        ("queue.wait > 3", 1, "It is not said which queue.", 'Write `queue("support").waiting`.'),
        ("length(x, y)", 1, "`length` takes 1 value and is given 2.", "Write `length(text)`."),
        ("contains(x)", 1, "`contains` takes 2 values and is given 1.",
         "Write `contains(text, part)`."),
        ("length(3) = 1", 8, "`length` takes a text, and `3` is a number.",
         'Like this: `length("4711")`.'),
        ('date("24.12.2026") = today', 6, "`24.12.2026` is no date.",
         'Write year, month and day: "2026-12-24".'),
        ('date("2026-02-29") = today', 6, "`2026-02-29` is no date.",
         'Write year, month and day: "2026-12-24".'),
        ('time("25:00") = now.time', 6, "`25:00` is no time of day.",
         'Write hours and minutes: "14:30".'),
        ("x = 12,5", 7, "A comma cannot stand here.", "Write decimals with a point: `12.5`."),
        ("a && b", 3, "`&&` is no operator here.", "Write `and`."),
        ("a || b", 3, "`||` is no operator here.", "Write `or`."),
        ("!a", 1, "`!` is no operator here.", "Write `not`."),
        ("a <> b", 3, "`<>` is no operator here.", "Write `!=`."),
        ("a => 3", 3, "`=>` is no operator here.", "Write `>=`."),
        ("a ≥ 3", 3, "`≥` is no operator here.", "Write `>=`."),
        ("a === 3", 3, "`===` is no operator here.", "Write `=`."),
        ("a is 3", 3, "`is` is no operator.", "Write `=`."),
        ("a AND b", 3, "`AND` is not written like this.", "Write `and`."),
        ("NOT a", 1, "`NOT` is not written like this.", "Write `not`."),
        ("confirmed = True", 13, "`True` is not written like this.", "Write `true`."),
        ("confirmed = yes", 13, "`yes` is no value here.",
         'Write `true`, or "yes" for the text.'),
        ("x = null", 5, "`null` is no value here.", 'Write `nothing`, or "null" for the text.'),
        ("Name = 3", 1, "`Name` is not a name.",
         "Names have small letters a to z, digits and `_`; texts stand in quotes."),
        ("språk = 3", 1, "`språk` is not a name.",
         "Names have small letters a to z, digits and `_`; texts stand in quotes."),
        ("_x = 3", 1, "`_x` is not a name.",
         "Names have small letters a to z, digits and `_`; texts stand in quotes."),
        ("x = “a”", 5, "`“` is a typographic quote.", 'Write texts in straight quotes: "text".'),
        ('x = "a', 5, "This text has no closing quote.", 'End it with ".'),
        ("{x} = 3", 1, "`{` does not belong in an expression.", "Write a variable by its name."),
        ("x; y", 2, "`;` does not belong in an expression.", "Delete it."),
        ("x\x00", 2, "`U+0000` does not belong in an expression.", "Delete it."),
        ("12a = 3", 1, "`12a` is no number.",
         'Write numbers like 12 or 12.5, and dates and times like date("2026-12-24").'),
        ("1.2.3", 1, "`1.2.` is no number.",
         'Write numbers like 12 or 12.5, and dates and times like date("2026-12-24").'),
        ("x = 1234567890123456", 5, "This number is too long.",
         "Put what is only read and written in quotes."),
        ("1 < x < 3", 7, "Two comparisons follow each other.", "Join them: `1 < x and x < 5`."),
        ('x = "a" in y', 9, "Two comparisons follow each other.",
         "Join them: `1 < x and x < 5`."),
        ("x in []", 6, "The list is empty.", "Write at least one value in it."),
        ("[1, 2]", 1, "A list stands only after `in`.", 'Write `language in ["fi", "sv"]`.'),
        ('x in ["a"', 10, "`]` is missing for the `[` at column 6.", ""),
        ("(x = 3", 7, "`)` is missing for the `(` at column 1.", ""),
        ("x = 3)", 6, "There is no `(` for this `)`.", ""),
        ("x =", 4, "The expression ends too early.", ""),
        ("= 3", 1, "`=` cannot stand here.", ""),
        ("x not 3", 7, "`in` is missing after `not`: the operator is `not in`.", ""),
        ("x y", 3, "An operator is missing before `y`.", "Join two conditions by `and` or `or`."),
        ('x "y"', 3, 'An operator is missing before `"y"`.',
         "Join two conditions by `and` or `or`."),
        ("x / 0", 5, "Nothing can be divided by 0.", ""),
        ('"a" - 1', 5, "A text - a number gives nothing.",
         "Numbers can be subtracted, dates, and days from a date."),
        ("now.time + 30", 10, "A time of day + a number gives nothing.",
         "Numbers can be added, texts joined, and days added to a date."),
        ('"2" * 3', 5, "A text * a number gives nothing.",
         "`*` takes numbers; `number(...)` makes one of a text."),
        ("-today", 1, "`-` stands before a number.", ""),
        ("3 in language", 1, "`in` looks for a text in a text, or for a value in a list.",
         'Write a list in brackets: `in ["fi", "sv"]`.'),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_column_with_what_to_do(
    written: str, column: int, sentence: str, advice: str
) -> None:
    with pytest.raises(BadExpression) as error:
        parse(written)
    told = error.value
    assert (told.sentence, told.advice, told.column) == (sentence, advice, column)


@pytest.mark.parametrize(
    "written",
    [
        "__import__('os')", "().__class__", "x.__class__", "(lambda: 1)()", "now.__class__",
        "caller.known.__class__", '"a".upper()', "x[0]", "open('/etc/passwd')", "eval('1')",
        "getattr(x, 'y')", "x if y else z", "f'{x}'", "x ** 9", "9 // 2", "x := 3", "{}", "`id`",
        "print('a')", "text.upper(x)", "[y for y in x]", "x % 2", "@x", "#", "\\", "1e9", "0x10",
    ],
)  # fmt: skip
def test_nothing_of_python_can_be_reached(written: str) -> None:
    with pytest.raises(BadExpression):
        parse(written)


def test_the_code_that_answers_looks_nothing_up_by_a_name_from_outside() -> None:
    reaching = {"eval", "exec", "compile", "getattr", "setattr", "vars", "globals", "locals",
                "__import__", "open"}  # fmt: skip
    sources = sorted(Path(expressions.__path__[0]).glob("*.py"))
    assert len(sources) > 5
    for source in sources:
        names = {node.id for node in ast.walk(ast.parse(source.read_text("utf-8")))
                 if isinstance(node, ast.Name)}  # fmt: skip
        assert not names & reaching, source.name


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("x" * 501, "The expression has 501 characters; at most 500 are read."),
        ("(" * 60 + "x" + ")" * 60, "The expression is nested too deep."),
        ("not " * 100 + "x", "The expression is nested too deep."),
        ("- " * 100 + "x", "The expression is nested too deep."),
        ("+".join("x" * 60), "The expression has too many parts."),
        ("x in [" + ",".join("y" * 160) + "]", "The expression has too many parts."),
    ],
)
def test_an_expression_has_limits(written: str, sentence: str) -> None:
    with pytest.raises(BadExpression) as error:
        parse(written)
    assert error.value.sentence == sentence


def test_it_tells_every_name_that_it_refers_to() -> None:
    read = parse(
        'invoice_number != nothing and open("billing") or queue("support").wait < limit '
        "or number(text(sum)) in [low, -high] and now.hour > 3 and not (language in favourites)"
    )
    assert read.variables == {"invoice_number", "limit", "sum", "low", "high", "favourites"}
    assert read.schedules == {"billing"}
    assert read.queues == {"support"}
    assert read.facts == {"now.hour", "language"}


def test_it_tells_where_a_name_stands_first() -> None:
    read = parse('limit > 3 and open("billing") or queue("support").wait < limit')
    assert [read.column(name) for name in ("limit", "billing", "support")] == [1, 15, 34]
    with pytest.raises(KeyError):
        read.column("sales")


def test_it_tells_which_texts_a_fact_is_compared_with() -> None:
    read = parse('language in ["fi", "se", name] or "main" = line and not language != "sv"')
    assert read.compared_with("language") == (("fi", 14), ("se", 20), ("sv", 69))
    assert read.compared_with("line") == (("main", 35),)
    assert read.compared_with("now.weekday") == ()


@pytest.mark.parametrize(
    ("written", "kind"),
    [("x", None), ("x = 3", "yes_no"), ("x + 1", None), ("x * 1", "number"), ("today + x", "date"),
     ("x - 1", None), ("1 - x", "number"), ("language + x", "text"), ("today - x", None),
     ("x - today", "number"), ("nothing", "nothing"), ("now.time", "time")],
)  # fmt: skip
def test_it_tells_what_it_gives_as_far_as_that_is_known(written: str, kind: str | None) -> None:
    assert parse(written).kind == kind


def test_known_kinds_of_variables_let_more_mistakes_be_seen() -> None:
    assert parse("age < 18").variables == {"age"}
    with pytest.raises(BadExpression) as error:
        parse("age < 18", {"age": "text"})
    assert error.value.sentence == "`<` compares numbers, dates and times, and `age` is a text."
    assert error.value.advice == "Write `number(age)`."
    assert parse("number(age) < 18", {"age": "text"}).kind == "yes_no"


def test_expressions_are_equal_when_the_same_is_written() -> None:
    assert parse("x = 1") == parse("x = 1")
    assert hash(parse("x = 1")) == hash(parse("x = 1"))
    assert parse("x = 1") != parse("x = 2")


@pytest.mark.parametrize("name", sorted(RESERVED - {"now.time", "now.date", "now.weekday",
    "now.hour", "caller.known", "caller.mobile"}))  # fmt: skip
def test_no_variable_can_have_a_reserved_name(name: str) -> None:
    try:
        variables = parse(name).variables
    except BadExpression:
        return
    assert variables == frozenset()
