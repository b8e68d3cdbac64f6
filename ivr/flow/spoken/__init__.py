"""Values as each language says them, texts with values in them, and values as callers say them.

`Your invoice of {sum|amount} is due {due|day}.` is read by `parse_template`, filled with the
call's values in the caller's language, and becomes words for the voice (`Filled.text`) and words
for everybody else (`Filled.shown`), in which private values are hidden. How a language does it is
in its pack, under `spoken`; nothing here knows a language by name.

The other way round, `read_digits`, `read_amount` and `read_date` make values of what a recogniser
heard. What is not certain is None: asking again is better than a wrong number.
"""

from ivr.flow.spoken.dates_heard import read_date
from ivr.flow.spoken.errors import BadTemplate, Unsayable
from ivr.flow.spoken.forms import EXPLAINED, FORMS, Form, FormName
from ivr.flow.spoken.numbers_heard import read_amount, read_digits
from ivr.flow.spoken.reference import reference
from ivr.flow.spoken.saying import say_value
from ivr.flow.spoken.template import HIDDEN, Filled, Slot, Template, parse_template

__all__ = [
    "EXPLAINED",
    "FORMS",
    "HIDDEN",
    "BadTemplate",
    "Filled",
    "Form",
    "FormName",
    "Slot",
    "Template",
    "Unsayable",
    "parse_template",
    "read_amount",
    "read_date",
    "read_digits",
    "reference",
    "say_value",
]
