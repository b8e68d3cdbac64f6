"""The talk about a callback: one for every kind of node that offers one.

Its stages follow one another: how a known callback stands; which kind; which time; which number,
and another; texts; the promise; what it is about. What can be offered and promised is the desk's to
say; a promise is spoken only when it was made. Whoever does not want one, or cannot have one, is
where they were: in the line, or where the node says.
"""

from __future__ import annotations

from msgspec import structs

from ivr.flow.callback_talk import (
    CallbackAnswer,
    CallbackOffer,
    NumberChecked,
    Promised,
)
from ivr.flow.entries import read
from ivr.flow.inputs import MessageLeft, Pressed, Said
from ivr.flow.kinds import callback_questions as questions
from ivr.flow.kinds.callback_known import KnownDialogue
from ivr.flow.kinds.callback_news import told_by_voice
from ivr.flow.kinds.callback_questions import NO, NONE, STAR, STAY, YES, Asking
from ivr.flow.kinds.callback_stages import (
    ASKED,
    CHANGE,
    CHECK,
    KNOWN,
    LONGEST_REASON,
    MOST_NUMBERS,
    MOST_REFUSALS,
    MOST_WRONG,
    MOVE,
    NUMBER,
    OFFER,
    OTHER,
    PROMISE,
    REASON,
    REASON_SILENCE,
    STAGES,
    TEXTS,
    TOLD,
    WINDOWS,
    with_talk,
)
from ivr.flow.moves import AskDesk, Move, Question, Record, Why
from ivr.flow.scene import Scene
from ivr.flow.talk import (
    CallbackDeclined,
    CallbackOffered,
    CallbackPromised,
    CallbackRefused,
    NumberRefused,
    ReasonGiven,
    Talk,
    TalkEvent,
)


class CallbackDialogue(KnownDialogue):
    """What happens at each stage, after the desk's answer or the caller's."""

    def answered(self, scene: Scene, answer: CallbackAnswer) -> Move:
        """What whoever keeps callbacks answered."""
        match answer:
            case CallbackOffer():
                return told_by_voice(scene, answer, self._look_at(scene, answer))
            case NumberChecked():
                return self._checked(scene, answer)
            case Promised():
                match scene.stage:
                    case "promise":
                        return self._promised(scene, answer)
                    case "change":
                        return self.changed(scene, answer)
                    case "return":
                        return self.returned(scene, answer)
        thanks = scene.sentence(scene.language.callbacks.thanks)
        return self.with_callback(scene, (thanks,))

    # What the desk answered

    def _look_at(self, scene: Scene, offer: CallbackOffer) -> Move:
        asked = scene.stage == ASKED
        talk = Talk(
            self.callback_queue(), structs.replace(offer, untold=(), notices=()),
            offered=scene.talk.offered, told=scene.talk.told, promised=scene.talk.promised,
            heard=scene.talk.heard,
        )  # fmt: skip
        known = offer.known
        if known is not None and (known.id != talk.told or asked):
            return self.recognised(scene, structs.replace(talk, told=known.id), known)
        if known is not None or not offer.kinds or not talk.queue:
            return with_talk(self.nothing_to_offer(scene), talk)
        talk = structs.replace(talk, offered=(*talk.offered, scene.now.timestamp()))
        happened = CallbackOffered(talk.queue, offer.kinds)
        phrases = scene.language.callbacks
        said = [] if asked else [phrases.busy]
        if offer.kinds == ("window",):
            said.append(phrases.only_windows)
            talk = structs.replace(talk, kind="window")
        stage = WINDOWS if talk.kind == "window" else OFFER
        return self.asking(scene, stage, talk, *said, happened=happened)

    def _checked(self, scene: Scene, answer: NumberChecked) -> Move:
        talk = scene.talk
        if answer.number:
            own = answer.number == talk.offer.number and not answer.extension
            talk = structs.replace(
                talk, number=answer.number, extension=answer.extension, own=own
            )  # fmt: skip
            return self.asking(scene, NUMBER, talk)
        refused = NumberRefused(talk.queue, answer.why, own=False)
        talk = structs.replace(talk, wrong=talk.wrong + 1)
        why = questions.not_rung(scene.language, answer.why, own=False)
        if talk.wrong >= MOST_WRONG or talk.numbers >= MOST_NUMBERS:
            return self._no_more(scene, talk, refused, why, scene.language.callbacks.no_number)
        return self.asking(scene, OTHER, talk, why, happened=refused)

    def _promised(self, scene: Scene, answer: Promised) -> Move:
        talk = scene.talk
        assert talk.kind is not None
        if answer.why:
            return self._refused(scene, talk, answer)
        said = scene.sentence(
            questions.promised(scene.language, answer.said, answer.code, text=answer.text)
        )
        made = CallbackPromised(talk.queue, answer.callback, talk.kind)
        talk = structs.replace(talk, promised=answer.callback, told=answer.callback)
        if not talk.offer.ask_reason:
            return with_talk(self.with_callback(scene, (said,)), talk, made)
        reason = scene.sentence(scene.language.callbacks.reason)
        return Record(
            LONGEST_REASON, REASON_SILENCE, (said, reason), REASON, talk=talk, happened=(made,)
        )

    def _refused(self, scene: Scene, talk: Talk, answer: Promised) -> Move:
        refused = CallbackRefused(talk.queue, answer.why)
        talk = structs.replace(talk, refusals=talk.refusals + 1)
        if answer.why == "no_room" and answer.windows and talk.refusals < MOST_REFUSALS:
            phrases = scene.language.callbacks
            said = phrases.no_place if talk.kind == "place" else phrases.no_room
            offer = structs.replace(talk.offer, windows=answer.windows)
            talk = structs.replace(talk, offer=offer, kind="window", window=None)
            return self.asking(scene, WINDOWS, talk, said, happened=refused)
        why = questions.not_promised(scene.language, answer.why)
        if answer.why == "no_room" and talk.kind == "place":
            why = scene.language.callbacks.none_now
        return self._no_more(scene, talk, refused, why)

    # What the caller is asked

    def ask(self, scene: Scene, wording: int) -> Question:
        asking = Asking(scene, wording, can_stay=self.in_line(scene) is not None)
        match scene.stage:
            case "offer":
                return asking.offer()
            case "windows" | "move":
                return asking.windows(scene.talk.offer.windows)
            case "number":
                return asking.number()
            case "other number":
                return asking.other_number()
            case "texts":
                return asking.texts()
        known = scene.talk.offer.known
        if known is None:
            raise NotImplementedError("nothing is asked before there is something to talk about")
        return asking.known(known, self.choices(scene, scene.talk, known))

    def chosen(self, scene: Scene, name: str) -> Move:
        talk = scene.talk
        match scene.stage:
            case "known":
                return self.about_known(scene, name)
            case "offer" if name == "place":
                return self._with_number(scene, structs.replace(talk, kind="place", window=None))
            case "offer" if name == "window":
                talk = structs.replace(talk, kind="window")
                if not talk.offer.windows:
                    why = questions.not_promised(scene.language, "no_room")
                    return self._no_more(scene, talk, None, why)
                return self.asking(scene, WINDOWS, talk)
            case "windows" if name != NONE:
                window = talk.offer.windows[int(name) - 1]
                return self._with_number(scene, structs.replace(talk, window=window))
            case "move" if name != NONE:
                window = talk.offer.windows[int(name) - 1]
                return AskDesk(CHANGE, talk=structs.replace(talk, window=window, change="move"))
            case "move":
                return self.keep(scene)
            case "number" if name == YES:
                return self._with_texts(scene, talk)
            case "number" if name == NO:
                if talk.numbers >= MOST_NUMBERS:
                    return self._no_more(scene, talk, None, scene.language.callbacks.no_number)
                return self.asking(scene, OTHER, talk)
            case "texts":
                return AskDesk(PROMISE, talk=structs.replace(talk, texts=name == YES))
        # Of the offer, the times and the number: none.
        return with_talk(self.without_callback(scene), talk, CallbackDeclined(talk.queue))

    def entered(self, scene: Scene, heard: Pressed | Said) -> Move | None:
        talk = scene.talk
        if isinstance(heard, Pressed):
            keys = heard.keys.rstrip("#")
            if keys == STAR:
                return self.chosen(scene, STAY)
            digits = keys.replace(STAR, "", 1)
        else:
            keys = digits = str(read("digits", heard, scene.language, scene.local_now) or "")
        if not digits.isdecimal():
            return None
        return AskDesk(CHECK, talk=structs.replace(talk, keys=keys, numbers=talk.numbers + 1))

    def before_tone(self, scene: Scene, heard: Pressed | Said) -> Move:
        if isinstance(heard, Pressed):
            return self.recorded(scene, None)
        return Record(LONGEST_REASON, REASON_SILENCE, stage=REASON)

    def keeps_message(self, scene: Scene) -> bool:
        return False

    def recorded(self, scene: Scene, message: MessageLeft | None) -> Move:
        talk = scene.talk
        if message is None:
            return self.with_callback(scene, ())
        talk = structs.replace(talk, recording=message.recording, seconds=message.seconds)
        return AskDesk(TOLD, talk=talk, happened=(ReasonGiven(talk.promised, message.seconds),))

    def instead_of_person(self, scene: Scene, why: Why) -> Move | None:
        """In a line they wait for a person already: no callback, then."""
        if scene.stage not in STAGES - {REASON} or self.in_line(scene) is None:
            return None
        if scene.stage in (KNOWN, MOVE):
            return self.nothing_to_offer(scene)
        already = scene.sentence(scene.language.waiting.already[0])
        declined = CallbackDeclined(scene.talk.queue)
        return with_talk(self.without_callback(scene, (already,)), scene.talk, declined)

    def _with_number(self, scene: Scene, talk: Talk) -> Move:
        offer = talk.offer
        if offer.number:
            talk = structs.replace(talk, number=offer.number, extension="", own=True)
            return self.asking(scene, NUMBER, talk)
        refused = NumberRefused(talk.queue, offer.why_number, own=True)
        why = questions.not_rung(scene.language, offer.why_number, own=True)
        return self.asking(scene, OTHER, talk, why, happened=refused)

    def _with_texts(self, scene: Scene, talk: Talk) -> Move:
        # Of somebody else's telephone they cannot decide.
        if talk.offer.texts == "ask" and talk.own:
            return self.asking(scene, TEXTS, talk)
        return AskDesk(PROMISE, talk=talk)

    def _no_more(self, scene: Scene, talk: Talk, happened: TalkEvent | None, *said: str) -> Move:
        """It cannot be: why, and back to where they were."""
        sentences = list(said)
        if self.in_line(scene) is not None and happened != CallbackRefused(talk.queue, "turn_came"):
            sentences.append(scene.language.callbacks.place_safe)
        move = self.without_callback(scene, tuple(map(scene.sentence, sentences)))
        return with_talk(move, talk, *(() if happened is None else (happened,)))
