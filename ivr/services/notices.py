"""Notices: switched on for a while in every language that callers of a line may hear."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ivr.config import Config
from ivr.flow.flow import FlowSet
from ivr.flow.language import load_languages
from ivr.flow.notice import Notice
from ivr.services.company import load_company, read_files
from ivr.store.published import PublishedStore

LONGEST = timedelta(days=366)
LONGEST_TEXT = 500
"""Characters: half a minute of speech, before anything else is said."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")
_SPAN = re.compile(r"(\d{1,4}) ?(minutes?|min|hours?|h|days?|d)")
_SECONDS = {"m": 60, "h": 3600, "d": 24 * 3600}


class NoticeRefused(Exception):
    """It is not switched on; says why in one sentence."""


def moment(words: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment that somebody means: `18:00` (the next time it is that late), `2026-11-25T18:00`,
    `2026-11-25` (that day's end) or `3 hours`, in the company's time zone.

    Raises NoticeRefused.
    """
    text = words.strip().lower()
    local = now.astimezone(zone)
    span = _SPAN.fullmatch(text)
    if span is not None:
        return now + timedelta(seconds=int(span[1]) * _SECONDS[span[2][0]])
    clock = _CLOCK.fullmatch(text)
    try:
        if clock is not None:
            at = datetime.combine(local.date(), time(int(clock[1]), int(clock[2])), zone)
            if at <= now:
                at = datetime.combine(local.date() + timedelta(days=1), at.time(), zone)
            return at.astimezone(UTC)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            ends = date.fromisoformat(text) + timedelta(days=1)
            return datetime.combine(ends, time(), zone).astimezone(UTC)
        at = datetime.fromisoformat(words.strip())
    except (ValueError, OverflowError):
        raise NoticeRefused(
            f"`{words}` is not a time: write 18:00, 2026-11-25T18:00, or 3 hours."
        ) from None
    try:
        return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise NoticeRefused(f"`{words}` is further away than any calendar goes.") from None


def prepare_notice(
    store: PublishedStore,
    config: Config,
    now: datetime,
    *,
    name: str,
    lines: tuple[str, ...],
    texts: Mapping[str, str],
    starts: datetime,
    ends: datetime,
    closes: bool,
) -> Notice:
    """A notice that can be switched on. Raises NoticeRefused, and StoreDown."""
    if not _NAME.fullmatch(name):
        raise NoticeRefused(f"`{name}` is not a name: use small letters, digits, `-` and `_`.")
    for line in lines:
        if line not in config.lines:
            raise NoticeRefused(
                f"There is no line `{line}`; the lines are {', '.join(config.lines)}."
            )
    if ends <= now:
        raise NoticeRefused(f"It would have ended already, {_at(ends, config)}.")
    if ends <= starts:
        raise NoticeRefused(f"It would end before it begins, {_at(starts, config)}.")
    if ends - now > LONGEST:
        raise NoticeRefused(
            f"It would end only {_at(ends, config)}: what is so for long belongs in the flows."
        )
    _check_texts(texts, lines or tuple(config.lines), store, config, now)
    return Notice(name, dict(texts), starts.timestamp(), ends.timestamp(), lines, closes)


def _check_texts(
    texts: Mapping[str, str],
    lines: tuple[str, ...],
    store: PublishedStore,
    config: Config,
    now: datetime,
) -> None:
    for language, text in texts.items():
        if language not in load_languages():
            raise NoticeRefused(
                f"There is no language `{language}`; there are {', '.join(load_languages())}."
            )
        if not text.strip():
            raise NoticeRefused(f"The text in {language} is empty.")
        if len(text) > LONGEST_TEXT:
            raise NoticeRefused(
                f"The text in {language} has {len(text)} characters; callers hear it before "
                f"anything else, so at most {LONGEST_TEXT} will do."
            )
        if "{" in text or "}" in text:
            raise NoticeRefused(
                f"The text in {language} has a `{{` or `}}`: a notice has no values to fill in."
            )
    for line in lines:
        needed = _languages(config.lines[line].flow, store, config, now)
        missing = [language for language in needed if language not in texts]
        if missing:
            raise NoticeRefused(
                f"The line {line} speaks {', '.join(needed)}, and there is no text in "
                f"{', '.join(missing)}: add --text {missing[0]}=..."
            )


def _languages(flow: str, store: PublishedStore, config: Config, now: datetime) -> tuple[str, ...]:
    """The languages of a flow, in every version that calls can begin with now."""
    published, _ = store.now()
    found: dict[str, None] = {}
    for flows in _flows(published.versions, store, config, now):
        if flow in flows.flows:
            found |= dict.fromkeys(flows.flows[flow].languages)
    return tuple(found)


def _flows(
    versions: tuple[str, ...], store: PublishedStore, config: Config, now: datetime
) -> list[FlowSet]:
    """The published flows; where nothing is published, those of the folder."""
    sets = [files for version in versions if (files := store.files(version)) is not None]
    if not sets:
        sets = [read_files(config.flows_folder)[0]]
    return [load_company(config, now, files, proven=True).flows for files in sets]


def _at(moment: datetime, config: Config) -> str:
    return moment.astimezone(ZoneInfo(config.time_zone)).strftime("on %Y-%m-%d at %H:%M")
