"""The manual of values in texts, made by saying them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal

from ivr.flow.language import Language
from ivr.flow.spoken.forms import EXPLAINED, FormName
from ivr.flow.spoken.saying import say_value
from ivr.flow.values import Value

_HEAD = """\
`{name}` in a text is a value of the call, said as the caller's language says it; `{name|form}` says
it in another form than that of its kind. `{{` and `}}` are braces. A text of digits is read out
digit by digit by itself.
"""

_NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_EXAMPLES: Mapping[FormName, tuple[str, Value]] = {
    "digits": ("digits", "12345678"),
    "spell": ("spell", "AB-12"),
    "name": ("name", "VIRTANEN"),
    "text": ("text", "Berg & Son"),
    "number": ("number", Decimal("12.5")),
    "amount": ("amount EUR", Decimal("12.50")),
    "date": ("date", date(2026, 11, 23)),
    "day": ("day", date(2026, 11, 23)),
    "time": ("time", time(14, 30)),
    "duration": ("duration", Decimal(75)),
    "yes_no": ("yes_no", True),
}


def reference(languages: Mapping[str, Language]) -> str:
    """Every form with an example in each of these languages, as Markdown."""
    codes = list(languages)
    rows = [
        f"| form | | {' | '.join(codes)} |",
        f"| --- | --- | {' | '.join('---' for _ in codes)} |",
    ]
    for form, explained in EXPLAINED.items():
        written, value = _EXAMPLES[form]
        said = [say_value(languages[code], value, written, _NOW) for code in codes]
        rows.append(f"| `{written}` | {explained} | {' | '.join(said)} |")
    return "\n".join((_HEAD, *rows)) + "\n"
