"""What texts were to tell the caller and could not: they hear it when they ring."""

from __future__ import annotations

from msgspec import structs

from ivr.flow.actions import Prompt, Say
from ivr.flow.callback_talk import CallbackOffer
from ivr.flow.moves import Ask, AskDesk, Finish, Go, Move, Wait
from ivr.flow.scene import Scene
from ivr.flow.talk import CallbackRecognised, TextsTold


def told_by_voice(scene: Scene, offer: CallbackOffer, move: Move) -> Move:
    """The move that follows the offer, after what the caller is told first; each text once in a
    call. Notices about a callback tell what is true no more: how it stands is what they hear."""
    if not isinstance(move, Go | Ask | AskDesk | Wait | Finish):
        return move
    before = (move.talk or scene.talk).heard
    untold = [one for one in offer.untold if one.id not in before]
    heard = [one.id for one in untold]
    if any(isinstance(one, CallbackRecognised) for one in move.happened):
        heard += [one for one in offer.notices if one not in before]
    if not heard:
        return move
    said: list[Prompt] = []
    phrases = scene.language.callbacks
    for one in untold:
        said.append(scene.sentence(phrases.text_says if one.said else phrases.text_lost))
        if one.said:
            said.append(Say(one.said, one.language))
    talk = structs.replace(move.talk or scene.talk, heard=(*before, *heard))
    happened = (*move.happened, TextsTold(tuple(heard)))
    return structs.replace(move, said=(*said, *move.said), talk=talk, happened=happened)
