"""How one language says values and hears them: part of its pack, `languages/*.yaml`."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

Text = Annotated[str, Field(min_length=1)]
Words = Annotated[tuple[Text, ...], Field(min_length=1)]
Week = Annotated[tuple[Text, ...], Field(min_length=7, max_length=7)]
Months = Annotated[tuple[Text, ...], Field(min_length=12, max_length=12)]
DaysOfMonth = Annotated[tuple[Text, ...], Field(min_length=31, max_length=31)]

Currency = Literal["EUR", "SEK", "NOK", "DKK", "GBP", "USD"]
CURRENCIES: tuple[str, ...] = get_args(Currency)


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Counted(_Words):
    """Something counted: `one` is all that is said of one, in `many` `{n}` is the number."""

    one: Text
    many: Text

    def of(self, count: int) -> str:
        return self.one if count == 1 else self.many.replace("{n}", str(count))


class Money(_Words):
    """A currency and its hundredths; `heard` and `hundredths_heard` are how callers name them."""

    whole: Counted
    hundredths: Counted
    amount: Text | None = None
    """Where this currency is not put together like the others of the language."""
    heard: Words
    hundredths_heard: Words


class Hearing(_Words):
    """The words in which callers say numbers and days. What is one word may be heard as two."""

    counted_one: tuple[Text, ...] = ()
    """Other words for 1 before something counted: `a hundred`."""
    zero: tuple[Text, ...] = ()
    """Other words for 0 among digits: `oh`."""
    zeros: Words
    """Several zeros, after how many there are: `two zeros`."""
    teens: Annotated[tuple[Words, ...], Field(min_length=10, max_length=10)]
    """10 to 19."""
    tens: Annotated[tuple[Words, ...], Field(min_length=8, max_length=8)]
    """20, 30 to 90."""
    hundred: Words
    thousand: Words
    units_before_tens: Literal["true", "false"] = "false"
    """Whether 23 may be said as three and twenty."""
    twice: tuple[Text, ...] = ()
    """`double five`."""
    thrice: tuple[Text, ...] = ()
    point: Words
    """What stands before decimals."""
    between: Words
    """Words that mean nothing between digits or the parts of an amount: `and`, `then`."""
    ordinals: Annotated[tuple[Words, ...], Field(min_length=31, max_length=31)]
    """First to thirty-first."""
    months: Annotated[tuple[Words, ...], Field(min_length=12, max_length=12)]
    weekdays: Annotated[tuple[Words, ...], Field(min_length=7, max_length=7)]
    today: Words
    tomorrow: Words
    day_after_tomorrow: Words
    yesterday: Words
    other_week: Words
    """Words that make a weekday one of another week: `last`, `next`."""


class SpokenWords(_Words):
    """How values are said. Numbers stay in digits wherever every voice reads them right."""

    digits_together: Literal["2", "3"]
    """How many digits are said in one breath when they are read out one by one."""
    decimal_sign: Text
    minus: Text
    conjunction: Text
    """Said for `&`."""
    signs: dict[str, Text]
    """Characters that are named when something is spelled."""
    together: Text
    """A larger and a smaller part of one thing: `{first} and {second}`."""
    amount: Text
    """`{whole}` and `{hundredths}` with their currency; `{n}` is the bare number of hundredths."""
    amount_of_few: Text
    """The same for one to nine hundredths."""
    currencies: dict[Currency, Money]
    weekdays: Week
    """As they are said of the day on which something happens, Monday first."""
    months: Months
    days: DaysOfMonth
    """The days of a month as a date says them."""
    date: Text
    """A date within half a year."""
    date_with_year: Text
    today: Text
    tomorrow: Text
    yesterday: Text
    time: Text
    """A time of day: `{hour}`, and `{minute}` in two digits."""
    time_on_the_hour: Text
    midnight: Text
    """The beginning of a day."""
    less_than_a_minute: Text
    minutes: Counted
    hours: Counted
    hour_and_a_half: Text
    whole_days: Counted
    hearing: Hearing

    @model_validator(mode="after")
    def _every_currency(self) -> SpokenWords:
        missing = [code for code in CURRENCIES if code not in self.currencies]
        if missing:
            raise ValueError(f"`currencies` has no {missing[0]}.")
        return self
