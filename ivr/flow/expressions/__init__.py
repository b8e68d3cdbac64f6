"""The small language of conditions and values in flows.

Ops people write it: `invoice_number != nothing and open("customer_service")`. It has a tokenizer
(`tokens`), a Pratt parser (`parser`, `names`) to a small typed tree (`tree`), rules for what can be
seen to be wrong before any call (`rules`), and an evaluator (`evaluation`) that asks a `World` and
nothing else. Nothing of Python can be reached: a name is one of the tables `FACTS` and `FUNCTIONS`,
or a variable that the world is asked for.

Reading and answering are total: any text gives an `Expression` or `BadExpression`, any expression
a `Value` or `Unanswerable`, in bounded time and memory (`limits`, `ivr.flow.values`).
"""

from ivr.flow.expressions.errors import BadExpression, Unanswerable
from ivr.flow.expressions.expression import Expression, parse
from ivr.flow.expressions.facts import FACTS
from ivr.flow.expressions.functions import FUNCTIONS
from ivr.flow.expressions.names import RESERVED
from ivr.flow.expressions.reference import examples, reference
from ivr.flow.expressions.world import QueueState, World
from ivr.flow.values import Kind, Value

__all__ = [
    "FACTS",
    "FUNCTIONS",
    "RESERVED",
    "BadExpression",
    "Expression",
    "Kind",
    "QueueState",
    "Unanswerable",
    "Value",
    "World",
    "examples",
    "parse",
    "reference",
]
