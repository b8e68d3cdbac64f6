"""What an agent hears of somebody to be rung back: before deciding, meanwhile, and when it came to
nothing."""

from __future__ import annotations

from ivr.flow.actions import Play, Prompt, Say
from ivr.services.callbacks.calling.phrases import AgentPhrases, load_phrases
from ivr.services.said import cut, is_recording
from ivr.store.callbacks import CallbackStore, StoredCallback
from ivr.store.conversations import ConversationStore

MOST_NOTES = 2
"""Of what they wrote, the last ones: every second of a whisper is one that somebody waits."""


class CallbackWords:
    """Sentences about callbacks, by their ids. Every method raises StoreDown."""

    def __init__(self, callbacks: CallbackStore, conversations: ConversationStore) -> None:
        self._callbacks = callbacks
        self._conversations = conversations

    def whisper(self, callback: str, language: str) -> tuple[Prompt, ...]:
        """What it is about, what they have written since, and how often it was tried."""
        stored = self._callbacks.read(callback)
        if stored is None:
            return ()
        phrases, reason = _phrases(language), stored.about.reason
        told: list[Prompt] = []
        if reason:
            theirs = stored.about.person.language or language
            spoken = Play(reason) if is_recording(reason) else Say(cut(reason), theirs)
            told += [Say(phrases.about, language), spoken]
        if notes := self._conversations.notes(callback)[-MOST_NOTES:]:
            told.append(Say(phrases.wrote, language))
            told += [Say(cut(note.text), note.language or language) for note in notes if note.text]
        times = sum(
            one.outcome != "not_dialled" and not one.telling for one in stored.callback.attempts
        )
        if times == 1:
            told.append(Say(phrases.tried_once, language))
        elif times:
            told.append(Say(phrases.tried.replace("{times}", str(times)), language))
        return tuple(told)

    def ringing(self, callback: str, language: str) -> tuple[Prompt, ...]:
        """They have accepted, and the person is being rung; nothing where they wait already."""
        stored = self._callbacks.read(callback)
        waits = stored is not None and stored.callback.state in ("answered", "talking")
        return () if waits else (Say(_phrases(language).ringing, language),)

    def ended(self, callback: str, language: str) -> str:
        """Why they do not talk to the person, and what follows."""
        phrases = _phrases(language)
        stored = self._callbacks.read(callback)
        if stored is None:
            return phrases.free
        return " ".join((*_why(stored, phrases), phrases.free))


def _why(stored: StoredCallback, phrases: AgentPhrases) -> tuple[str, ...]:
    callback = stored.callback
    match callback.state:
        case "booked":
            return (phrases.moved,)
        case "cancelled" | "superseded" | "called_off" | "withdrawn":
            return (phrases.stopped,)
    outcome = callback.attempt.outcome if callback.attempt is not None else "not_dialled"
    if callback.state in ("retry", "at_machine"):
        outcome = "machine" if callback.state == "at_machine" else outcome
        return (getattr(phrases, outcome, phrases.not_now), phrases.again)
    if callback.state in ("unreached", "flagged", "could_not_reach"):
        return (getattr(phrases, outcome, phrases.not_now), phrases.no_more)
    return (phrases.number_changed if outcome == "person" else phrases.not_now,)


def _phrases(language: str) -> AgentPhrases:
    known = load_phrases()
    return (known.get(language) or known["en"]).agent
