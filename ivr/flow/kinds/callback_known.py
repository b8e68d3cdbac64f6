"""How a callback that the caller has stands, and what they do about it."""

from __future__ import annotations

from msgspec import structs

from ivr.flow.callback_talk import Change, KnownCallback, Promised
from ivr.flow.kinds import callback_questions as questions
from ivr.flow.kinds.callback_questions import Asking
from ivr.flow.kinds.callback_stages import (
    CHANGE,
    KNOWN,
    MOST_REFUSALS,
    MOVE,
    CallbackNode,
    with_talk,
)
from ivr.flow.moves import Ask, AskDesk, Move, ToPerson
from ivr.flow.scene import Scene
from ivr.flow.talk import CallbackChanged, CallbackRecognised, Talk


class KnownDialogue(CallbackNode):
    """The part of the talk that is about a callback they have."""

    def recognised(self, scene: Scene, talk: Talk, known: KnownCallback) -> Move:
        """They hear how it stands, and what they can do; or are in the line at once."""
        told = CallbackRecognised(known.id, known.status)
        said = tuple(map(scene.sentence, Asking(scene, 0, can_stay=True).standing(known)))
        choices = self.choices(scene, talk, known)
        if not choices:
            return with_talk(self.nothing_to_offer(scene, said), talk, told)
        if known.status != "open" and self.comes_back_at_once and choices == ("wait_here",):
            move = self.to_old_place(scene, known, said)
            return with_talk(move, structs.replace(talk, back=known), told)
        return Ask(stage=KNOWN, talk=talk, happened=(told,))

    def choices(self, scene: Scene, talk: Talk, known: KnownCallback) -> tuple[Change | str, ...]:
        """What they can do about it from here."""
        return tuple(
            choice
            for choice in known.choices
            if not (choice == "move" and not talk.offer.windows)
            and not (choice == "wait_here" and not self.can_wait_for(scene, known))
        )

    def about_known(self, scene: Scene, name: str) -> Move:
        """They chose this."""
        talk = scene.talk
        known = talk.offer.known
        assert known is not None
        match name:
            case "keep":
                return self.keep(scene)
            case "move":
                return self.asking(scene, MOVE, talk)
            case "cancel":
                return AskDesk(CHANGE, talk=structs.replace(talk, change="cancel"))
            case "wait_here":
                move = self.to_old_place(scene, known, ())
                return with_talk(move, structs.replace(talk, back=known))
        return self.nothing_to_offer(scene)

    def keep(self, scene: Scene) -> Move:
        """It stays as it is."""
        talk = scene.talk
        assert talk.offer.known is not None
        kept = scene.sentence(scene.language.callbacks.kept)
        happened = CallbackChanged(talk.offer.known.id, "keep")
        return with_talk(self.with_callback(scene, (kept,)), talk, happened)

    def changed(self, scene: Scene, answer: Promised) -> Move:
        """It is moved or cancelled, or could not be."""
        talk, phrases = scene.talk, scene.language.callbacks
        known, change = talk.offer.known, talk.change
        assert known is not None and change is not None
        happened = CallbackChanged(known.id, change, answer.why)
        if not answer.why:
            if change == "cancel":
                said = scene.sentence(phrases.cancelled)
                return with_talk(self.cancelled(scene, (said,)), talk, happened)
            when = answer.said or (talk.window.said if talk.window is not None else "")
            said = scene.sentence(
                phrases.moved.format(when=when) if when else phrases.promised_untimed
            )
            return with_talk(self.with_callback(scene, (said,)), talk, happened)
        talk = structs.replace(talk, refusals=talk.refusals + 1)
        if answer.why == "no_room" and answer.windows and talk.refusals < MOST_REFUSALS:
            offer = structs.replace(talk.offer, windows=answer.windows)
            talk = structs.replace(talk, offer=offer)
            return self.asking(scene, MOVE, talk, phrases.no_room, happened=happened)
        said = scene.sentence(questions.not_promised(scene.language, answer.why))
        return with_talk(self.nothing_to_offer(scene, (said,)), talk, happened)

    def returned(self, scene: Scene, answer: Promised) -> Move:
        """They may, or may not, wait at the place of their callback."""
        return ToPerson("lost")
