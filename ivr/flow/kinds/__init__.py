"""The kinds of node, one file each: what an author writes, its rules and what it does."""

from ivr.flow.kinds.answer import Answer
from ivr.flow.kinds.ask import Ask
from ivr.flow.kinds.branch import Branch
from ivr.flow.kinds.choose_language import ChooseLanguage
from ivr.flow.kinds.faq import Faq
from ivr.flow.kinds.goto import Goto
from ivr.flow.kinds.hang_up import HangUp
from ivr.flow.kinds.hours import Hours
from ivr.flow.kinds.lookup import Lookup
from ivr.flow.kinds.menu import Menu
from ivr.flow.kinds.node import Node
from ivr.flow.kinds.offer_callback import OfferCallback
from ivr.flow.kinds.play import Play
from ivr.flow.kinds.queue import Queue
from ivr.flow.kinds.recognise_callback import RecogniseCallback
from ivr.flow.kinds.say import Say
from ivr.flow.kinds.send_text import SendText
from ivr.flow.kinds.set import Set
from ivr.flow.kinds.transfer import Transfer
from ivr.flow.kinds.voicemail import Voicemail

AnyNode = (
    Answer | Ask | Branch | ChooseLanguage | Faq | Goto | HangUp | Hours | Lookup | Menu
    | OfferCallback | Play | Queue | RecogniseCallback | Say | SendText | Set | Transfer | Voicemail
)  # fmt: skip

__all__ = [
    "Answer",
    "AnyNode",
    "Ask",
    "Branch",
    "ChooseLanguage",
    "Faq",
    "Goto",
    "HangUp",
    "Hours",
    "Lookup",
    "Menu",
    "Node",
    "OfferCallback",
    "Play",
    "Queue",
    "RecogniseCallback",
    "Say",
    "SendText",
    "Set",
    "Transfer",
    "Voicemail",
]
