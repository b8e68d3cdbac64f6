"""The questions of the talk about callbacks, as callers hear them."""

from __future__ import annotations

from collections.abc import Iterable

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from ivr.flow.actions import Prompt, Say
from ivr.flow.callback_phrases import CallbackPhrases
from ivr.flow.callback_talk import Change, KnownCallback, SaidWindow, WhyNotPromised, WhyNotRung
from ivr.flow.entries import MOST_DIGITS
from ivr.flow.kinds.node import AGAIN, FIRST
from ivr.flow.language import Language
from ivr.flow.moves import Choice, Entry, Question
from ivr.flow.scene import Scene
from ivr.flow.spoken import say_value

STAY, NONE, PLACE, WINDOW = "stay", "none", "place", "window"
YES, NO = "yes", "no"
ELSE = "something_else"
STAR = "*"
MOST_KEYS = MOST_DIGITS + 8
"""With a star and an extension."""
MOST_WINDOWS = 3
HIDDEN = "•••"


class Asking:
    """Questions in the caller's language, in one of their wordings. `can_stay`: there is a line
    that the caller can stay in."""

    def __init__(self, scene: Scene, wording: int, *, can_stay: bool) -> None:
        self._scene = scene
        self._wording = wording
        self._can_stay = can_stay
        self._phrases: CallbackPhrases = scene.language.callbacks

    def offer(self) -> Question:
        """Of which kind it shall be, if any."""
        language, words = self._scene.language, self._phrases.words
        offer, choices = self._scene.talk.offer, []
        sentences = []
        for number, kind in enumerate(offer.kinds, 1):
            if kind == "window":
                pair, said = self._phrases.window, words.window
            else:
                pair = self._phrases.place if offer.said else self._phrases.place_untimed
                said = words.place
            yes = language.yes if number == 1 else ()
            choices.append(Choice(kind, str(number), (*said, *yes)))
            sentences.append(self._said(pair, key=str(number), when=offer.said))
        sentences.append(self._or_stay(choices))
        return self._question(sentences, choices)

    def windows(self, windows: tuple[SaidWindow, ...]) -> Question:
        """Which of these times."""
        choices, sentences = [], [self._said(self._phrases.which_time)]
        ordinals = self._scene.language.spoken.hearing.ordinals
        for number, window in enumerate(windows[:MOST_WINDOWS], 1):
            choices.append(Choice(str(number), str(number), ordinals[number - 1]))
            sentences.append(self._said(self._phrases.time, key=str(number), when=window.said))
        key = str(len(choices) + 1)
        choices.append(Choice(NONE, key, self._words_of_staying))
        sentences.append(self._said(self._phrases.no_time, key=key))
        return self._question(sentences, choices, silence=NONE if self._can_stay else "")

    def number(self) -> Question:
        """Whether this is the number to call."""
        talk, language = self._scene.talk, self._scene.language
        said = spoken_number(talk.number, self._scene)
        if talk.extension:
            extension = say_value(language, talk.extension, "digits", self._scene.local_now, "")
            said = self._phrases.extension.format(number=said, extension=extension)
        choices = (
            Choice(YES, "1", language.yes),
            Choice(NO, "2", (*language.no, *self._phrases.words.other)),
        )
        shown = self._said(self._phrases.right_number, number=HIDDEN)
        asked = self._said(self._phrases.right_number, number=said)
        return self._question([asked], choices, shown=shown)

    def other_number(self) -> Question:
        """The number to call, keyed in."""
        phrases = self._phrases
        sentences = [self._said(phrases.key_in)]
        if self._wording != AGAIN:
            sentences.append(phrases.key_extension)
        sentences.append(phrases.key_star_stay if self._can_stay else phrases.key_star_not)
        choices = (Choice(STAY, STAR, self._words_of_staying),)
        return self._question(sentences, choices, entry=Entry(keys=MOST_KEYS))

    def texts(self) -> Question:
        """Whether we may send texts about it; whoever says nothing has not agreed."""
        language = self._scene.language
        choices = (Choice(YES, "1", language.yes), Choice(NO, "2", language.no))
        return self._question([self._said(self._phrases.texts)], choices, silence=NO)

    def known(self, known: KnownCallback, choices: Iterable[Change | str]) -> Question:
        """How it stands, and what they can do about it."""
        phrases, words = self._phrases, self._phrases.words
        told = {
            "keep": (phrases.keep, words.keep),
            "move": (phrases.move, words.move),
            "cancel": (phrases.cancel, words.cancel),
            "wait_here": (phrases.wait_here, words.wait_here),
            ELSE: (phrases.something_else, words.something_else),
        }
        sentences, offered = [*self.standing(known)], []
        for number, name in enumerate((*choices, ELSE), 1):
            pair, said = told[name]
            offered.append(Choice(name, str(number), said))
            sentences.append(self._said(pair, key=str(number)))
        return self._question(sentences, offered)

    def standing(self, known: KnownCallback) -> list[str]:
        """How a callback stands, in sentences."""
        phrases = self._phrases
        if known.status != "open":
            return [
                {
                    "on_the_way": phrases.on_the_way,
                    "not_reached": phrases.not_reached,
                    "not_called": phrases.not_called,
                    "handed_over": phrases.handed_over,
                    "cancelled": phrases.was_cancelled,
                }[known.status]
            ]
        told = [_when(phrases.known, phrases.known_untimed, known.said)]
        if known.ahead:
            told.append(self._scene.language.waiting.ahead[0].of(known.ahead))
        return told

    @property
    def _words_of_staying(self) -> tuple[str, ...]:
        return (*self._phrases.words.stay, *self._scene.language.no)

    def _or_stay(self, choices: list[Choice]) -> str:
        key = str(len(choices) + 1)
        choices.append(Choice(STAY, key, self._words_of_staying))
        pair = self._phrases.or_stay if self._can_stay else self._phrases.or_not
        return self._said(pair, key=key)

    def _said(self, pair: tuple[str, ...], **values: str) -> str:
        sentence = pair[1] if self._wording == AGAIN else pair[0]
        sentence = sentence.format(**values) if values else sentence
        return sentence[:1].upper() + sentence[1:]

    def _question(
        self, sentences: list[str], choices: Iterable[Choice], *,
        silence: str | None = None, entry: Entry | None = None, shown: str | None = None,
    ) -> Question:  # fmt: skip
        language, slow = self._scene.language, self._wording > AGAIN
        prompts: tuple[Prompt, ...] = (Say(" ".join(sentences), language.code, slow, shown),)
        choices = tuple(choices)
        if silence is None:
            stays = self._can_stay and any(choice.name == STAY for choice in choices)
            silence = STAY if stays and entry is None else ""
        return Question(
            prompts, choices, (language,), entry=entry, silence=silence,
            offers_person=self._wording != FIRST and not self._can_stay,
        )  # fmt: skip


def spoken_number(number: str, scene: Scene) -> str:
    """The number (E.164) in groups, as somebody at home there would say it."""
    language = scene.language
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return say_value(language, number, "digits", scene.local_now, "")
    at_home = f"+{parsed.country_code}" in language.dialling_codes
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    written = phonenumbers.format_number(parsed, form)
    return say_value(language, written, "digits", scene.local_now, "")


def promised(language: Language, said: str, code: str, *, text: bool) -> str:
    """That we call, and when; the digits that we say then; and that a text comes."""
    phrases = language.callbacks
    sentences = [_when(phrases.promised, phrases.promised_untimed, said)]
    if code:
        sentences.append(phrases.code.format(code=" ".join(code)))
    if text:
        sentences.append(phrases.text)
    return " ".join(sentences)


def not_promised(language: Language, why: WhyNotPromised) -> str:
    """Why nothing was promised."""
    phrases = language.callbacks
    return {
        "": phrases.not_now,
        "open_already": phrases.open_already,
        "no_room": phrases.no_room_left,
        "too_many": phrases.too_many,
        "number": phrases.number,
        "turn_came": phrases.turn_came,
        "not_now": phrases.not_now,
    }[why]


def not_rung(language: Language, why: WhyNotRung, *, own: bool) -> str:
    """Why a number is not rung: their own, or one that was keyed in."""
    phrases = language.callbacks
    if own:
        return {
            "": phrases.own_not_possible,
            "withheld": phrases.withheld,
            "not_possible": phrases.own_not_possible,
            "not_allowed": phrases.own_not_allowed,
            "stopped": phrases.own_stopped,
        }[why]
    return {
        "": phrases.not_possible,
        "withheld": phrases.not_possible,
        "not_possible": phrases.not_possible,
        "not_allowed": phrases.not_allowed,
        "stopped": phrases.stopped,
    }[why]


def _when(timed: str, untimed: str, said: str) -> str:
    return timed.format(when=said) if said else untimed
