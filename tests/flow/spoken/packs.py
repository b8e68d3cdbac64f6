"""The four languages, and a moment at which things are said."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.flow.language import load_languages

PACKS = load_languages()
STOCKHOLM = ZoneInfo("Europe/Stockholm")
SUNDAY = datetime(2026, 11, 22, 14, 30, tzinfo=STOCKHOLM)
