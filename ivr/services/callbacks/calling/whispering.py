"""What an agent hears of somebody to be rung back: before deciding, meanwhile, and when it came to
nothing."""

from __future__ import annotations

from ivr.flow.actions import Prompt, Say
from ivr.services.callbacks.calling.phrases import AgentPhrases, load_phrases
from ivr.store.callbacks import CallbackStore, StoredCallback


class CallbackWords:
    """Sentences about callbacks, by their ids. Every method raises StoreDown."""

    def __init__(self, callbacks: CallbackStore) -> None:
        self._callbacks = callbacks

    def whisper(self, callback: str, language: str) -> tuple[Prompt, ...]:
        """What it is about, and how often it was tried."""
        stored = self._callbacks.read(callback)
        if stored is None:
            return ()
        phrases, told = _phrases(language), []
        reason = stored.about.reason
        if reason and not reason.startswith(("http://", "https://")):
            told += [
                Say(phrases.about, language),
                Say(f"{reason.rstrip('.')}.", stored.about.person.language or language),
            ]
        times = sum(1 for one in stored.callback.attempts if one.outcome != "not_dialled")
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
