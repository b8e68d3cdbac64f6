"""The page of texts to people who wait and their answers, made from the words themselves.

`docs/answers.md` is this text (`make docs`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ivr.flow.language import load_languages
from ivr.flow.spoken import Template
from ivr.promises.answers import CARRIER_WORDS, Wish
from ivr.promises.vocabulary import load_vocabularies
from ivr.promises.wordings import Wording, load_wordings

MOST_EXAMPLES = 7
"""Of what can be written for each wish; the vocabularies have many more."""

_HEAD = """\
# What people are told by text, and what they can write back

This page is made from the words themselves (`make docs`): `ivr/promises/wordings/` is what we
write, `ivr/promises/vocabularies/` what people write, a file a language. How texts are sent, by
whom and how fast, is told in [texts.md](texts.md), what they promise in [promises.md](promises.md).

Texts about the wait go to those who agreed: on a call, by a text (START), or on the page "Call me
back". Consent is kept by number, with when and how it was given; a first name stands in texts only
where it was given for that. They go to the mobile number that the callback was asked for with, or
else to the one that is to be rung; a landline gets none.

## Who hears what, and when

Every ten seconds a worker looks at all who are to be called when their turn comes, or whose time
has begun: how they stand now, and what they heard last. Somebody who waits on the telephone hears
it there and gets no text. The numbers are settings: `texts.updates` in config.yaml.

- What they heard is kept as it was said, as times of day: "between 14:20 and 14:35". It counts how
  far the words have moved, so nobody is sent what they know already.
- Later by `later_by` (300 seconds, and at least a quarter of what is left) is told, but not sooner
  than `later_after` (180) after anything else. Earlier by `earlier_by` (600) is told, not sooner
  than `earlier_after` (600). One person gets `most` (4) of these; the last is kept for bad news.
- That the call comes within `soon` (300), and from which number, is told besides, once.
- What was told is written in one step with the text that tells it: of two workers who look at the
  same moment one tells. A text that was never sent is as if nothing had been told.
- Once a time that was told is over no update is sent: the apology tells the new time.
- In quiet hours (`texts.quiet`) nobody is told anything that they have not asked for.

## What they can write back

Set this address for each number of ours that receives texts, in Twilio's console ("A message comes
in", and "Primary handler fails" too), or at the Messaging Service:

    POST https://voice.example.com/text/incoming

It must be signed by Twilio, as all its requests are. A text is answered once, however often Twilio
tells of it. The document that answers is empty: what we write back comes from the outbox, so that
it is sent once, in time or not at all.

A text is about the callback that we wrote to them about last, or else the next that they wait for.
Accents, capitals, small slips and other languages do not matter. The less can be undone, the more
certain a wish must be: strange words may stand around a question, but not around a cancellation.
What is no wish is a letter.

- **how long**: they hear the time, or how many are ahead where no time can be told; of a time that
  was told and still holds, the same again. Whoever waits on the telephone meanwhile hears how many
  are ahead of them there.
- **later**: they get up to three times with a number each, and that number moves the call there.
  Where somebody else has taken it meanwhile, they get others.
- **not needed**: the callback is cancelled.
- **now**: from a time back to their old place in the line. Whoever could not be reached gets a new
  place at the old time, while that is kept (`come_back_within`).
- **help**: what can be written.
- **stop**: no more texts, and those that wait to be sent are not sent. We call all the same.
- **start**: texts again.
- **thanks**: nothing is done.
- **a letter**: it is kept with the callback. The agent hears it before the call; it stands in
  `ringback callbacks show` and in the API. Who wrote it is told so once a day, or gets help where a
  wish was nearly said.

Whoever has no call waiting learns where to ring. One number gets 30 answers a day at most: whoever
writes more is a program, and two programs must not write to each other for ever. Short numbers and
names are not answered.

On some words Twilio acts by itself when they are all of a text, and answers them before we hear of
it: {words}. With Advanced Opt-Out it says so (`OptOutType`). We note them and write nothing. After
its STOP nothing of ours reaches them, whatever they tell us, until they write START; error 21610
is noted in the same way. CANCEL is such a STOP to Twilio, and to us it cancels the callback as
well: our texts never ask for it.
"""


def manual() -> str:
    """The page, in Markdown."""
    words = ", ".join(f"`{word}`" for group in CARRIER_WORDS.values() for word in sorted(group))
    parts = [_HEAD.replace("{words}", words), *_languages(), *_texts()]
    return "\n".join(parts) + "\n"


_WISHES: Mapping[Wish, str] = {
    "how_long": "how long", "later": "later", "cancel": "not needed", "again": "now",
    "help": "help", "stop": "stop", "start": "start", "thanks": "thanks",
}  # fmt: skip


def _languages() -> Iterator[str]:
    yield "\n## Words, by language\n\nThe first of many; see the vocabularies."
    for code, vocabulary in load_vocabularies().items():
        yield f"\n### {load_languages()[code].name} ({code})\n\n| they want | they write |"
        yield "| --- | --- |"
        for wish, name in _WISHES.items():
            examples = getattr(vocabulary, wish)[:MOST_EXAMPLES]
            yield f"| {name} | {', '.join(examples)} |"


def _texts() -> Iterator[str]:
    yield "\n## The texts\n\nEach is one segment, whatever is filled in. What follows the bar is"
    yield "said only where the sender can be answered."
    for code, wordings in load_wordings().items():
        yield f"\n### {load_languages()[code].name}\n\n| text | says |\n| --- | --- |"
        for kind, wording in wordings.texts.items():
            yield f"| {kind} | {_said(wording)} |"


def _said(wording: Wording) -> str:
    said = [_written(one) for one in (wording.text, wording.reply) if one is not None]
    return " \\| ".join(said)


def _written(template: Template) -> str:
    parts = (part if isinstance(part, str) else f"{{{part.name}}}" for part in template.parts)
    return "".join(parts)
