"""What is said: in every language of the flow, and in none that it does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ivr.flow.kinds import ChooseLanguage
from ivr.flow.names import ANY_LANGUAGE, Recorded, Told
from ivr.flow.reader import Source
from ivr.reading import Finding
from ivr.reading.tree import Document, Path
from ivr.reading.validation import suggestion

if TYPE_CHECKING:
    from ivr.flow.checks import Surroundings

LIKELY_MEANT = {
    "no": "nb",
    "nn": "nb",
    "se": "sv",
    "fin": "fi",
    "eng": "en",
    "uk": "en",
    "gb": "en",
}
"""What people write for a language, and its code here."""


def check(source: Source, around: Surroundings) -> Iterator[Finding]:
    """Findings about the texts of one flow."""
    flow = source.flow
    for index, code in enumerate(flow.languages):
        if code not in around.languages:
            yield source.finding(
                ("languages", index), "unknown-language", f"There is no language `{code}`.",
                meant(code, around),
            )  # fmt: skip
    for name, node in flow.nodes.items():
        for path, texts in node.texts():
            yield from _texts(source, ("nodes", name, *path), texts, around)
            yield from _recordings(source, ("nodes", name, *path), recordings_of(texts), around)
        for path, words in node.words():
            yield from _known(source, ("nodes", name, *path), words, around)
        for path, texts in node.messages():
            yield from _texts(source, ("nodes", name, *path), texts, around)
        if isinstance(node, ChooseLanguage):
            for key, code in node.keys.items():
                if code not in flow.languages:
                    yield source.finding(
                        ("nodes", name, "keys", key), "missing-language",
                        f"Key {key} chooses `{code}`, which this flow does not have.",
                        meant(code, around) if code not in around.languages
                        else "Add it under `languages`, with every text.",
                    )  # fmt: skip
        for path, recordings in node.recordings():
            yield from _texts(source, ("nodes", name, *path), recordings, around)
            yield from _recordings(source, ("nodes", name, *path), recordings, around)


def _texts(
    source: Source, path: Path, texts: Mapping[str, object], around: Surroundings
) -> Iterator[Finding]:
    languages = source.flow.languages
    if ANY_LANGUAGE in texts:
        if len(languages) > 1:
            yield source.finding(
                path, "missing-language", "This text is in one language only.",
                f"Write it in each of {_listed(languages)}, like `{languages[0]}: ...`.",
            )  # fmt: skip
        return
    missing = [code for code in languages if code not in texts]
    if missing:
        yield source.finding(
            path, "missing-language", f"This text is missing in {_listed(missing)}.",
            f"Add a line `{missing[0]}: ...`.",
        )  # fmt: skip
    yield from _known(source, path, texts, around)


def _known(
    source: Source, path: Path, by_language: Mapping[str, object],
    around: Surroundings,
) -> Iterator[Finding]:  # fmt: skip
    here = source.flow.languages
    unknown = [code for code in by_language if code != ANY_LANGUAGE and code not in here]
    if unknown and source.origin(path)[0] is not source.document:
        return  # A prompt may be in the languages of several flows.
    for code in unknown:
        advice = meant(code, around)
        if code in around.languages:
            advice = "Add it under `languages`, or delete this line."
        yield source.at_name(
            (*path, code), "unknown-language", f"`{code}` is not a language of this flow.", advice
        )


def recordings_of(texts: Mapping[str, Told]) -> dict[str, str]:
    """The recordings among these texts, by language."""
    return {code: told.audio for code, told in texts.items() if isinstance(told, Recorded)}


def _recordings(
    source: Source, path: Path, audio: Mapping[str, str], around: Surroundings
) -> Iterator[Finding]:
    if audio:
        yield from unknown_recordings(*source.origin(path), audio, around)


def unknown_recordings(
    document: Document, path: Path, audio: Mapping[str, str], around: Surroundings
) -> Iterator[Finding]:
    """Recordings that are not there; `path` is that of the text in the file."""
    for code, name in audio.items():
        if name.startswith(("https://", "http://")) or name in around.recordings:
            continue
        at = path if code == ANY_LANGUAGE else (*path, code)
        yield document.finding(
            at, "unknown-recording", f"There is no recording `{name}` in flows/audio/.",
            suggestion(name, around.recordings) or "Put it there.",
        )  # fmt: skip


def meant(code: str, around: Surroundings) -> str:
    """What somebody may have meant by a language that there is not."""
    meant = LIKELY_MEANT.get(code.casefold())
    if meant is not None and meant in around.languages:
        return f"Did you mean `{meant}` ({around.languages[meant].name})?"
    return suggestion(code, around.languages)


def _listed(codes: tuple[str, ...] | list[str]) -> str:
    quoted = [f"`{code}`" for code in codes]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + f" and {quoted[-1]}"
